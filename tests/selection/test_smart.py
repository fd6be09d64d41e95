from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.detections import Appearance
from livecam.faces import Emotion
from livecam.selection.choice import FaceEvidence
from livecam.selection.smart import FORGOTTEN_AFTER, REFRESH, Smart
from tests.selection.evidence import SHARP, a_look, a_seen_face

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.selection.choice import Policy

FPS = 30
LATENCY = 0.34


class Camera:
    """Thirty frames a second, five looks, a pace of two calls a second, answers 0.34 s late."""

    def __init__(self, policy: Policy, *, start: float = 1000.0) -> None:
        self.policy = policy
        self.start = self.now = start
        self.label = Emotion.CALM
        self.calls: list[tuple[float, str]] = []
        """When, in seconds since the start, and why."""
        self.passed_over: set[str] = set()
        self._answered_at: dict[int, float] = {}
        self._shown: dict[int, Emotion] = {}
        self._under_way: list[tuple[float, tuple[int, ...]]] = []
        self._looks: dict[int, tuple[float, Appearance]] = {}
        self._frame = 0

    def run(
        self,
        seconds: float,
        faces: dict[int, Callable[[float], Appearance | None]],
        *,
        fails: bool = False,
        denied: Sequence[int] = (),
        cut: bool = False,
    ) -> list[tuple[float, str]]:
        """Go on for so long; return the calls that were made: when since the start, and why."""
        before = len(self.calls)
        for index in range(round(seconds * FPS)):
            self.now = self.start + self._frame / FPS
            self._settle(fails, denied)
            if self._frame % 6 == 0:
                looks = {key: look(self.now - self.start) for key, look in faces.items()}
                self._looks |= {key: (self.now, look) for key, look in looks.items() if look is not None}
            self._offer([self._evidence(key) for key in faces], has_cut=cut and index == 0)
            self._frame += 1
        return self.calls[before:]

    def _offer(self, evidence: list[FaceEvidence], *, has_cut: bool) -> None:
        choice = self.policy.choose(self.now, evidence, has_cut=has_cut)
        if not choice.is_chosen:
            self.passed_over.add(choice.reason)
            return
        if self.calls and self.now - self.start - self.calls[-1][0] < 0.5 - 1e-6:
            return
        self.calls.append((round(self.now - self.start, 3), choice.reason))
        self.policy.sent(self.now, evidence)
        self._under_way.append((self.now, tuple(each.key for each in evidence)))

    def _evidence(self, key: int) -> FaceEvidence:
        seen_at, look = self._looks.get(key, (None, None))
        return FaceEvidence(key, self._answered_at.get(key), look, seen_at, 0.3)

    def _settle(self, fails: bool, denied: Sequence[int]) -> None:  # noqa: FBT001
        while self._under_way and self.now >= self._under_way[0][0] + LATENCY:
            captured_at, keys = self._under_way.pop(0)
            if fails:
                self.policy.failed(captured_at)
                continue
            named = [key for key in keys if key not in denied]
            self.policy.answered(captured_at, {key: (self._shown.get(key), self.label) for key in named})
            for key in named:
                self._answered_at[key], self._shown[key] = captured_at, self.label


def still(at: float) -> Appearance:
    return a_look()


def noisy(seed: int = 1) -> Callable[[float], Appearance]:
    """Return a face that keeps still before a camera: looks some 0.02 to 0.03 from one another."""
    chance = np.random.default_rng(seed)

    def look(at: float) -> Appearance:
        vector = a_look().vector + chance.normal(0, 0.0075, 512).astype(np.float32)
        return Appearance(
            (vector / np.linalg.norm(vector)).astype(np.float32), SHARP * chance.uniform(0.9, 1.1)
        )

    return look


def stepping(*steps: float, distance: float = 0.1) -> Callable[[float], Appearance]:
    """Return a face that changes at these seconds, and back at the next."""

    def look(at: float) -> Appearance:
        return a_look(distance * (sum(at >= step for step in steps) % 2))

    return look


def test_a_new_face_is_asked_about_at_once_and_only_once() -> None:
    camera = Camera(Smart(has_finder=True))
    assert camera.run(9.0, {1: still}) == [(0.0, "new face")]
    assert camera.passed_over == {"asked", "unchanged"}


def test_a_face_that_joins_is_asked_about_and_the_other_rides_along() -> None:
    camera = Camera(Smart(has_finder=True))
    camera.run(6.0, {1: still})
    assert camera.run(9.0, {1: still, 2: still}) == [(6.0, "new face")]
    assert camera.run(2.0, {1: still, 2: still}) == [(16.0, "label old")]


