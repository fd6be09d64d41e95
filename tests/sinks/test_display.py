from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from livecam import local_only
from livecam.native import cv2
from livecam.sinks import display as displays
from tests.requirements import skip_unless


@pytest.fixture(autouse=True)
def _on_linux() -> None:
    skip_unless(sys.platform == "linux", "displays are X servers on Linux only")


def a_dead_display() -> str:
    """Return a display that no server stands behind, whoever else is testing on this machine."""
    sockets = Path("/tmp/.X11-unix")  # noqa: S108  where X servers have their sockets
    return next(f":{n}" for n in range(97, 1000) if not (sockets / f"X{n}").exists())


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_display_there_is_a_reason(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("DISPLAY", raising=False)
    else:
        monkeypatch.setenv("DISPLAY", value)
    assert displays.why_no_window() == "no display (DISPLAY is not set)"


def test_wayland_alone_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert displays.why_no_window() is not None


def test_a_dead_display_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = a_dead_display()
    monkeypatch.setenv("DISPLAY", dead)
    assert displays.why_no_window() == f"the display {dead} does not answer"


def test_a_display_that_is_no_name_of_one_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "nonsense")
    assert displays.why_no_window() == "the display nonsense does not answer"


def test_a_display_that_answers_can_show_a_window(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    monkeypatch.setenv("DISPLAY", display)
    assert displays.can_connect_to_x()
    assert displays.why_no_window() is None


def test_an_opencv_without_windows_is_told_even_on_a_display(
    monkeypatch: pytest.MonkeyPatch, display: str
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: "  GUI:                           NONE\n")
    assert not displays.has_window_code()
    assert displays.why_no_window() == "this OpenCV has no window code (opencv-python-headless)"


@pytest.mark.parametrize(
    ("line", "has_windows"),
    [
        ("  GUI:                           QT5", True),
        ("  GUI:                           GTK3", True),
        ("  GUI:                           COCOA", True),
        ("  GUI:                           NONE", False),
        ("  GUI: ", False),
        ("  Media I/O:", False),
    ],
)
def test_the_build_information_says_whether_there_is_window_code(
    monkeypatch: pytest.MonkeyPatch, line: str, *, has_windows: bool
) -> None:
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: f"General\n\n{line}\n    QT: YES\n")
    assert displays.has_window_code() is has_windows


def test_a_remote_login_on_a_mac_has_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    assert displays.why_no_window() is None
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")
    assert displays.why_no_window() == "this is a remote login"


def test_local_only_reaches_no_display_by_a_connection(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    number = display.rpartition(":")[2]
    monkeypatch.setattr(local_only._guard, "by", "--local-only")
    for name in (display, f"unix:{number}"):
        monkeypatch.setenv("DISPLAY", name)
        assert displays.can_connect_to_x()
    for name in (f"localhost:{number}", f"127.0.0.1:{number}", f"tcp/:{number}", a_dead_display()):
        monkeypatch.setenv("DISPLAY", name)
        assert not displays.can_connect_to_x()
        assert displays.why_no_window() == (
            f"the display {name} does not answer without a connection, and local-only is set"
        )


@pytest.mark.parametrize(
    ("display", "asked"),
    [(":7", b"unix/:7"), ("unix:7.1", b"unix/:7.1"), ("/tmp/x:0", b"/tmp/x:0"), ("far:0", None)],  # noqa: S108
)
def test_where_local_only_is_set_x_is_told_to_try_its_own_socket_alone(
    monkeypatch: pytest.MonkeyPatch, display: str, asked: bytes | None
) -> None:
    names: list[object] = []

    def connect(name: object, _screen: object) -> int:
        names.append(name)
        return 1

    library = SimpleNamespace(
        xcb_connect=connect, xcb_connection_has_error=lambda _: 0, xcb_disconnect=lambda _: None
    )
    monkeypatch.setattr("ctypes.CDLL", lambda _: library)
    monkeypatch.setenv("DISPLAY", display)
    assert displays.can_connect_to_x()
    monkeypatch.setattr(local_only._guard, "by", "--local-only")
    assert displays.can_connect_to_x() == (asked is not None)
    assert names == [None, asked][: len(names)]
