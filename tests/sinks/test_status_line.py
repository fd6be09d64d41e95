from __future__ import annotations

import io
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from livecam.frames import SourceInfo
from livecam.sinks import status_line
from livecam.sinks.status_line import StatusLine, status_text
from tests.builders import a_picture, a_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.pictures import Picture

PATIENCE = 10.0
CAMERA = SourceInfo("cam", "camera 0 (V4L2, MJPG)", 1280, 720, 30.0)
ERASE_LINE = "\x1b[2K"


class Screen(io.StringIO):
    """What a console writes to; says when a text has appeared, and can stop taking more."""

    def __init__(self, awaited: str = "\0") -> None:
        super().__init__()
        self._awaited = awaited
        self.has_shown = threading.Event()
        self.is_stuck = threading.Event()
        self.is_blocking = threading.Event()
        self.goes_on = threading.Event()

    def write(self, text: str) -> int:
        if self.is_stuck.is_set():
            self.is_blocking.set()
            assert self.goes_on.wait(PATIENCE)
        count = super().write(text)
        if self._awaited in self.getvalue():
            self.has_shown.set()
        return count


def plain(screen: Screen) -> Console:
    return Console(file=screen, force_terminal=False, width=80, highlight=False)


def terminal(screen: Screen) -> Console:
    return Console(file=screen, force_terminal=True, width=100, highlight=False)


@pytest.fixture(autouse=True)
def _an_ordinary_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


def a_picture_of(trouble: str | None = None) -> Picture:
    return replace(a_picture(), status=replace(a_status(), trouble=trouble))


def test_a_plain_console_is_told_what_was_opened() -> None:
    screen = Screen()
    line = StatusLine(plain(screen))
    line.open(CAMERA)
    line.close()
    assert screen.getvalue() == "camera 0 (V4L2, MJPG): 1280x720, 30 fps\n"


def test_a_source_that_does_not_say_its_rate_has_none() -> None:
    screen = Screen()
    line = StatusLine(plain(screen))
    line.open(replace(CAMERA, fps=None))
    line.close()
    assert screen.getvalue() == "camera 0 (V4L2, MJPG): 1280x720\n"


def test_a_description_is_shown_as_it_is_without_secrets() -> None:
    screen = Screen()
    line = StatusLine(plain(screen))
    line.open(replace(CAMERA, description="[bold] :smile: " + "long " * 20 + "rtsp://me:hunter2@cam/"))
    line.close()
    opened = "[bold] :smile: " + "long " * 20 + "rtsp://***@cam/: 1280x720, 30 fps\n"
    assert screen.getvalue() == opened


def test_a_plain_console_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "PLAIN_EVERY", 0.01)
    screen = Screen("! the camera is gone | test · live | scripted: 0 calls | 0 dropped\n")
    line = StatusLine(plain(screen))
    line.open(CAMERA)
    line.write(a_picture_of("the camera is gone"))
    assert screen.has_shown.wait(PATIENCE)
    line.close()
    assert "\x1b" not in screen.getvalue()


def test_a_plain_console_is_told_that_there_is_no_frame_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "PLAIN_EVERY", 0.01)
    screen = Screen("waiting for the first frame\n")
    line = StatusLine(plain(screen))
    line.open(CAMERA)
    assert screen.has_shown.wait(PATIENCE)
    line.close()


def test_in_a_terminal_one_live_line_is_drawn_and_taken_away_at_the_end() -> None:
    screen = Screen("scripted: 0 calls")
    line = StatusLine(terminal(screen))
    line.open(CAMERA)
    line.write(a_picture_of())
    assert screen.has_shown.wait(PATIENCE)
    line.close()
    opened, _, after = screen.getvalue().partition("\n")
    assert opened == "camera 0 (V4L2, MJPG): 1280x720, 30 fps"
    last_drawn = after.rindex("scripted: 0 calls")
    assert ERASE_LINE in after[last_drawn:]


def test_a_long_line_is_cut_where_the_terminal_ends() -> None:
    screen = Screen("…")
    line = StatusLine(terminal(screen))
    line.open(CAMERA)
    line.write(a_picture_of("the service is not reachable " * 9))
    assert screen.has_shown.wait(PATIENCE)
    line.close()
    assert "scripted" not in screen.getvalue()


def test_closing_twice_does_no_harm() -> None:
    for console in (plain(Screen()), terminal(Screen())):
        line = StatusLine(console)
        line.open(CAMERA)
        line.close()
        line.close()


@pytest.mark.parametrize("console", [plain, terminal])
def test_a_terminal_that_does_not_read_holds_up_no_picture(
    monkeypatch: pytest.MonkeyPatch, console: Callable[[Screen], Console]
) -> None:
    monkeypatch.setattr(status_line, "PLAIN_EVERY", 0.01)
    screen = Screen()
    line = StatusLine(console(screen))
    line.open(CAMERA)
    screen.is_stuck.set()
    assert screen.is_blocking.wait(PATIENCE)
    writer = threading.Thread(target=line.write, args=(a_picture_of(),), daemon=True)
    writer.start()
    writer.join(PATIENCE / 2)
    was_held_up = writer.is_alive()
    screen.is_stuck.clear()
    screen.goes_on.set()
    line.close()
    assert not was_held_up


def test_trouble_comes_first() -> None:
    status = replace(a_status(), trouble="no answer from the service")
    assert status_text(status).startswith("! no answer from the service | test")


def test_a_status_without_trouble_is_the_hud_in_one_line() -> None:
    status = replace(a_status(), display_fps=29.97, calls=3, failed=1, dropped=4)
    assert status_text(status) == "30.0 fps · test · live | scripted: 3 calls · 1 failed | 4 dropped"


def test_a_status_holds_no_secret() -> None:
    status = replace(a_status(), source="rtsp://me:hunter2@cam/", trouble="token=sesame was refused")
    text = status_text(status)
    assert "rtsp://***@cam/" in text
    assert "hunter2" not in text
    assert "sesame" not in text


def test_a_status_says_for_how_long_a_clip_has_been_recorded() -> None:
    status = replace(a_status(), recording=42.9, trouble="the disk is filling up")
    assert status_text(status).startswith("! the disk is filling up | ● REC 0:42 · test · live")
