from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.encoding.h264 import H264Writer
from livecam.faces import Emotion, EmotionScore
from livecam.native import cv2
from livecam.overlay.drawing import OverlayPainter
from livecam.sinks.window import ESCAPE, HELP, TITLE, WindowSink
from livecam.testing.clock import FakeClock
from tests.builders import a_frame, a_label, a_picture
from tests.requirements import skip_unless
from tests.xvfb import ask_to_close

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from livecam.frames import Image
    from livecam.pictures import Picture

WAIT = 30
"""Seconds for a process to start or to end on a busy machine."""

ENDS_LATE = """
import itertools
from livecam.overlay.drawing import OverlayPainter
from livecam.sinks.window import WindowSink
from livecam.testing.clock import FakeClock
from tests.builders import a_frame, a_picture
window = WindowSink(painter=OverlayPainter(), clock=FakeClock())
numbers, quits = itertools.count(), []
def has_ended():
    window.write(a_picture(a_frame(next(numbers))))
    quits.extend(quits[:1])
    return len(quits) > 20
def quit():
    print("quit")
    quits.append("quit")
window.run(has_ended=has_ended, on_quit=quit)
print("back" if window._is_open else "gone")
"""
"""A run that goes on for twenty pictures after the user closed its window."""


def a_window(folder: Path | None = None, *, painter: OverlayPainter | None = None) -> WindowSink:
    window = WindowSink(painter=painter or OverlayPainter(), clock=FakeClock())
    if folder is not None:
        window._folder = folder
    return window


def an_annotated_picture() -> Picture:
    frame = a_frame(width=320, height=240)
    annotated = frame.image.copy()
    annotated[100:140, 100:200] = 255
    picture = a_picture(frame)
    return replace(picture, image=annotated)


def is_same(one: Image, other: Image) -> bool:
    return one.shape == other.shape and bool((one == other).all())


def press(window: WindowSink, keys: str) -> None:
    for key in keys:
        window.press(ord(key))


def test_the_annotated_picture_is_shown_as_it_is() -> None:
    picture = an_annotated_picture()
    assert picture.image is not None
    assert is_same(a_window().rendered(picture), picture.image)


def test_a_picture_without_annotations_is_shown_bare() -> None:
    frame = a_frame()
    bare = replace(a_picture(frame), image=None)
    assert is_same(a_window().rendered(bare), frame.image)


def test_o_takes_the_labels_away_and_brings_them_back() -> None:
    window, picture = a_window(), an_annotated_picture()
    shown = window.rendered(picture)
    press(window, "o")
    assert is_same(window.rendered(picture), picture.frame.image)
    press(window, "o")
    assert is_same(window.rendered(picture), shown)


@pytest.mark.parametrize("key", ["h", " "])
def test_help_and_freezing_lay_something_over_the_picture_until_pressed_again(key: str) -> None:
    window, picture = a_window(), an_annotated_picture()
    shown = window.rendered(picture)
    press(window, key)
    assert not is_same(window.rendered(picture), shown)
    press(window, key)
    assert is_same(window.rendered(picture), shown)


def test_laying_something_over_a_picture_leaves_the_picture_alone() -> None:
    window, picture = a_window(), an_annotated_picture()
    assert picture.image is not None
    before = picture.image.copy()
    press(window, "h ")
    window.rendered(picture)
    assert is_same(picture.image, before)


def test_b_shows_all_scores_on_the_next_picture() -> None:
    painter = OverlayPainter()
    window = a_window(painter=painter)
    scores = (EmotionScore(Emotion.HAPPY, 91.0), EmotionScore(Emotion.CALM, 9.0))
    picture = a_picture(a_frame(width=640, height=480), replace(a_label(), scores=scores))
    plain = painter.paint(picture)
    press(window, "b")
    assert painter.show_bars
    assert not is_same(painter.paint(picture), plain)
    press(window, "b")
    assert not painter.show_bars


def test_m_mirrors_the_next_picture_and_the_bare_one_at_once() -> None:
    painter = OverlayPainter()
    window = a_window(painter=painter)
    frame = a_frame(width=320, height=240)
    frame.image[:, :160] = 255
    bare = a_picture(frame)
    press(window, "o")
    assert is_same(window.rendered(bare), frame.image)
    press(window, "m")
    assert painter.mirror
    assert is_same(window.rendered(bare), frame.image[:, ::-1])


