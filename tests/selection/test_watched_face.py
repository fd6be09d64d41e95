from __future__ import annotations

import pytest

from livecam.faces import Emotion
from livecam.selection.blur import BlurVeto
from livecam.selection.reasons import Reason
from livecam.selection.threshold import FixedThreshold, LearningThreshold
from livecam.selection.watched_face import BLIND_AFTER, BLIND_REFRESH, WatchedFace
from tests.selection.evidence import SHARP, a_seen_face

SAME = (Emotion.CALM, Emotion.CALM)
OTHER = (Emotion.CALM, Emotion.HAPPY)


class Bench:
    """One watched face, its first call at 100.0 sent and answered."""

    def __init__(self, *, veto: BlurVeto | None = None) -> None:
        self.threshold = LearningThreshold(0.02)
        self.face = WatchedFace(threshold=self.threshold, veto=veto, refresh=10.0)
        self.face.look(a_seen_face(100.0))
        self.face.sent(100.0, a_seen_face(100.0))
        self.face.answered(100.0, (None, Emotion.CALM))

    def verdict(self, now: float, distance: float = 0.0, *, sharpness: float = SHARP) -> Reason:
        """Return the verdict on a frame in which the face is this far from its first look."""
        seen = a_seen_face(now, distance, answered_at=100.0, sharpness=sharpness)
        self.face.look(seen)
        return self.face.verdict(now, seen, may_repeat=True)

    def call(self, at: float, distance: float, labels: tuple[Emotion, Emotion] | None) -> float:
        """Send and answer a frame; return the threshold after it."""
        seen = a_seen_face(at, distance, answered_at=100.0)
        self.face.look(seen)
        self.face.sent(at, seen)
        if labels is None:
            self.face.missed(at)
        else:
            self.face.answered(at, labels)
        return self.threshold.value


def test_a_face_that_nobody_was_asked_about_is_new_and_then_asked() -> None:
    face = WatchedFace(threshold=FixedThreshold(), veto=None, refresh=10.0)
    seen = a_seen_face(100.0)
    face.look(seen)
    assert face.verdict(100.0, seen, may_repeat=False) is Reason.NEW_FACE
    face.sent(100.0, seen)
    assert face.verdict(100.1, seen, may_repeat=True) is Reason.ASKED
    face.answered(100.0, (None, Emotion.CALM))
    assert face.verdict(100.2, seen, may_repeat=True) is Reason.UNCHANGED


def test_a_face_that_an_answer_brought_is_not_new() -> None:
    face = WatchedFace(threshold=FixedThreshold(), veto=None, refresh=10.0)
    seen = a_seen_face(100.0, answered_at=99.5)
    face.look(seen)
    assert face.verdict(100.0, seen, may_repeat=True) is Reason.UNCHANGED


def test_it_has_changed_above_the_threshold_only() -> None:
    assert Bench().verdict(101.2, 0.019) is Reason.UNCHANGED
    assert Bench().verdict(101.2, 0.021) is Reason.CHANGED


@pytest.mark.parametrize(
    ("distance", "labels", "factor"),
    [(0.1, SAME, 1.12), (0.1, OTHER, 0.75), (0.0, OTHER, 0.7), (0.0, SAME, 1.0), (0.1, None, 1.12)],
)
def test_it_learns_from_each_answer(
    distance: float, labels: tuple[Emotion, Emotion] | None, factor: float
) -> None:
    assert Bench().call(105.0, distance, labels) == pytest.approx(0.02 * factor)


def test_the_answer_about_a_new_face_or_another_scene_teaches_nothing() -> None:
    bench = Bench()
    assert bench.threshold.value == 0.02
    bench.face.cut(104.0)
    assert bench.call(105.0, 0.1, OTHER) == 0.02
    bench.face.answered(107.0, OTHER)
    assert bench.threshold.value == 0.02, "nobody asked about that frame"


def test_what_the_finder_does_not_see_is_asked_about_sooner() -> None:
    bench = Bench()
    unseen = a_seen_face(100.0, answered_at=100.0)
    for now, verdict in [(101.9, Reason.UNCHANGED), (100.0 + BLIND_REFRESH, Reason.LABEL_OLD)]:
        assert bench.face.verdict(now, unseen, may_repeat=True) is verdict


def test_a_change_seen_long_ago_is_none() -> None:
    bench = Bench()
    assert bench.verdict(101.2, 0.1) is Reason.CHANGED
    gone = a_seen_face(101.2, 0.1, answered_at=102.5)
    later = 101.2 + BLIND_AFTER + 0.1
    assert bench.face.verdict(later, gone, may_repeat=True) is Reason.UNCHANGED


def test_an_old_label_waits_for_a_call_that_is_under_way() -> None:
    bench = Bench()
    bench.face.sent(101.0, a_seen_face(101.0, answered_at=100.0))
    assert bench.verdict(111.5) is Reason.ASKED
    bench.face.answered(101.0, SAME)
    assert bench.verdict(111.6) is Reason.LABEL_OLD


def test_while_blurred_a_change_waits_and_then_does_not() -> None:
    bench = Bench(veto=BlurVeto())
    assert bench.verdict(101.2, 0.1, sharpness=SHARP / 2) is Reason.BLURRED
    assert bench.verdict(101.5, 0.1, sharpness=SHARP / 2) is Reason.BLURRED
    assert bench.verdict(101.7, 0.1, sharpness=SHARP / 2) is Reason.CHANGED


def test_a_change_that_passes_while_it_waits_is_forgotten() -> None:
    bench = Bench(veto=BlurVeto())
    assert bench.verdict(101.2, 0.1, sharpness=SHARP / 2) is Reason.BLURRED
    assert bench.verdict(102.4, 0.0, sharpness=SHARP / 2) is Reason.UNCHANGED
    assert bench.verdict(103.6, 0.1, sharpness=SHARP / 2) is Reason.BLURRED