def test_a_still_face_is_asked_about_by_the_refresh_alone() -> None:
    camera = Camera(Smart(has_finder=True))
    assert [at for at, _ in camera.run(61.0, {1: still})] == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    assert Smart(has_finder=True).refresh == REFRESH == 10.0
    sooner = Camera(Smart(has_finder=True, refresh=5.0))
    assert len(sooner.run(21.0, {1: still})) == 5
    assert sooner.policy.refresh == 5.0  # type: ignore[attr-defined]


def test_a_still_face_before_a_noisy_camera_costs_at_most_fifteen_calls_a_minute() -> None:
    camera = Camera(Smart(has_finder=True))
    assert len(camera.run(120.0, {1: noisy()})) <= 30


def test_a_change_is_asked_about_as_soon_as_it_is_no_blink() -> None:
    camera = Camera(Smart(has_finder=True))
    calls = camera.run(6.0, {1: stepping(3.0)})
    assert calls[0] == (0.0, "new face")
    assert calls[1][1] == "changed"
    assert 3.0 <= calls[1][0] <= 3.5
    blinking = Camera(Smart(has_finder=True))
    assert len(blinking.run(9.0, {1: stepping(3.0, 3.2, 5.0, 5.2)})) == 1


def test_between_two_calls_about_changes_there_is_half_a_second() -> None:
    policy = Smart(has_finder=True)
    policy.choose(1000.0, [a_seen_face(1000.0)])
    policy.sent(1000.0, [a_seen_face(1000.0)])
    policy.answered(1000.0, {1: (None, Emotion.CALM)})
    changed = a_seen_face(1000.4, 0.5, answered_at=1000.0)
    assert policy.choose(1000.45, [changed]).reason == "too soon"
    assert policy.choose(1000.5, [changed]).reason == "changed"
    new = a_seen_face(1000.4, key=2)
    assert policy.choose(1000.45, [changed, new]).reason == "new face"


def test_what_changes_in_vain_is_asked_about_more_rarely() -> None:
    nods = stepping(*np.arange(1.0, 60.0, 2.0), distance=0.3)
    learning, fixed = Camera(Smart(has_finder=True)), Camera(Smart(has_finder=True, learns=False))
    for camera in (learning, fixed):
        camera.run(20.0, {1: nods})
    assert len(fixed.run(20.0, {1: nods})) == 20, "at the change, and once more while it settles"
    assert len(learning.run(20.0, {1: nods})) == 10


def test_what_changes_rightly_goes_on_being_asked_about() -> None:
    camera = Camera(Smart(has_finder=True))
    face = stepping(*np.arange(4.0, 60.0, 4.0))
    camera.run(4.0, {1: face})
    for label in [Emotion.HAPPY, Emotion.CALM] * 7:
        camera.label = label
        assert "changed" in [why for _, why in camera.run(4.0, {1: face})]


def test_a_call_that_failed_is_repeated_at_the_pace_until_one_is_answered() -> None:
    camera = Camera(Smart(has_finder=True))
    failing = camera.run(2.4, {1: still}, fails=True)
    assert [why for _, why in failing] == ["new face"] + ["not answered"] * 4
    camera.run(0.6, {1: still})
    assert camera.run(6.0, {1: still}) == []


def test_what_the_detector_never_names_is_asked_about_more_and_more_rarely() -> None:
    camera = Camera(Smart(has_finder=True))
    calls = camera.run(60.0, {1: still}, denied=[1])
    assert calls[0] == (0.0, "new face")
    assert {why for _, why in calls[1:]} == {"not answered"}
    assert [round(at) for at, _ in calls] == [0, 1, 3, 7, 15, 25, 35, 45, 55]


def test_a_cut_makes_every_face_due_once() -> None:
    camera = Camera(Smart(has_finder=True))
    camera.run(4.0, {1: still, 2: still})
    assert camera.run(4.0, {1: still, 2: stepping(0.0)}, cut=True) == [(4.0, "scene cut")]


def test_a_cut_stays_due_until_a_frame_of_the_new_scene_is_sent() -> None:
    policy = Smart(has_finder=True)
    face = a_seen_face(1000.0, answered_at=1000.0)
    policy.choose(1000.0, [face])
    assert policy.choose(1001.0, [face], has_cut=True).reason == "scene cut"
    policy.sent(1000.9, [face])
    assert policy.choose(1001.1, [face]).reason == "scene cut"
    policy.sent(1001.1, [face])
    assert policy.choose(1001.2, [face]).reason == "asked"


