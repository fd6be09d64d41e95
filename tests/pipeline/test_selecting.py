from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.events import DetectionFailed, FrameChosen, FramesPassedOver
from livecam.faces import Emotion
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.selecting import Selector
from livecam.selection.choice import Choice, FaceEvidence
from livecam.testing.clock import FakeClock
from livecam.testing.still_follower import StillFollower
from livecam.tracking.tracks import Tracks
from tests.builders import a_face, a_frame, a_status, an_answer
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.faces import Face
    from livecam.frames import Frame

YES, NO = Choice(is_chosen=True, reason="changed"), Choice(is_chosen=False, reason="unchanged")


class Told:
    """A `Policy` that says what it is told to say, and remembers what it was told."""

    def __init__(self, *choices: Choice) -> None:
        self._choices = list(choices)
        self.told: list[tuple[object, ...]] = []

    def choose(self, now: float, faces: Sequence[FaceEvidence], *, has_cut: bool = False) -> Choice:
        return self._choices.pop(0) if len(self._choices) > 1 else self._choices[0]

    def sent(self, captured_at: float, faces: Sequence[FaceEvidence]) -> None:
        self.told.append(("sent", captured_at, len(faces)))

    def answered(
        self, captured_at: float, labels: Mapping[int, tuple[Emotion | None, Emotion | None]]
    ) -> None:
        self.told.append(("answered", captured_at, dict(labels)))

    def failed(self, captured_at: float) -> None:
        self.told.append(("failed", captured_at))


class Loop:
    """What a selector sees of a detection loop."""

    def __init__(self) -> None:
        self.at_hand: int | None = None
        self.sent: list[int] = []
        self.is_stood_in_for = False
        self.is_asked = True

    def offer(self, frame: Frame) -> None:
        self.at_hand = frame.sequence

    def withdraw(self) -> None:
        self.at_hand = None

    def take_sent(self) -> list[int]:
        sent, self.sent = self.sent, []
        return sent

    def send(self) -> None:
        """Take the frame at hand for a call."""
        assert self.at_hand is not None
        self.sent.append(self.at_hand)
        self.at_hand = None


class Scene:
    def __init__(self, *choices: Choice) -> None:
        self.policy, self.loop, self.told = Told(*choices), Loop(), Happenings()
        self.picture = PicturePath(tracks=Tracks(keep=60.0, patience=60.0), follower=StillFollower())
        self.selector = Selector(policy=self.policy, clock=FakeClock(), publish=self.told)

    def frame(self, sequence: int, *, has_finder: bool = True) -> None:
        frame = a_frame(sequence, at=100.0 + sequence / 10)
        self.picture.follow(frame)
        self.selector.offer(
            frame,
            self.loop,  # type: ignore[arg-type]
            self.picture,
            has_cut=False,
            has_finder=has_finder,
        )

    def answer(self, face: Face, *, about: int) -> None:
        answer = an_answer(face, at=100.0 + about / 10, sequence=about)
        self.selector.apply(answer, self.loop, self.picture)  # type: ignore[arg-type]


def test_only_chosen_frames_are_offered_and_the_newest_of_them_waits() -> None:
    scene = Scene(NO, YES, YES, NO)
    for sequence, at_hand in enumerate((None, 1, 2, None)):
        scene.frame(sequence)
        assert scene.loop.at_hand == at_hand


def test_a_frame_that_was_sent_is_told_with_its_reason_and_the_evidence_of_its_time() -> None:
    scene = Scene(YES)
    scene.frame(0)
    scene.picture.apply(an_answer(a_face(), at=100.0))
    scene.frame(1)
    scene.loop.send()
    scene.frame(2)
    assert scene.policy.told == [("sent", pytest.approx(100.1), 1)]
    (chosen,) = scene.told.of(FrameChosen)
    assert (chosen.frame, chosen.reason) == (1, "changed")


