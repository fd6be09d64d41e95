from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from livecam.aws import clients
from livecam.aws.clients import (
    AwsAccess,
    creation_seconds,
    endpoint_of,
    forget,
    is_loopback,
    job_client,
    live_client,
    open_connections,
    patient_client,
    target_of,
)
from livecam.aws.error_mapping import translate
from livecam.aws.live_calls import LiveCall
from livecam.clock import SystemClock
from livecam.errors import CloudError, DetectionAborted
from tests.aws.environment import access_to
from tests.aws.wire import DEAD_AFTER, Exchange, WireServer, http, is_silent, refuses, says

if TYPE_CHECKING:
    from pathlib import Path

HERE = AwsAccess(region="eu-west-1")
NO_FACE = says({"FaceDetails": []})


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a key and a certificate of its own for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "livecam test")])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251  a certificate holds wall times
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def secured(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_live_client_tries_once_and_does_not_wait_long() -> None:
    config = live_client("rekognition", HERE, in_flight=16).meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}
    assert config.connect_timeout <= 2
    assert config.read_timeout <= 3
    assert config.max_pool_connections >= 16
    assert config.tcp_keepalive


def test_the_environment_cannot_make_a_live_client_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    with WireServer([refuses("InternalServerError", status=500)]) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        with pytest.raises(client.exceptions.InternalServerError):
            client.detect_faces(Image={"Bytes": b"jpeg"})
        assert len(server.exchanges) == 1


def test_a_patient_client_tries_five_times() -> None:
    config = patient_client("s3", HERE).meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
    assert config.read_timeout > 3


def test_a_client_for_jobs_tries_five_times_but_not_for_a_free_slot() -> None:
    config = job_client(HERE).meta.config
    assert config.retries == {"mode": "legacy", "total_max_attempts": 5}
    assert job_client(HERE) is not patient_client("rekognition", HERE)
    with WireServer([refuses("LimitExceededException")]) as server:
        client = job_client(access_to(server.url))
        with pytest.raises(client.exceptions.LimitExceededException):
            client.get_face_detection(JobId="1")
        assert len(server.exchanges) == 1


def test_a_client_is_made_once_and_how_long_that_took_is_kept() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: live_client("rekognition", HERE, in_flight=2), range(4)))
    assert len({id(client) for client in made}) == 1
    seconds = creation_seconds(made[0])
    assert seconds is not None
    assert 0 < seconds < DEAD_AFTER


def test_a_forgotten_client_is_made_anew() -> None:
    client = patient_client("sts", HERE)
    forget(client)
    assert creation_seconds(client) is None
    assert patient_client("sts", HERE) is not client


def test_the_kinds_of_client_are_apart() -> None:
    live = live_client("rekognition", HERE, in_flight=1)
    assert patient_client("rekognition", HERE) is not live
    assert live_client("rekognition", AwsAccess(region="us-east-1"), in_flight=1) is not live


def test_botocores_variables_for_endpoints_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_REKOGNITION", "http://127.0.0.1:2")
    assert endpoint_of(live_client("rekognition", HERE, in_flight=1)) == "http://127.0.0.1:2"
    assert endpoint_of(patient_client("sts", HERE)) == "http://127.0.0.1:1"
    own = AwsAccess(region="eu-west-1", endpoint_url="http://127.0.0.1:3")
    assert endpoint_of(live_client("rekognition", own, in_flight=1)) == "http://127.0.0.1:3"