def test_nobody_costs_one_check_a_minute_also_when_the_light_flickers() -> None:
    camera = Camera(Smart(has_finder=True))
    for _ in range(30):
        camera.run(10.0, {}, cut=True)
    assert [(round(at), why) for at, why in camera.calls] == [
        (2 + 60 * minute, "nobody for long") for minute in range(5)
    ]
    assert camera.passed_over == {"nobody"}


def test_the_minute_begins_when_the_last_one_left() -> None:
    camera = Camera(Smart(has_finder=True))
    camera.run(30.0, {1: still})
    assert camera.run(59.9, {}) == []
    assert [why for _, why in camera.run(1.0, {})] == ["nobody for long"]


def test_checks_of_an_empty_scene_can_be_off_or_more_frequent() -> None:
    assert Camera(Smart(has_finder=True, nobody_every=None)).run(200.0, {}) == []
    assert len(Camera(Smart(has_finder=True, nobody_every=10.0)).run(65.0, {})) == 7


def test_a_blurred_face_is_sent_later_unless_it_is_new() -> None:
    def shaken(at: float) -> Appearance:
        return a_look(0.1 if at >= 3 else 0.0, sharpness=SHARP / 3 if 3 <= at < 3.55 else SHARP)

    waiting, hasty = Camera(Smart(has_finder=True)), Camera(Smart(has_finder=True, waits_while_blurred=False))
    ((later, why),) = waiting.run(3.9, {1: shaken})[1:]
    ((sooner, _), *_) = hasty.run(3.9, {1: shaken})[1:]
    assert why == "changed"
    assert 3.5 <= later <= sooner + 0.41
    assert sooner < 3.4
    assert "blurred" in waiting.passed_over
    blurred_from_the_start = Camera(Smart(has_finder=True))
    assert blurred_from_the_start.run(0.1, {1: lambda at: a_look(sharpness=1.0)}) == [(0.0, "new face")]


def test_a_sharp_face_that_changed_does_not_wait_for_a_blurred_one() -> None:
    policy = Smart(has_finder=True)
    both = [a_seen_face(1000.0), a_seen_face(1000.0, key=2)]
    policy.choose(1000.0, both)
    policy.sent(1000.0, both)
    policy.answered(1000.0, {1: (None, Emotion.CALM), 2: (None, Emotion.CALM)})
    blurred = a_seen_face(1001.5, 0.1, answered_at=1000.0, sharpness=SHARP / 3)
    sharp = a_seen_face(1001.5, 0.1, key=2, answered_at=1000.0)
    assert policy.choose(1001.5, [blurred]).reason == "blurred"
    assert policy.choose(1001.5, [blurred, sharp]).reason == "changed"


def test_a_face_that_the_finder_does_not_see_is_asked_about_every_two_seconds() -> None:
    camera = Camera(Smart(has_finder=True))
    calls = camera.run(11.0, {1: lambda at: None})
    assert [round(at) for at, _ in calls] == [0, 2, 4, 6, 8, 10]
    assert {why for _, why in calls[1:]} == {"label old"}


def test_without_a_finder_every_frame_is_worth_a_call() -> None:
    policy = Smart(has_finder=False)
    assert policy.choose(1000.0, []).reason == "pace"
    lost = Smart(has_finder=True)
    assert not lost.choose(1000.0, []).is_chosen
    lost.finder_lost()
    assert lost.choose(1000.1, []).is_chosen
    assert lost.choose(1000.2, [a_seen_face(1000.0)]).reason == "pace"


def test_faces_that_are_gone_for_long_are_forgotten() -> None:
    policy = Smart(has_finder=True)
    for second in range(200):
        policy.choose(1000.0 + second, [a_seen_face(1000.0 + second, key=second)])
    assert len(policy._faces) <= FORGOTTEN_AFTER + 1


@pytest.mark.parametrize("labels", [{}, {7: (None, Emotion.SAD)}])
def test_answers_about_what_it_does_not_know_harm_nothing(
    labels: dict[int, tuple[Emotion | None, Emotion | None]],
) -> None:
    policy = Smart(has_finder=True)
    policy.answered(1000.0, labels)
    policy.failed(1000.0)
    assert policy.choose(1001.0, [a_seen_face(1001.0)]).reason == "new face"
