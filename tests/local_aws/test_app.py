from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

import pytest

from livecam.local_aws.fault_plan import plan_from
from tests.local_aws.clients import a_jpeg, answer_from, connected, signed_request

if TYPE_CHECKING:
    from livecam.local_aws.server import Running
    from tests.local_aws.clients import Client


def test_the_plan_is_changed_over_http_while_requests_come(rekognition: Client, endpoint: Running) -> None:
    rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    plan = json.dumps({"faults": [{"kind": "incomplete", "times": 1}]}).encode()
    change = urllib.request.Request(f"{endpoint.url}/_livecam/faults", plan, method="PUT")  # noqa: S310
    with urllib.request.urlopen(change) as answer:  # noqa: S310  it is ours
        assert json.load(answer)["faults"][0]["kind"] == "incomplete"
    assert "FaceDetails" not in rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    assert "FaceDetails" in rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    assert [entry.outcome for entry in endpoint.requests()] == ["ok", "incomplete", "ok"]


def test_the_record_over_http_is_the_same_and_leaves_out_the_control(endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url))
        answer_from(wire)
    for _ in range(2):
        with urllib.request.urlopen(f"{endpoint.url}/_livecam/requests") as answer:  # noqa: S310
            found = json.load(answer)
    (entry,) = endpoint.requests()
    assert found["total"] == 1
    assert found["requests"][0]["request_id"] == entry.request_id


def test_an_entry_is_in_the_order_of_its_instants(endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url))
        _, _, body = answer_from(wire)
    (entry,) = endpoint.requests()
    assert entry.received_at is not None
    assert entry.answered_at is not None
    assert entry.arrived_at <= entry.received_at <= entry.answered_at <= entry.done_at
    assert entry.bytes_sent == len(body)


def test_an_answer_goes_out_while_another_request_waits(endpoint: Running) -> None:
    with connected(endpoint.port) as slow, connected(endpoint.port) as quick:
        slow.sendall(signed_request(endpoint.url)[:-1])
        quick.sendall(signed_request(endpoint.url))
        assert answer_from(quick)[0] == 200
        slow.sendall(b"}")
        assert answer_from(slow)[0] == 200


def test_a_client_that_does_not_wait_for_its_answer_is_recorded_as_gone(endpoint: Running) -> None:
    endpoint.change_faults(plan_from({"latency": {"seconds": 0.1}}, "test"))
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url))
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url))
        assert answer_from(wire)[0] == 200
    assert [entry.outcome for entry in endpoint.requests()] == ["client left", "ok"]


@pytest.mark.parametrize(
    "headers",
    ["Host: evil.example", "Host: evil.example:4577", "Host: 127.0.0.1\r\nOrigin: https://evil.example"],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_web_page_cannot_change_the_faults(method: str, headers: str, endpoint: Running) -> None:
    plan = plan_from({"latency": {"seconds": 0.5}}, "test")
    endpoint.change_faults(plan)
    with connected(endpoint.port) as wire:
        wire.sendall(
            f"{method} /_livecam/faults HTTP/1.1\r\n{headers}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
        )
        status, _, body = answer_from(wire)
        assert status == 403
        assert json.loads(body)["error"]
        assert wire.recv(1) == b""
    with urllib.request.urlopen(f"{endpoint.url}/_livecam/faults") as answer:  # noqa: S310
        assert json.load(answer) == plan.model_dump(mode="json")
