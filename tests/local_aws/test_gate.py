from __future__ import annotations

import json

import pytest

from livecam.local_aws.gate import refusal
from livecam.local_aws.http_messages import Request


def status_of(target: str = "/", **headers: str) -> int | None:
    response = refusal(Request("PUT", target, list(headers.items()), 0.0))
    if response is None:
        return None
    assert json.loads(response.body)["error"]
    return response.status


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:4577",
        "localhost",
        "LocalHost:1",
        "[::1]",
        "[::1]:4577",
        "my.bucket-1.localhost:1",
    ],
)
def test_who_means_this_machine_is_let_in(host: str) -> None:
    assert status_of(host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:4577",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evillocalhost",
        "bucket.127.0.0.1",
        "localhost:4577@evil.example",
        "127.0.0.1:",
        "0.0.0.0",  # noqa: S104  nothing is bound
        "::1",
    ],
)
def test_who_means_another_host_is_refused(host: str) -> None:
    assert status_of(Host=host) == 403


def test_a_request_that_names_no_host_or_two_is_refused() -> None:
    assert status_of() == 403
    assert status_of(Host="localhost", HOST="evil.example") == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:4577", "null", ""])
def test_a_web_page_is_refused_whichever_it_is(origin: str) -> None:
    assert status_of(Host="localhost", Origin=origin) == 403


@pytest.mark.parametrize(
    "target",
    ["/moto-api/reset", "/moto-api", "//moto-api/", "/%6doto-api/reset", "moto-api/reset?a", "/%2fmoto-api"],
)
def test_motos_own_door_is_closed(target: str) -> None:
    assert status_of(target, host="localhost") == 404


def test_a_key_may_have_its_name() -> None:
    assert status_of("/bucket/moto-api", host="localhost") is None
