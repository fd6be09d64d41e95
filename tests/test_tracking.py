import pytest

from livecam.detections import DetectorInfo
from livecam.faces import BoundingBox, Emotion, Face
from livecam.tracking import FULL_UNTIL, GONE_AFTER, Tracker, match, opacity
from tests.builders import a_face, an_answer

APPROXIMATE = DetectorInfo(name="on-device", is_approximate=True, unclear_below=60.0)


def test_a_face_gets_a_label_with_its_answers_age_and_source() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(0.4), at=100.0))
    (label,) = tracker.labels(100.34)
    assert (label.track_id, label.emotion, label.box_source) == (1, Emotion.HAPPY, "scripted")
    assert label.age == pytest.approx(0.34)
    assert label.confidence == 90.0
    assert not label.unclear


def test_a_face_keeps_its_id_while_its_boxes_overlap() -> None:
    tracker = Tracker()
    for step in range(5):
        tracker.apply(an_answer(a_face(0.4 + 0.05 * step), at=100.0 + step))
    (label,) = tracker.labels(104.0)
    assert label.track_id == 1
    assert label.box.left == pytest.approx(0.6)
    assert tracker.created == 1


def test_a_face_elsewhere_is_another_face() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(0.1), at=100.0))
    tracker.apply(an_answer(a_face(0.1), a_face(0.7), at=100.5))
    assert [label.track_id for label in tracker.labels(100.5)] == [1, 2]


def test_the_greatest_overlap_is_matched_first() -> None:
    known = [BoundingBox(0.0, 0, 0.2, 0.2), BoundingBox(0.1, 0, 0.2, 0.2)]
    assert match(known, [BoundingBox(0.1, 0, 0.2, 0.2)]) == {1: 0}


def test_a_late_answer_does_not_undo_a_newer_one() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(0.5), at=101.0))
    tracker.apply(an_answer(a_face(0.45), at=100.0))
    assert tracker.labels(101.0)[0].box.left == 0.5


def test_one_miss_is_forgiven_and_lasting_absence_is_not() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(), at=100.0))
    tracker.apply(an_answer(at=100.5))
    assert len(tracker.labels(100.5)) == 1
    tracker.apply(an_answer(at=101.0))
    assert tracker.labels(101.0) == ()


def test_flicker_at_ten_answers_a_second_costs_no_label() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(), at=100.0))
    for step in (1, 2, 3):
        tracker.apply(an_answer(at=100.0 + step / 10))
    assert len(tracker.labels(100.35)) == 1


def test_a_label_fades_with_age_and_then_is_gone() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(), at=100.0))
    assert tracker.labels(100.0 + FULL_UNTIL)[0].opacity == 1.0
    assert tracker.labels(100.0 + (FULL_UNTIL + GONE_AFTER) / 2)[0].opacity == pytest.approx(0.5)
    assert tracker.labels(100.0 + GONE_AFTER) == ()
    assert opacity(1000.0) == 0.0


@pytest.mark.parametrize(("score", "is_unclear"), [(59.9, True), (60.0, False)])
def test_below_the_detectors_threshold_a_label_is_unclear(score: float, is_unclear: bool) -> None:  # noqa: FBT001
    tracker = Tracker()
    tracker.apply(an_answer(a_face(emotions={Emotion.SAD: score}), detector=APPROXIMATE))
    (label,) = tracker.labels(100.0)
    assert label.unclear is is_unclear
    assert label.emotion == (None if is_unclear else Emotion.SAD)
    assert label.confidence == score
    assert label.is_approximate


def test_unknown_is_unclear_however_sure() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(emotions={Emotion.UNKNOWN: 99.0})))
    assert tracker.labels(100.0)[0].unclear


def test_a_face_without_scores_is_neither_clear_nor_unclear() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(Face(BoundingBox(0.1, 0.1, 0.2, 0.2), 99.0)))
    (label,) = tracker.labels(100.0)
    assert (label.emotion, label.unclear, label.confidence, label.emotion_source) == (None, False, None, None)


def test_a_box_beyond_the_edge_is_shown_cut() -> None:
    tracker = Tracker()
    tracker.apply(an_answer(a_face(-0.1, -0.1)))
    assert tracker.labels(100.0)[0].box.left == 0.0
