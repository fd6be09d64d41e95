from __future__ import annotations

import ssl
from contextlib import closing

import pytest
from botocore.exceptions import SSLError  # type: ignore[import-untyped]

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from tests.local_aws import clients
from tests.local_aws.clients import answer_from, connected, signed_request


def test_a_client_that_checks_certificates_refuses_this_one_and_one_that_does_not_is_served() -> None:
    with in_background(Setup(eyes=CannedEyes(), with_moto=False, with_tls=True)) as running:
        with closing(clients.client("rekognition", running.url)) as client, pytest.raises(SSLError):
            client.detect_faces(Image={"Bytes": clients.a_jpeg()})
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with connected(running.port) as wire, trusting.wrap_socket(wire) as secure:
            secure.sendall(signed_request(running.url))
            assert answer_from(secure)[0] == 200
        assert [entry.outcome for entry in running.requests()] == ["ok"]
