from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, cast

import pytest

from livecam.errors import OutputError
from livecam.events import FrameDropped
from livecam.frames import SourceInfo
from livecam.sinks.clip_finisher import ClipFinisher
from livecam.sinks.clip_recorder import ClipRecorder
from livecam.testing.recording_sink import RecordingSink
from tests.archive.samples import Events, an_archive, pictures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from livecam.archive.cutting import ClipCutter
    from livecam.pictures import Picture
    from livecam.protocols import FrameSink

INFO = SourceInfo("test", "a test", 8000, 6000, 30.0)
MOST_WAITING = 4
"""Of pictures as large as these."""


class FakeCutter:
    """Says that every frame went into the same clip; waits where it is told to."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.drops = 0
        self.closes = 0
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()
        self.error: Exception | None = None

    def take(self, picture: Picture) -> str:
        self.reached.set()
        self.gate.wait(20)
        if self.error:
            raise self.error
        self.taken.append(picture.frame.sequence)
        return "clip"

    def note_drop(self) -> None:
        self.drops += 1

    def close(self) -> None:
        self.closes += 1


class Rig:
    def __init__(self, tmp_path: Path, then: Sequence[FrameSink] = ()) -> None:
        self.cutter = FakeCutter()
        self.events = Events()
        self.failures: list[Exception] = []
        self.recorder = ClipRecorder(
            lambda _fps: cast("ClipCutter", self.cutter),
            ClipFinisher(an_archive(tmp_path), on_failure=self.failures.append),
            publish=self.events,
            on_failure=self.failures.append,
            then=then,
        )


def test_what_follows_is_told_which_clip_a_picture_is_in(tmp_path: Path) -> None:
    after = RecordingSink()
    rig = Rig(tmp_path, [after])
    rig.recorder.open(INFO)
    for picture in pictures(3):
        rig.recorder.write(picture)
    rig.recorder.close()
    assert after.sequences == rig.cutter.taken == [0, 1, 2]
    assert {picture.clip for picture in after.pictures} == {"clip"}
    assert (after.closes, rig.cutter.closes) == (1, 1)


def test_an_encoder_that_is_behind_drops_and_counts_and_the_order_stays(tmp_path: Path) -> None:
    after = RecordingSink()
    rig = Rig(tmp_path, [after])
    rig.recorder.open(INFO)
    rig.cutter.gate.clear()
    shown = pictures(10)
    rig.recorder.write(shown[0])
    rig.cutter.reached.wait(10)
    for picture in shown[1:]:
        rig.recorder.write(picture)
    rig.cutter.gate.set()
    rig.recorder.close()
    dropped = [event.frame for event in rig.events.of(FrameDropped) if isinstance(event, FrameDropped)]
    assert rig.cutter.taken == list(range(MOST_WAITING))
    assert dropped == list(range(MOST_WAITING, 10))
    assert rig.cutter.drops == len(dropped)
    assert after.sequences == list(range(10))
    assert [picture.clip for picture in after.pictures] == ["clip"] * MOST_WAITING + [None] * len(dropped)
    held = [picture.frame.image.base for picture in after.pictures[MOST_WAITING:]]
    assert held == [None] * len(dropped), "a dropped picture's pixels waited too"


def test_a_source_that_can_wait_loses_nothing(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.recorder.open(dataclasses.replace(INFO, is_live=False))
    for picture in pictures(50):
        rig.recorder.write(picture)
    rig.recorder.close()
    assert rig.cutter.taken == list(range(50))
    assert not rig.events.told


def test_a_broken_encoder_is_told_once_and_what_follows_goes_on(tmp_path: Path) -> None:
    after = RecordingSink()
    rig = Rig(tmp_path, [after])
    rig.cutter.error = RuntimeError("the encoder broke")
    rig.recorder.open(INFO)
    for picture in pictures(3):
        rig.recorder.write(picture)
    rig.recorder.close()
    assert [str(error) for error in rig.failures] == ["the encoder broke"]
    assert after.sequences == [0, 1, 2]
    assert rig.cutter.closes == 1


def test_an_output_that_cannot_be_opened_ends_it_before_it_begins(tmp_path: Path) -> None:
    class Refusing(RecordingSink):
        def open(self, info: SourceInfo) -> None:
            raise OutputError("no trace")

    rig = Rig(tmp_path, [Refusing()])
    with pytest.raises(OutputError, match="no trace"):
        rig.recorder.open(INFO)
    rig.recorder.close()
    assert rig.cutter.closes == 0


def test_nothing_is_taken_before_it_is_open_or_after_it_is_closed(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    (picture,) = pictures(1)
    rig.recorder.write(picture)
    rig.recorder.open(INFO)
    rig.recorder.close()
    rig.recorder.close()
    rig.recorder.write(picture)
    assert rig.cutter.taken == []