def test_p_pauses_sending_a_switches_between_live_and_aligned_and_r_records() -> None:
    presses: list[str] = []
    window = WindowSink(
        painter=OverlayPainter(),
        clock=FakeClock(),
        on_pause=lambda: presses.append("p"),
        on_mode=lambda: presses.append("a"),
        on_record=lambda: presses.append("r"),
    )
    press(window, "pparr")
    assert presses == ["p", "p", "a", "r", "r"]


def test_the_help_tells_every_key() -> None:
    told = {line.partition("\t")[0] for line in HELP[1:]}
    keys = {"space" if key == ord(" ") else chr(key) for key in a_window()._keys if key != ESCAPE}
    assert told == keys


def test_a_picture_shown_again_with_what_is_wrong_replaces_the_one_before() -> None:
    window, picture = a_window(), an_annotated_picture()
    window.write(picture)
    troubled = replace(picture, status=replace(picture.status, trouble="camera 0 sends no picture"))
    window.refresh(troubled)
    assert window._newest is troubled


def test_a_key_without_a_meaning_does_nothing() -> None:
    window, picture = a_window(), an_annotated_picture()
    shown = window.rendered(picture)
    for key in (0, 255, ord("x"), ord("Q")):
        window.press(key)
    assert is_same(window.rendered(picture), shown)


@pytest.mark.parametrize("key", [ord("q"), ESCAPE])
def test_q_and_escape_quit(key: int) -> None:
    window, quits = a_window(), list[str]()
    window.press(key)  # before the loop there is nobody to tell
    window.run(has_ended=lambda: True, on_quit=lambda: quits.append("quit"))
    window.press(key)
    assert quits == ["quit"]


def test_s_saves_what_is_shown(tmp_path: Path) -> None:
    window, picture = a_window(tmp_path), an_annotated_picture()
    window._shown = picture
    press(window, "s")
    assert picture.image is not None
    assert is_same(_snapshot(tmp_path), picture.image)


def test_a_snapshot_has_help_and_badge_if_they_are_shown(tmp_path: Path) -> None:
    window, picture = a_window(tmp_path), an_annotated_picture()
    window._shown = picture
    press(window, "oh s")
    assert is_same(_snapshot(tmp_path), window.rendered(picture))
    assert not is_same(_snapshot(tmp_path), picture.frame.image)


def test_two_snapshots_have_two_names(tmp_path: Path) -> None:
    clock = FakeClock()
    window = WindowSink(painter=OverlayPainter(), clock=clock, folder=tmp_path)
    window._shown = an_annotated_picture()
    press(window, "s")
    clock.advance(0.001)
    press(window, "s")
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 2
    assert all(name.startswith("livecam-20") and name.endswith(".png") for name in names)


def test_where_a_snapshot_went_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    window = a_window(tmp_path)
    window._shown = an_annotated_picture()
    press(window, "s")
    (path,) = tmp_path.iterdir()
    assert caplog.messages == [f"snapshot saved: {path}"]


def test_there_is_no_snapshot_before_the_first_picture(tmp_path: Path) -> None:
    press(a_window(tmp_path), "s")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.logs_errors
def test_a_snapshot_that_cannot_be_written_is_told_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    window = a_window(tmp_path / "no-folder")
    window._shown = an_annotated_picture()
    press(window, "s")
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "no-folder" in record.getMessage()
    assert "No such file or directory" in record.getMessage()


