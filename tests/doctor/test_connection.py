from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from livecam.clock import SystemClock
from livecam.doctor.connection import Unreachable, proxy_for, reach, time_there
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
        assert time_there(url, ca_bundle=str(certificate)) == NOON
    assert found.tls is not None


def test_a_certificate_that_is_not_trusted_is_told_with_the_variable_to_set(tmp_path: Path) -> None:
    with (
        endpoint(certificate=self_signed(tmp_path)) as url,
        pytest.raises(
            Unreachable, match=r"127\.0\.0\.1 is not trusted \(self-signed certificate\).*AWS_CA_BUNDLE"
        ),
    ):
        reach(url, ca_bundle=None, clock=FakeClock())


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
            time_there(url, ca_bundle=str(bundle))


def test_a_port_on_which_nobody_listens_is_told() -> None:
    port = free_port()
    with pytest.raises(Unreachable, match=f"no connection to 127.0.0.1 port {port}: Connection refused"):
        reach(f"http://127.0.0.1:{port}", ca_bundle=None, clock=FakeClock())
    with pytest.raises(Unreachable, match="does not answer"):
        time_there(f"http://127.0.0.1:{port}", ca_bundle=None)


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
        assert time_there(url, ca_bundle=None) is None


def test_what_is_behind_a_proxy_is_reached_as_far_as_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint() as proxy:
        monkeypatch.setenv("https_proxy", proxy.removeprefix("http://"))
        found = reach("https://rekognition.us-east-1.amazonaws.com", ca_bundle=None, clock=FakeClock())
    assert (found.is_proxy, found.host, found.tls) == (True, "127.0.0.1", None)


def test_what_is_on_this_machine_or_excepted_goes_to_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert proxy_for("http://127.0.0.1:4566") is None
    assert proxy_for("http://inside.example") is None
    assert proxy_for("http://outside.example") == "http://proxy.example:3128"
