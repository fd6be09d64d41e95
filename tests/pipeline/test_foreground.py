from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam.encoding.h264 import H264Writer
from livecam.errors import SourceFailed
from livecam.pipeline.foreground import Outcome, run_in_foreground
from livecam.testing.list_source import ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_frame
from tests.pipeline.a_run import a_run
from tests.pipeline.parts import DEAD_AFTER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.pictures import Picture


def a_clip(path: Path, *, frames: int, interval: float) -> Path:
    writer = H264Writer(path)
    for index in range(frames):
        writer.write(np.full((48, 64, 3), 90, np.uint8), index * interval)
    writer.close()
    return path


def start_livecam(clip: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "livecam", "run", str(clip), "--detector", "none", "--view", "none", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def summary_of(output: str) -> dict[str, Any]:
    summary = json.loads(output)
    assert isinstance(summary, dict)
    return summary


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_livecam_with_its_code_after_the_summary(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    clip = a_clip(tmp_path / "long.mp4", frames=120, interval=1.0)
    with start_livecam(clip) as process:
        assert process.stderr is not None
        assert "64x48" in process.stderr.readline()
        process.send_signal(number)
        output, messages = process.communicate(timeout=2 * DEAD_AFTER)
    assert process.returncode == code, messages
    frames = summary_of(output)["frames"]
    assert frames["captured"] < 120
    assert frames["displayed"] == frames["captured"]
    assert "Traceback" not in messages


def test_at_the_end_of_the_file_livecam_exits_with_0(tmp_path: Path) -> None:
    with start_livecam(a_clip(tmp_path / "short.mp4", frames=5, interval=0.001)) as process:
        output, messages = process.communicate(timeout=2 * DEAD_AFTER)
    assert process.returncode == 0, messages
    assert summary_of(output)["frames"] == {"captured": 5, "displayed": 5, "dropped": {}}


@pytest.mark.parametrize(
    ("reason", "code"),
    [("interrupted", 130), ("terminated", 143), ("closed by user", 0), ("end of file", 0)],
)
def test_the_exit_code_follows_from_the_reason(reason: str, code: int) -> None:
    assert Outcome(reason).exit_code == code


class SignallingSink(RecordingSink):
    """Sends the process a signal with its first picture."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__()
        self._number = number

    def write(self, picture: Picture) -> None:
        super().write(picture)
        os.kill(os.getpid(), self._number)


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
)
def test_a_signal_stops_the_run_and_the_handlers_from_before_are_put_back(
    number: signal.Signals, reason: str
) -> None:
    before = signal.getsignal(number)
    sink = SignallingSink(number)
    parts = a_run(ListSource([a_frame()], stays_open=True), sink)
    assert run_in_foreground(parts.runner).reason == reason
    assert sink.closes == 1
    assert signal.getsignal(number) is before


class WaitingView:
    """Has the thread it is run in until the run has ended; may close the run or break before."""

    def __init__(self, act: Callable[[Callable[[], None]], None]) -> None:
        self._act = act
        self.thread: threading.Thread | None = None
        self.saw_the_end = False
        self.dismissed = threading.Event()

    def dismiss(self) -> None:
        self.dismissed.set()

    def run(self, *, has_ended: Callable[[], bool], on_quit: Callable[[], None]) -> None:
        self.thread = threading.current_thread()
        self._act(on_quit)
        for thread in threading.enumerate():
            if thread.name == "livecam-asyncio":
                assert not has_ended()
                thread.join(DEAD_AFTER)
        self.saw_the_end = has_ended()


def test_a_view_has_the_main_thread_until_the_run_has_ended() -> None:
    sink, view = RecordingSink(), WaitingView(lambda _: None)
    parts = a_run(ListSource(map(a_frame, range(3))), sink)
    assert run_in_foreground(parts.runner, view) == Outcome("end of file")
    assert view.thread is threading.main_thread()
    assert view.saw_the_end
    assert sink.sequences == [0, 1, 2]


def test_a_signal_ends_a_view_that_stays_open_after_its_run() -> None:
    def stay(_: Callable[[], None]) -> None:
        for thread in threading.enumerate():
            if thread.name == "livecam-asyncio":
                thread.join(DEAD_AFTER)
        os.kill(os.getpid(), signal.SIGINT)
        assert view.dismissed.wait(DEAD_AFTER)

    view = WaitingView(stay)
    outcome = run_in_foreground(a_run(ListSource([a_frame()])).runner, view)
    assert (outcome.reason, outcome.exit_code) == ("interrupted", 130)


def test_a_view_that_is_closed_ends_the_run_with_0() -> None:
    sink, view = RecordingSink(), WaitingView(lambda on_quit: on_quit())
    parts = a_run(ListSource([a_frame()], stays_open=True), sink)
    outcome = run_in_foreground(parts.runner, view)
    assert (outcome.reason, outcome.exit_code) == ("closed by user", 0)
    assert sink.closes == 1


def test_a_view_that_breaks_does_not_leave_the_run_going() -> None:
    def fail(_: Callable[[], None]) -> None:
        raise RuntimeError("no display any more")

    source, sink = ListSource([a_frame()], stays_open=True), RecordingSink()
    parts = a_run(source, sink)
    with pytest.raises(RuntimeError, match="no display any more"):
        run_in_foreground(parts.runner, WaitingView(fail))
    assert source.stopped.is_set()
    assert sink.closes == 1
    assert not any(thread.name == "livecam-asyncio" for thread in threading.enumerate())


def test_an_error_of_the_run_beside_a_view_is_raised_in_the_main_thread() -> None:
    source = ListSource([a_frame()], error=SourceFailed("unplugged"))
    with pytest.raises(SourceFailed, match="unplugged"):
        run_in_foreground(a_run(source).runner, WaitingView(lambda _: None))