def test_frames_that_were_passed_over_are_counted_by_reason() -> None:
    scene = Scene(NO, NO, Choice(is_chosen=False, reason="blurred"), YES, NO)
    for sequence in range(6):
        scene.frame(sequence)
    scene.selector.close()
    passed = [(event.reason, event.frames) for event in scene.told.of(FramesPassedOver)]
    assert passed == [("unchanged", 2), ("blurred", 1), ("unchanged", 2)]


def test_the_policy_learns_what_was_shown_before_and_what_was_answered() -> None:
    scene = Scene(YES)
    scene.frame(0)
    scene.loop.send()
    scene.answer(a_face(), about=0)  # before the next frame comes
    scene.frame(1)
    scene.loop.send()
    scene.frame(2)
    scene.answer(a_face(emotions={Emotion.SAD: 99.0}), about=1)
    assert scene.policy.told == [
        ("sent", 100.0, 0),
        ("answered", 100.0, {1: (None, Emotion.HAPPY)}),
        ("sent", 100.1, 1),
        ("answered", 100.1, {1: (Emotion.HAPPY, Emotion.SAD)}),
    ]


def test_a_stand_ins_answer_is_shown_and_teaches_nothing() -> None:
    scene = Scene(YES)
    scene.frame(0)
    scene.answer(a_face(), about=0)
    assert len(scene.picture.labels()) == 1
    assert scene.policy.told == []


def test_a_failed_call_is_told_by_the_instant_of_its_frame() -> None:
    scene = Scene(YES)
    scene.frame(0)
    scene.loop.send()
    scene.frame(1)
    for frame in (0, 7):  # the second was not ours
        scene.selector.note(
            DetectionFailed(at=1.0, source="test", frame=frame, detector="d", error="E", message="m")
        )
    scene.frame(2)
    assert scene.policy.told[-1] == ("failed", 100.0)
    assert len(scene.policy.told) == 2


def test_while_another_detector_stands_in_every_frame_is_offered() -> None:
    scene = Scene(NO)
    scene.loop.is_stood_in_for = True
    scene.frame(0)
    assert scene.loop.at_hand == 0
    scene.loop.send()  # the detector is tried again with it
    scene.frame(1)
    assert [event.reason for event in scene.told.of(FrameChosen)] == ["tried again"]


def test_labels_last_while_somebody_is_asked_and_fade_as_ever_when_nobody_is() -> None:
    scene = Scene(NO)
    scene.selector.labels_last = 10.0
    scene.frame(0)
    scene.picture.apply(an_answer(a_face(), at=100.0))
    shown = scene.picture.finish(a_frame(0, at=100.0), 108.0, a_status()).faces
    assert [face.opacity for face in shown] == [1.0]
    scene.loop.is_asked = False  # paused, left alone, or out of money
    scene.frame(1)
    assert all(face.is_outdated for face in scene.picture.finish(a_frame(1), 108.0, a_status()).faces)


def test_after_the_last_picture_no_frame_is_at_hand_and_what_was_sent_is_told() -> None:
    scene = Scene(YES)
    scene.frame(0)
    scene.loop.send()
    scene.frame(1)
    scene.selector.close()
    assert [event.frame for event in scene.told.of(FrameChosen)] == [0]
    assert scene.loop.at_hand is None


def test_a_finder_that_is_lost_on_the_way_is_told_once() -> None:
    scene, lost = Scene(NO), []
    scene.selector.on_finder_lost = lambda: lost.append(True)
    for sequence, has_finder in enumerate((True, False, False)):
        scene.frame(sequence, has_finder=has_finder)
    assert lost == [True]


def test_a_failure_that_is_told_before_the_sending_is_not_lost() -> None:
    scene = Scene(YES)
    scene.frame(0)
    scene.selector.note(DetectionFailed(at=1.0, source="test", frame=0, detector="d", error="E", message="m"))
    scene.frame(1)
    scene.loop.sent.append(0)
    scene.frame(2)
    scene.frame(3)
    assert [each[0] for each in scene.policy.told] == ["sent", "failed"]
