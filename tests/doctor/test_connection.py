from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from livecam.clock import SystemClock
from livecam.doctor.connection import Unreachable, ask, proxy_for, reach
from livecam.testing.clock import FakeClock
from tests.doctor.endpoints import endpoint, self_signed

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_an_endpoint_is_reached_and_every_step_is_timed() -> None:
    with endpoint() as url:
        found = reach(url, ca_bundle=None, clock=SystemClock())
    assert (found.host, found.address, found.tls, found.is_proxy) == ("127.0.0.1", "127.0.0.1", None, False)
    assert min(found.lookup, found.connect) >= 0


def test_tls_is_a_step_of_its_own_where_the_certificate_is_trusted(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with endpoint(certificate=certificate, wall=NOON) as url:
        found = reach(url, ca_bundle=str(certificate), clock=SystemClock())
        assert ask(url, ca_bundle=str(certificate), clock=FakeClock()).there == NOON
    assert found.tls is not None
    assert found.tls.version.startswith("TLSv1.")
    assert (found.tls.issuer, found.tls.seconds >= 0) == ("127.0.0.1", True)
    assert found.tls.ends_at.tzinfo is not None


def test_a_certificate_that_is_not_trusted_is_told_with_the_variable_to_set(tmp_path: Path) -> None:
    with (
        endpoint(certificate=self_signed(tmp_path)) as url,
        pytest.raises(
            Unreachable, match=r"127\.0\.0\.1 is not trusted \(self-signed certificate\)"
        ) as caught,
    ):
        reach(url, ca_bundle=None, clock=FakeClock())
    assert "AWS_CA_BUNDLE" in caught.value.advice


def test_an_endpoint_without_tls_under_https_is_told() -> None:
    with endpoint() as url, pytest.raises(Unreachable, match="does not speak TLS"):
        reach(url.replace("http:", "https:"), ca_bundle=None, clock=FakeClock())


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_bundle_that_cannot_be_read_is_named(tmp_path: Path, is_empty: bool) -> None:  # noqa: FBT001
    bundle = tmp_path / "bundle.pem"
    if is_empty:
        bundle.touch()
    with endpoint(certificate=self_signed(tmp_path)) as url:
        with pytest.raises(Unreachable, match=r"bundle\.pem holds no certificates"):
            reach(url, ca_bundle=str(bundle), clock=FakeClock())
        with pytest.raises(Unreachable, match=r"bundle\.pem holds no certificates"):
            ask(url, ca_bundle=str(bundle), clock=FakeClock())


def test_a_port_on_which_nobody_listens_is_told() -> None:
    port = free_port()
    with pytest.raises(Unreachable, match=f"no connection to 127.0.0.1 port {port}: Connection refused"):
        reach(f"http://127.0.0.1:{port}", ca_bundle=None, clock=FakeClock())
    with pytest.raises(Unreachable, match="answers no request"):
        ask(f"http://127.0.0.1:{port}", ca_bundle=None, clock=FakeClock())


def test_an_address_that_leads_nowhere_is_passed_over_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def both(host: str, *rest: int, **kind: int) -> list[object]:
        known = {"two.example": ["127.0.0.2", "127.0.0.1"]}.get(host, [host])
        return [found for address in known for found in look_up(address, *rest, **kind)]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://two.example:{server.getsockname()[1]}"
        assert reach(url, ca_bundle=None, clock=FakeClock()).address == "127.0.0.1"


def test_silence_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecam.doctor.connection.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0), backlog=1) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Unreachable, match=r"does not answer on port \d+ within 0\.05 seconds"):
            reach(f"https://127.0.0.1:{port}", ca_bundle=None, clock=FakeClock())


def test_a_name_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"the name rekognition\.us-esat-1\.amazonaws\.com is not known"):
        reach("https://rekognition.us-esat-1.amazonaws.com", ca_bundle=None, clock=FakeClock())


def test_an_endpoint_that_tells_no_time_is_no_error() -> None:
    with endpoint() as url:
        assert ask(url, ca_bundle=None, clock=FakeClock()).skew is None


def test_what_is_behind_a_proxy_is_reached_as_far_as_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint() as proxy:
        monkeypatch.setenv("https_proxy", proxy.removeprefix("http://"))
        found = reach("https://rekognition.us-east-1.amazonaws.com", ca_bundle=None, clock=FakeClock())
    assert (found.is_proxy, found.host, found.tls) == (True, "127.0.0.1", None)


def test_a_proxy_that_is_not_there_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unreachable, match=r"^the proxy before https://x\.example: no connection") as caught:
        reach("https://x.example", ca_bundle=None, clock=FakeClock())
    assert "NO_PROXY" in caught.value.advice


def test_what_is_on_this_machine_or_excepted_goes_to_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert proxy_for("http://127.0.0.1:4566") is None
    assert proxy_for("http://inside.example") is None
    assert proxy_for("http://outside.example") == "http://proxy.example:3128"