def test_profile_region_and_services_section_of_a_configuration_file_are_honoured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    path = tmp_path / "config"
    path.write_text(
        "[profile work]\nregion = sa-east-1\naws_access_key_id = AKID\naws_secret_access_key = s\n"
        "services = mine\n[services mine]\nrekognition =\n  endpoint_url = http://127.0.0.1:9\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    by_flag = live_client("rekognition", AwsAccess(profile="work"), in_flight=1)
    monkeypatch.setenv("AWS_PROFILE", "work")
    by_variable = live_client("rekognition", AwsAccess(), in_flight=1)
    for client in (by_flag, by_variable):
        assert client.meta.region_name == "sa-east-1"
        assert endpoint_of(client) == "http://127.0.0.1:9"
    target = target_of(by_variable, AwsAccess(), "DetectFaces")
    assert (target.action, target.profile) == ("rekognition:DetectFaces", "work")


def test_without_a_region_the_message_names_the_flag_and_the_variable() -> None:
    with pytest.raises(CloudError, match=r"--region, AWS_REGION or AWS_DEFAULT_REGION") as caught:
        live_client("rekognition", AwsAccess(), in_flight=1)
    assert (caught.value.code, caught.value.blame) == ("NoRegionError", "user")


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(CloudError, match=r'no AWS profile "wrok".*list-profiles'):
        live_client("rekognition", AwsAccess(profile="wrok", region="eu-west-1"), in_flight=1)


def test_a_broken_configuration_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text("[default\nregion=eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    with pytest.raises(CloudError, match="config cannot be read"):
        live_client("rekognition", HERE, in_flight=1)


@pytest.mark.parametrize("url", ["127.0.0.1:5000", "localhost", "http//x"])
def test_an_endpoint_without_a_scheme_is_no_address(url: str) -> None:
    with pytest.raises(CloudError, match="is no address"):
        live_client("rekognition", AwsAccess(region="eu-west-1", endpoint_url=url), in_flight=1)


def test_a_region_that_cannot_be_one_is_named() -> None:
    with pytest.raises(CloudError, match="eu west 1 is no AWS Region"):
        live_client("rekognition", AwsAccess(region="eu west 1"), in_flight=1)


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_missing_credentials_are_told_when_the_client_is_made(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(CloudError, match=r"no AWS credentials|incomplete") as caught:
        live_client("rekognition", HERE, in_flight=1)
    assert caught.value.is_lasting
    monkeypatch.setenv(missing, "test")
    live_client("rekognition", HERE, in_flight=1)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://127.8.9.1", True),
        ("http://localhost:5000/x", True),
        ("http://LOCALHOST.", False),
        ("http://[::1]:5000", True),
        ("https://rekognition.eu-west-1.amazonaws.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://localhost@example.com", False),
        ("http://0.0.0.0:5000", False),
        ("http://192.168.0.2", False),
        ("127.0.0.1:5000", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, *, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_what_is_meant_for_this_machine_goes_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer([NO_FACE]) as server, WireServer([NO_FACE]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        client.detect_faces(Image={"Bytes": b"jpeg"})
        assert len(server.exchanges) == 1
        assert not proxy.exchanges


def test_connections_are_opened_ahead_without_a_request_and_used_by_the_calls() -> None:
    with WireServer([NO_FACE]) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=3)
        assert open_connections(client, 3) == 3
        assert open_connections(client, 3) == 3
        for _ in range(4):
            client.detect_faces(Image={"Bytes": b"jpeg"})
        assert server.connections == 3


def test_a_connection_that_cannot_be_opened_ahead_is_left_to_the_first_call() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    client = live_client("rekognition", access_to(url), in_flight=2)
    assert open_connections(client, 2) == 0
    with pytest.raises(Exception, match="Could not connect"):
        client.detect_faces(Image={"Bytes": b"jpeg"})


def test_a_botocore_of_another_make_opens_nothing_ahead() -> None:
    client = patient_client("sts", HERE)
    client._endpoint = None
    assert open_connections(client, 1) == 0


def test_a_secured_endpoint_is_called_when_its_authority_is_given(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    with WireServer([NO_FACE], tls=secured(certificate)) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        assert open_connections(client, 1) == 1
        assert client.detect_faces(Image={"Bytes": b"jpeg"})["FaceDetails"] == []
        assert server.connections == 1


def test_a_certificate_of_its_own_is_refused_with_what_to_do(certificate: Path) -> None:

    with WireServer([NO_FACE], tls=secured(certificate)) as server:
        access = access_to(server.url)
        client = live_client("rekognition", access, in_flight=1)
        assert open_connections(client, 1) == 0
        with pytest.raises(Exception, match="SSL") as caught:
            client.detect_faces(Image={"Bytes": b"jpeg"})
    error = translate(caught.value, target=target_of(client, access, "DetectFaces"))
    assert "AWS_CA_BUNDLE" in str(error)
    assert error.is_lasting


@pytest.mark.parametrize("is_polite", [True, False])
def test_a_secured_answer_that_is_cut_is_no_answer(
    *, is_polite: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))

    def cut(exchange: Exchange) -> bool:
        exchange.write(http(b'{"FaceDetails": []}', length=900))
        if is_polite:
            assert isinstance(exchange.sock, ssl.SSLSocket)
            exchange.sock.unwrap()
        return False

    with WireServer([cut], tls=secured(certificate)) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        with pytest.raises(Exception, match=r"Truncated|closed|SSL|read"):
            client.detect_faces(Image={"Bytes": b"jpeg"})


def test_a_secured_call_that_hangs_can_be_ended(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    with WireServer([is_silent], tls=secured(certificate)) as server:
        access = access_to(server.url)
        client = live_client("rekognition", access, in_flight=1)
        call = LiveCall(SystemClock())

        def end_it() -> None:
            server.asked.wait(DEAD_AFTER)
            call.abort()

        abort = threading.Thread(target=end_it)
        abort.start()
        with pytest.raises(DetectionAborted):
            call.make(
                client.detect_faces,
                {"Image": {"Bytes": b"jpeg"}},
                target=target_of(client, access, "DetectFaces"),
            )
        abort.join(DEAD_AFTER)


def test_a_picture_never_goes_out_in_the_clear_after_a_handshake_failed(certificate: Path) -> None:
    with WireServer([NO_FACE], tls=secured(certificate)) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        open_connections(client, 1)
        with pytest.raises(Exception, match="SSL"):
            client.detect_faces(Image={"Bytes": b"jpeg"})
        assert not server.exchanges


def test_a_client_that_cannot_be_made_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CloudError):
        live_client("rekognition", AwsAccess(), in_flight=1)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert live_client("rekognition", AwsAccess(), in_flight=1).meta.region_name == "eu-west-1"
    assert len(clients._made) == 1