def test_a_run_without_a_picture_opens_no_window() -> None:
    window, turns = a_window(), iter([False, False, True])
    window.run(has_ended=lambda: next(turns), on_quit=lambda: None)
    assert not window._is_open


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Eight seconds in which a bar moves."""
    path = tmp_path / "clip.mp4"
    writer = H264Writer(path)
    for number in range(8 * 15):
        image = np.full((240, 320, 3), 60, np.uint8)
        image[:, number * 2 : number * 2 + 20] = 200
        writer.write(image, number / 15)
    writer.close()
    return path


@pytest.fixture
def xdotool(display: str) -> Callable[..., str]:
    """Plays the user, on the display without a window manager."""
    skip_unless(shutil.which("xdotool") is not None, "xdotool is not installed")

    def call(*words: str) -> str:
        environment = os.environ | {"DISPLAY": display}
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=True, timeout=WAIT
        )
        return done.stdout.strip()

    return call


@pytest.fixture
def watched(tmp_path: Path, clip: Path, display: str) -> Iterator[subprocess.Popen[str]]:
    """`livecam run` with a window, in an empty folder of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    command = [sys.executable, "-m", "livecam", "run", str(clip)]
    flags = ["--view", "window", "--detector", "none", "--json"]
    environment = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
    with subprocess.Popen(
        [*command, *flags],
        cwd=folder,
        env=environment | {"DISPLAY": display},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_real_window_takes_a_snapshot_and_quits(
    watched: subprocess.Popen[str], xdotool: Callable[..., str], tmp_path: Path
) -> None:
    shown = _window_of(xdotool)
    xdotool("windowfocus", "--sync", shown)
    xdotool("key", "s")
    # Qt keeps one key only: q must not follow before s was taken.
    assert watched.stderr is not None
    assert any("snapshot saved" in line for line in watched.stderr)
    xdotool("key", "q")
    output, errors = watched.communicate(timeout=WAIT)
    assert watched.returncode == 0, errors
    summary = json.loads(output)
    assert summary["schema"] == "livecam.run/1"
    # The user quit long before the clip's 120 frames were through.
    assert 0 < summary["frames"]["displayed"] < 120
    assert _snapshot(tmp_path / "here").shape == (240, 320, 3)


def test_closing_a_real_window_ends_the_run(
    watched: subprocess.Popen[str], xdotool: Callable[..., str], display: str
) -> None:
    ask_to_close(_window_of(xdotool), display)
    output, errors = watched.communicate(timeout=WAIT)
    assert watched.returncode == 0, errors
    assert 0 < json.loads(output)["frames"]["displayed"] < 120


def test_a_closed_window_does_not_come_back_while_the_run_ends(
    xdotool: Callable[..., str], display: str
) -> None:
    environment = os.environ | {"DISPLAY": display}
    with subprocess.Popen(
        [sys.executable, "-c", ENDS_LATE],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            ask_to_close(_window_of(xdotool), display)
            output, errors = process.communicate(timeout=WAIT)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    assert output.splitlines() == ["quit", "gone"]


def _window_of(xdotool: Callable[..., str]) -> str:
    return xdotool("search", "--sync", "--onlyvisible", "--name", f"^{TITLE}$").splitlines()[-1]


def _snapshot(folder: Path) -> Image:
    (path,) = folder.glob("livecam-*.png")
    image = cv2.imread(str(path))
    assert image is not None
    return image.astype(np.uint8)


def test_m_and_b_change_a_picture_that_no_other_follows() -> None:
    painter = OverlayPainter()
    window = a_window(painter=painter)
    frame = a_frame(width=320, height=240)
    frame.image[:, :160] = 255
    picture = a_picture(frame)
    window._shown = replace(picture, image=painter.paint(picture))
    before = window.rendered(window._shown)
    press(window, "m")
    assert not is_same(window.rendered(window._shown), before)
    assert window._is_stale


def test_it_does_not_linger_once_it_was_dismissed() -> None:
    window = WindowSink(painter=OverlayPainter(), clock=FakeClock(), lingers=True)
    window._shown = a_picture()
    window.dismiss()
    window.run(has_ended=lambda: True, on_quit=lambda: None)


def test_where_nothing_may_be_kept_the_keys_for_it_say_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recorded: list[str] = []
    window = WindowSink(
        painter=OverlayPainter(),
        clock=FakeClock(),
        folder=tmp_path,
        on_record=lambda: recorded.append("r"),
        obstacle="--no-store is set",
    )
    window._shown = an_annotated_picture()
    for key in "rs":
        window.press(ord(key))
    assert caplog.messages == ["nothing is kept of the picture: --no-store is set"] * 2
    assert recorded == []
    assert list(tmp_path.iterdir()) == []
