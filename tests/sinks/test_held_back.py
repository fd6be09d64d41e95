from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.archive.record_switch import RecordSwitch
from livecam.faces import BoundingBox
from livecam.frames import SourceInfo
from livecam.overlay.blur import blurred, wholly_blurred
from livecam.overlay.cover import COVERED_FOR, Cover
from livecam.sinks import held_back
from livecam.sinks.held_back import HeldBack
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_frame, a_label, a_picture

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.pictures import Picture

FPS = 25
BEHIND = 18
"""Pictures that are held: those of 0.7 s, and the newest."""
BOX = BoundingBox(0.4, 0.4, 0.1, 0.1)
INFO = SourceInfo("test", "a test", 200, 100, 25.0)
NOISE: Image = np.random.default_rng(7).integers(0, 255, (100, 200, 3), np.uint8)


class Rig:
    def __init__(self) -> None:
        self.recorder = RecordingSink()
        self.switch, self.passed = RecordSwitch(), RecordSwitch()
        self.held = HeldBack(self.recorder, Cover(), switch=self.switch, passed=self.passed)
        self.held.open(INFO)

    def write(self, *numbers: int, faces_on: range = range(0), looked: bool = True) -> None:
        for number in numbers:
            self.held.write(a_picture_of(number, *([BOX] if number in faces_on else []), looked=looked))

    def covered(self) -> list[int]:
        return [
            picture.frame.sequence
            for picture in self.recorder.pictures
            if np.array_equal(picture.frame.image, blurred(NOISE, [BOX]))
        ]

    def hidden(self) -> list[int]:
        return [
            picture.frame.sequence
            for picture in self.recorder.pictures
            if np.array_equal(picture.frame.image, wholly_blurred(NOISE))
        ]


def a_picture_of(number: int, *boxes: BoundingBox, looked: bool = True) -> Picture:
    frame = replace(a_frame(number, at=100.0 + number / FPS), media_time=number / FPS, image=NOISE)
    labels = [replace(a_label(), box=box) for box in boxes]
    return replace(a_picture(frame, *labels), looked_at=frame.captured_at if looked else None)


def test_pictures_come_later_in_their_order_and_none_is_lost() -> None:
    rig = Rig()
    rig.write(*range(30))
    assert rig.recorder.infos == [INFO]
    assert rig.recorder.sequences == list(range(30 - BEHIND))
    rig.held.close()
    rig.held.close()
    assert rig.recorder.sequences == list(range(30))
    assert rig.recorder.closes == 2


def test_a_face_is_covered_before_it_was_first_seen_and_after_it_was_last_seen() -> None:
    rig = Rig()
    rig.write(*range(100), faces_on=range(40, 51))
    rig.held.close()
    assert pytest.approx(17.5 / FPS) == COVERED_FOR
    assert rig.covered() == list(range(40 - 18, 51 + 18))  # with the next picture on either side
    assert rig.hidden() == []
    bare = [each for each in rig.recorder.pictures if each.frame.sequence not in rig.covered()]
    assert all(np.array_equal(picture.frame.image, NOISE) for picture in bare)


def test_no_picture_with_a_face_has_pixels_of_it_besides() -> None:
    rig = Rig()
    rig.held.write(replace(a_picture_of(0, BOX), image=NOISE, suspected=((1, BOX),)))
    rig.held.close()
    (picture,) = rig.recorder.pictures
    assert picture.image is None
    assert picture.suspected == ()


def test_while_nobody_has_looked_pictures_are_blurred_altogether() -> None:
    rig = Rig()
    rig.write(*range(5), looked=False)
    rig.write(*range(5, 30))
    rig.held.close()
    assert rig.hidden() == list(range(5))


def test_what_there_is_no_room_for_is_handed_on_blurred_altogether_and_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(held_back, "MOST_BYTES", 10 * NOISE.nbytes)
    rig = Rig()
    rig.write(*range(30))
    assert rig.hidden() == list(range(20))
    rig.held.close()
    assert rig.recorder.sequences == list(range(30))
    assert rig.hidden() == list(range(20))
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == (
        "pictures are too large, or too many, to wait 0.7 s for faces that come in: some are recorded"
        " blurred altogether; ask for fewer pixels (--size, --fps)"
    )


def test_small_pictures_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_back, "MOST_PICTURES", 10)
    rig = Rig()
    rig.write(*range(30))
    assert rig.recorder.sequences == list(range(20))


def test_what_the_user_says_holds_for_the_pictures_that_follow_it() -> None:
    rig = Rig()
    said: list[tuple[int, bool | None, tuple[str, ...]]] = []

    def note(picture: Picture) -> None:
        said.append((picture.frame.sequence, rig.passed.take(), rig.passed.take_marks()))

    rig.recorder.write = note  # type: ignore[method-assign]
    rig.write(*range(10))
    rig.switch.say(True)
    rig.write(*range(10, 20))
    rig.switch.mark("now")
    rig.switch.say(False)
    rig.write(*range(20, 50))
    rig.held.close()
    assert [each for each in said if each[1] is not None or each[2]] == [
        (10, True, ()),
        (20, False, ("now",)),
    ]


def test_whether_it_records_is_what_was_said_last_and_then_what_the_recorder_says() -> None:
    rig = Rig()
    seen: list[bool] = []
    for number in range(2):
        rig.switch.toggle()
        rig.write(number)
        seen.append(rig.switch.is_recording)
    rig.write(*range(2, 30))
    rig.passed.take()
    rig.passed.is_recording = True
    rig.write(30)
    assert [*seen, rig.switch.is_recording] == [True, False, True]


def test_when_the_source_begins_anew_what_is_held_is_handed_on_and_forgotten() -> None:
    rig = Rig()
    rig.write(100, 101, faces_on=range(200))
    rig.write(0, 1)
    assert rig.recorder.sequences == [100, 101]
    rig.held.close()
    assert rig.covered() == [100, 101]
