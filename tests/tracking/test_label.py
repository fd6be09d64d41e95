import dataclasses

import pytest

from livecam.detections import DetectorInfo
from livecam.faces import BoundingBox, Emotion, Face, Landmark
from livecam.pictures import FaceLabel
from livecam.tracking.label import FULL_UNTIL, GONE_AFTER, Label, opacity
from tests.builders import DETECTOR, a_face

BOX = BoundingBox(0.1, 0.1, 0.2, 0.2)
APPROXIMATE = DetectorInfo(name="on-device", is_approximate=True, unclear_below=60.0)


def shown(label: Label, at: float) -> FaceLabel:
    return label.shown(7, BOX, at=at, box_source="finder", box_opacity=1.0)


def a_label(*, emotions: dict[Emotion, float] | None = None, detector: DetectorInfo = DETECTOR) -> Label:
    label = Label()
    label.take(a_face(emotions=emotions), detector, 100.0)
    return label


def test_it_has_its_answers_age_and_source() -> None:
    face = shown(a_label(), 100.34)
    assert (face.track_id, face.emotion, face.emotion_source) == (7, Emotion.HAPPY, "scripted")
    assert (face.box, face.box_source, face.confidence, face.unclear) == (BOX, "finder", 90.0, False)
    assert face.age == pytest.approx(0.34)
    assert face.answered_at == 100.0


def test_before_the_first_answer_nothing_is_said() -> None:
    face = shown(Label(), 100.0)
    assert (face.emotion, face.confidence, face.unclear, face.emotion_source) == (None, None, False, None)
    assert (face.age, face.answered_at, face.opacity) == (None, None, 1.0)


def test_it_fades_with_age_and_then_says_nothing_any_more() -> None:
    label = a_label()
    assert shown(label, 100.0 + FULL_UNTIL).opacity == 1.0
    assert shown(label, 100.0 + (FULL_UNTIL + GONE_AFTER) / 2).opacity == pytest.approx(0.5)
    gone = shown(label, 100.0 + GONE_AFTER)
    assert (gone.emotion, gone.confidence, gone.emotion_source, gone.scores) == (None, None, None, ())
    assert gone.answered_at == 100.0
    assert gone.box_opacity == 1.0
    assert opacity(1000.0) == 0.0


@pytest.mark.parametrize(("score", "is_unclear"), [(59.9, True), (60.0, False)])
def test_below_the_detectors_threshold_it_is_unclear(score: float, is_unclear: bool) -> None:  # noqa: FBT001
    face = shown(a_label(emotions={Emotion.SAD: score}, detector=APPROXIMATE), 100.0)
    assert face.unclear is is_unclear
    assert face.emotion == (None if is_unclear else Emotion.SAD)
    assert face.confidence == score
    assert face.is_approximate


def test_unknown_is_unclear_however_sure() -> None:
    assert shown(a_label(emotions={Emotion.UNKNOWN: 99.0}), 100.0).unclear


def test_a_face_without_scores_is_neither_clear_nor_unclear() -> None:
    label = Label()
    label.take(Face(BOX, 99.0), DETECTOR, 100.0)
    face = shown(label, 100.1)
    assert (face.emotion, face.unclear, face.confidence, face.emotion_source) == (None, False, None, None)


def test_a_picture_that_is_shown_late_has_the_label_of_its_own_time() -> None:
    label = a_label(emotions={Emotion.CALM: 95.0})
    label.take(a_face(emotions={Emotion.SURPRISED: 99.0}), DETECTOR, 110.0)
    assert shown(label, 109.0 - 8.0).emotion is Emotion.CALM
    assert shown(label, 110.0).emotion is Emotion.SURPRISED
    assert shown(label, 99.0).answered_at is None


def test_an_answer_without_scores_does_not_make_an_old_label_young() -> None:
    label = a_label()
    label.take(Face(BOX, 99.0), DETECTOR, 101.5)
    assert shown(label, 101.5).age == pytest.approx(1.5)


def test_where_a_face_is_asked_about_only_when_it_changed_its_label_lasts() -> None:
    label = a_label()

    def lasting(at: float) -> FaceLabel:
        return label.shown(7, BOX, at=at, box_source="finder", box_opacity=1.0, lasts=10.0)

    assert lasting(110.0 + FULL_UNTIL).opacity == 1.0
    assert lasting(112.0).opacity == pytest.approx(0.5)
    assert lasting(110.0 + GONE_AFTER).is_outdated
    assert shown(label, 104.0).is_outdated  # as soon as nobody is asked any more


def test_it_knows_what_the_newest_answer_said_and_what_all_amount_to() -> None:
    label = a_label(emotions={Emotion.CALM: 95.0})
    label.take(a_face(emotions={Emotion.SAD: 60.0, Emotion.CALM: 40.0}), DETECTOR, 100.1)
    assert (label.newest, label.emotion) == (Emotion.SAD, Emotion.CALM)
    assert label.answered_at == 100.1
    assert (Label().newest, Label().emotion, Label().answered_at) == (None, None, None)


def with_landmarks(box: BoundingBox, **points: tuple[float, float]) -> Face:
    landmarks = tuple(Landmark(kind, x, y) for kind, (x, y) in points.items())
    return dataclasses.replace(a_face(), box=box, landmarks=landmarks)


def test_landmarks_move_and_grow_with_the_box_while_the_answer_is_fresh() -> None:
    label = Label()
    face = with_landmarks(BoundingBox(0.2, 0.2, 0.1, 0.2), nose=(0.25, 0.3), chin=(0.25, 0.42))
    label.take(face, DETECTOR, 100.0)
    there = BoundingBox(0.4, 0.1, 0.2, 0.4)
    nose, chin = label.shown(1, there, at=100.9, box_source="x", box_opacity=1.0).landmarks
    assert (nose.kind, chin.kind) == ("nose", "chin")
    assert [nose.x, nose.y, chin.x, chin.y] == pytest.approx([0.5, 0.3, 0.5, 0.54])
    assert label.shown(1, there, at=100.0 + FULL_UNTIL, box_source="x", box_opacity=1.0).landmarks == ()


def test_landmarks_of_a_box_that_the_frame_s_edge_cuts_stay_where_they_are() -> None:
    label = Label()
    label.take(with_landmarks(BoundingBox(0.2, 0.2, 0.2, 0.2), nose=(0.3, 0.3)), DETECTOR, 100.0)
    face = label.shown(1, BoundingBox(-0.1, 0.2, 0.2, 0.2), at=100.0, box_source="x", box_opacity=1.0)
    assert face.box == BoundingBox(0.0, 0.2, 0.1, 0.2)
    assert face.landmarks[0].x == pytest.approx(0.0)


def test_landmarks_lie_where_they_were_seen_however_the_box_is_drawn() -> None:
    label, drawn = Label(), BoundingBox(0.5, 0.4, 0.2, 0.4)
    label.take(
        with_landmarks(BoundingBox(0.5, 0.5, 0.2, 0.2), nose=(0.6, 0.65)), DETECTOR, 100.0, drawn=drawn
    )
    face = label.shown(1, drawn, at=100.0, box_source="x", box_opacity=1.0)
    (nose,) = face.landmarks
    assert [nose.x, nose.y] == pytest.approx([0.6, 0.65])


def test_a_detector_that_gives_no_landmarks_shows_none() -> None:
    assert shown(a_label(), 100.0).landmarks == ()
