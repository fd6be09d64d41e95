from __future__ import annotations

import errno
import socket

import pytest

from livecam.config import load_settings
from livecam.doctor import view
from livecam.errors import OutputError

NO_DISPLAY = "no display (DISPLAY is not set)"


@pytest.mark.parametrize(
    ("why", "taken", "state", "words"),
    [
        (None, "window", "ok", "a window can be shown; `livecam run` opens a window"),
        (None, "none", "ok", "a window can be shown; `livecam run` shows nothing"),
        (NO_DISPLAY, "web", "ok", f"no window: {NO_DISPLAY}; `livecam run` is seen in a browser"),
        (NO_DISPLAY, "none", "warn", f"no window: {NO_DISPLAY}; `livecam run` shows nothing"),
        (NO_DISPLAY, None, "warn", f"no window: {NO_DISPLAY}"),
    ],
)
def test_it_is_told_whether_there_is_a_window_and_what_a_run_takes(
    why: str | None, taken: str | None, state: str, words: str
) -> None:
    told = view.display(lambda: why, None if taken is None else lambda: taken)
    assert (told.state, told.text) == (state, words)


def test_a_window_that_was_asked_for_and_cannot_be_shown_fails() -> None:
    def no_window() -> str:
        raise OutputError("--view window: no display")

    assert view.display(lambda: NO_DISPLAY, no_window).state == "fail"


def test_packages_that_are_missing_are_named_with_what_to_run() -> None:
    told = view.web(load_settings({}), lambda: ["uvicorn"])
    assert (told.state, "uvicorn not installed" in told.text) == ("warn", True)
    assert told.advice == "run: pip install 'livecam[web]'"


def test_the_port_is_tried_and_one_that_is_taken_fails_where_it_was_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = view.web(load_settings({"port": str(port)}), list)
    assert told.state == "fail"
    assert f"port {port} on 127.0.0.1 cannot be had" in told.text
    assert view.web(load_settings({"port": "0"}), list).state == "ok"


def test_the_usual_port_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(view, "_try_port", taken)
    told = view.web(load_settings({}), list)
    assert (told.state, "takes one that is free" in told.text) == ("ok", True)


def test_a_host_that_is_no_address_here_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    told = view.web(load_settings({"host": "camera.example"}), list)
    assert (told.state, "camera.example is no address of this machine" in told.text) == ("fail", True)


def test_the_port_of_settings_that_cannot_be_used_is_not_guessed_at() -> None:
    assert view.web(None, list).state == "skip"


def test_with_local_only_no_name_is_looked_up_for_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(view, "_try_port", lambda host, _: tried.append(host))
    monkeypatch.setattr("livecam.local_only.set_by", lambda: "--local-only")
    assert view.web(load_settings({"host": "localhost"}), list).state == "ok"
    assert tried == ["127.0.0.1"]
