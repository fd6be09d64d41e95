from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.archive.record_switch import RecordSwitch
from livecam.config import load_settings
from livecam.dashboard.call_controls import CallControls
from livecam.dashboard.controls import LONGEST_MARK, Controls
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import UsageError
from livecam.events import DetectionPaused, MomentMarked
from livecam.native import cv2
from livecam.overlay.drawing import OverlayPainter
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.modes import ModeSwitch
from livecam.testing.clock import FakeClock
from tests.builders import a_frame, a_label, a_picture
from tests.pipeline.parts import FreePacer

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.events import Event
    from livecam.pictures import Picture

CALLS = ("rate", "budget", "detector")
"""What concerns the calls has tests of its own."""
WAIT = 30
"""Seconds for another thread on a busy machine."""


class Rig:
    """Controls with all that they change."""

    def __init__(
        self,
        folder: Path,
        *,
        has_detector: bool = True,
        can_record: bool = True,
        obstacle: str | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.events: list[Event] = []
        self.mode = ModeSwitch()
        self.recording = RecordSwitch()
        self.picture: Picture | None = a_picture(a_frame(), a_label())
        self.stopped = threading.Event()
        self.stops = 0
        self.detection = a_detection(self.clock, self.events)
        self.controls = Controls(
            clock=self.clock,
            publish=self.events.append,
            calls=CallControls(self.detection if has_detector else None),
            mode=self.mode,
            detection=self.detection if has_detector else None,
            recording=self.recording if can_record else None,
            painter=OverlayPainter(),
            newest=lambda: self.picture,
            stop=self._stop,
            folder=folder,
            obstacle=obstacle,
        )

    def is_sending(self) -> bool:
        return not self.detection.is_paused

    def holds(self, name: str) -> object:
        return self.controls.now()[name]["value"]

    def _stop(self) -> None:
        self.stops += 1
        self.stopped.set()


def a_detection(clock: FakeClock, events: list[Event]) -> DetectionLoop:
    return DetectionLoop(
        detector=ScriptedDetector(lambda _frame: ()),
        pacer=FreePacer(),
        in_flight=1,
        deadline=1.0,
        clock=clock,
        publish=events.append,
    )


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def read(folder: Path, name: object) -> np.ndarray:
    pixels = cv2.imread(str(folder / str(name)))
    assert pixels is not None
    return np.asarray(pixels)


def test_sending_is_paused_and_goes_on_and_is_told_once(rig: Rig) -> None:
    assert rig.controls.perform("pause_sending", True)["pause_sending"]["value"] is True
    assert not rig.is_sending()
    rig.controls.perform("pause_sending", True)
    assert rig.controls.perform("pause_sending", False)["pause_sending"]["value"] is False
    assert rig.is_sending()
    assert [event.is_paused for event in rig.events if isinstance(event, DetectionPaused)] == [True, False]


def test_a_run_without_a_detector_says_why_nothing_can_be_paused(tmp_path: Path) -> None:
    rig = Rig(tmp_path, has_detector=False)
    assert (
        rig.controls.now()["pause_sending"]["obstacle"]
        == "this run has no detector that pictures are sent to"
    )
    with pytest.raises(UsageError, match=r"^pause_sending cannot be used: this run has no detector"):
        rig.controls.perform("pause_sending", True)


def test_the_picture_is_live_or_aligned(rig: Rig) -> None:
    assert rig.controls.perform("mode", "aligned")["mode"]["value"] == "aligned"
    assert rig.mode.name == "aligned"
    assert rig.controls.perform("mode", "live")["mode"]["value"] == "live"
    assert rig.mode.name == "live"
    assert rig.controls.now()["mode"]["choices"] == ["live", "aligned"]


@pytest.mark.parametrize("value", ["alined", "", 3, ["live"], {"a": 1}, "x" * 1000])
def test_a_mode_that_is_none_is_refused_as_on_the_command_line(rig: Rig, value: object) -> None:
    with pytest.raises(UsageError) as told:
        rig.controls.perform("mode", value)
    with pytest.raises(UsageError) as on_the_command_line:
        load_settings({"mode": value})
    assert str(told.value) == str(on_the_command_line.value)
    assert rig.mode.name == "live"


def test_no_value_is_no_mode(rig: Rig) -> None:
    with pytest.raises(UsageError, match=r"^--mode None cannot be used: give live or aligned"):
        rig.controls.perform("mode", None)


def test_what_was_said_of_recording_holds_at_once(rig: Rig) -> None:
    assert rig.controls.perform("record", True)["record"]["value"] is True
    assert rig.recording.take() is True
    rig.recording.is_recording = True
    assert rig.holds("record") is True
    assert rig.controls.perform("record", False)["record"]["value"] is False
    assert rig.recording.take() is False


def test_a_run_that_cannot_record_says_so(tmp_path: Path) -> None:
    rig = Rig(tmp_path, can_record=False)
    assert rig.controls.now()["record"]["obstacle"] == "this run cannot record clips"
    with pytest.raises(UsageError, match=r"^record cannot be used: this run cannot record clips"):
        rig.controls.perform("record", True)
    rig.controls.perform("mark", "all the same")
    assert rig.holds("mark") == "all the same"


@pytest.mark.parametrize("name", ["pause_sending", "record"])
@pytest.mark.parametrize("value", [None, 1, "true", [], {}])
def test_a_switch_takes_true_or_false_alone(rig: Rig, name: str, value: object) -> None:
    with pytest.raises(UsageError, match=rf"^{name} .* cannot be used: give true or false$"):
        rig.controls.perform(name, value)
    assert rig.recording.take() is None
    assert rig.is_sending()


def test_a_snapshot_is_the_annotated_picture_and_its_name_is_answered(rig: Rig, tmp_path: Path) -> None:
    assert rig.picture is not None
    annotated = rig.picture.frame.image.copy()
    annotated[10:20] = 255
    rig.picture = dataclasses.replace(rig.picture, image=annotated)
    name = rig.controls.perform("snapshot", None)["snapshot"]["value"]
    assert isinstance(name, str)
    assert "/" not in name
    assert bool((read(tmp_path, name) == annotated).all())


def test_a_picture_that_nobody_has_drawn_on_is_painted_for_its_snapshot(rig: Rig, tmp_path: Path) -> None:
    assert rig.picture is not None
    rig.picture = dataclasses.replace(rig.picture, image=None)
    rig.controls.perform("snapshot", None)
    expected = OverlayPainter().paint(rig.picture)
    assert bool((read(tmp_path, rig.holds("snapshot")) == expected).all())
    assert not bool((expected == rig.picture.frame.image).all())


def test_there_is_no_snapshot_before_the_first_picture(rig: Rig, tmp_path: Path) -> None:
    rig.picture = None
    with pytest.raises(UsageError, match=r"^snapshot cannot be used yet: no picture has come"):
        rig.controls.perform("snapshot", None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_is_told_without_its_name(tmp_path: Path) -> None:
    rig = Rig(tmp_path / "no-folder")
    with pytest.raises(UsageError, match=r"takes no file: No such file or directory$") as told:
        rig.controls.perform("snapshot", None)
    assert str(tmp_path) not in str(told.value)
    assert rig.holds("snapshot") is None


def test_a_moment_is_marked_for_the_events_and_for_the_clip(rig: Rig) -> None:
    rig.clock.advance(5.0)
    rig.controls.perform("mark", "  the door\n opens ")
    assert rig.events == [MomentMarked(at=rig.clock.now(), source="test", text="the door opens")]
    assert rig.recording.take_marks() == ("the door opens",)
    assert rig.holds("mark") == "the door opens"


def test_a_moment_can_be_marked_before_the_first_picture(rig: Rig) -> None:
    rig.picture = None
    rig.controls.perform("mark", "x" * LONGEST_MARK)
    (event,) = rig.events
    assert event.source == ""


def test_a_joined_emoji_is_a_mark(rig: Rig) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    rig.controls.perform("mark", family)
    assert rig.holds("mark") == family


@pytest.mark.parametrize("text", ["", "  ", None, 7, "x" * (LONGEST_MARK + 1), "a\x00b", "a\x1b[2Jb"])
def test_a_mark_is_a_text_that_can_be_shown(rig: Rig, text: object) -> None:
    with pytest.raises(
        UsageError, match=r"^mark .* cannot be used: give a text of 1 to 200 characters that can be shown$"
    ) as told:
        rig.controls.perform("mark", text)
    assert len(str(told.value)) < 200
    assert rig.events == []


def test_the_run_is_stopped_beside_and_once(rig: Rig) -> None:
    assert rig.holds("stop") is False
    assert rig.controls.perform("stop", None)["stop"]["value"] is True
    assert rig.stopped.wait(WAIT)
    rig.controls.perform("stop", None)
    assert rig.stops == 1


def test_a_source_that_closes_slowly_does_not_hold_up_the_answer(rig: Rig) -> None:
    closing, closed = threading.Event(), threading.Event()

    def stop() -> None:
        closing.wait(WAIT)
        closed.set()

    rig.controls._stop_run = stop
    rig.controls.perform("stop", None)
    assert not closed.is_set()
    closing.set()
    assert closed.wait(WAIT)


@pytest.mark.parametrize("name", ["snapshot", "stop"])
def test_what_takes_no_value_refuses_one(rig: Rig, name: str) -> None:
    with pytest.raises(UsageError, match=rf"^{name} 'now' cannot be used: give null, it takes no value$"):
        rig.controls.perform(name, "now")
    assert rig.stops == 0


@pytest.mark.parametrize("name", ["", "detectors", "__class__", "x" * 10_000])
def test_a_control_that_there_is_not_is_refused_with_those_there_are(rig: Rig, name: str) -> None:
    with pytest.raises(
        UsageError, match=r"^there is no control .*; there are pause_sending, mode, record"
    ) as told:
        rig.controls.perform(name, None)
    assert len(str(told.value)) < 250


def test_every_control_says_what_it_is_and_what_holds(rig: Rig) -> None:
    holds = rig.controls.now()
    assert {name: each["kind"] for name, each in holds.items()} == {
        "pause_sending": "switch",
        "mode": "choice",
        "record": "switch",
        "snapshot": "action",
        "mark": "text",
        "stop": "action",
        "rate": "number",
        "budget": "number",
        "detector": "choice",
    }
    assert {each["obstacle"] for name, each in holds.items() if name not in CALLS} == {None}
    assert set(holds) == set(rig.controls._controls)


def test_where_nothing_may_be_kept_recording_and_snapshots_are_off_and_say_why(tmp_path: Path) -> None:
    rig = Rig(tmp_path, obstacle="--no-store is set")
    for name, value in (("record", True), ("snapshot", None)):
        assert rig.controls.now()[name]["obstacle"] == "--no-store is set"
        with pytest.raises(UsageError, match=f"^{name} cannot be used: --no-store is set$"):
            rig.controls.perform(name, value)
    assert not rig.recording.is_wanted
    assert list(tmp_path.iterdir()) == []
    assert rig.controls.perform("mark", "here")["mark"]["value"] == "here"
