from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.overlay.hold import HoldingPath
from livecam.faces import Emotion
from tests.builders import a_face, a_frame, a_status, an_answer

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel


def shown(path: HoldingPath, now: float = 101.0) -> tuple[FaceLabel, ...]:
    return path.finish(a_frame(), now, a_status()).faces


def test_nothing_is_shown_before_the_first_answer() -> None:
    path = HoldingPath()
    path.follow(a_frame())

    assert shown(path) == ()
    assert not path.wants_finder


def test_boxes_and_labels_stay_as_they_were_answered() -> None:
    path = HoldingPath()
    path.apply(an_answer(a_face(0.4, emotions={Emotion.CALM: 20.0, Emotion.FEAR: 70.0}), at=100.0))

    (face,) = shown(path, now=109.0)

    assert face.box == a_face(0.4).box
    assert (face.emotion, face.confidence, face.age) == (Emotion.FEAR, 70.0, 9.0)


def test_a_box_ends_at_the_edge() -> None:
    path = HoldingPath()
    path.apply(an_answer(a_face(0.9)))

    assert shown(path)[0].box.right == 1.0


def test_an_answer_about_an_older_frame_is_left_out() -> None:
    path = HoldingPath()
    path.apply(an_answer(a_face(0.4), sequence=9))
    path.apply(an_answer(a_face(0.1), sequence=3))

    assert shown(path)[0].box == a_face(0.4).box


def test_an_empty_answer_takes_the_boxes_away() -> None:
    path = HoldingPath()
    path.apply(an_answer(a_face(), sequence=0))
    path.apply(an_answer(sequence=1))

    assert shown(path) == ()


def test_an_id_goes_with_the_overlap() -> None:
    path = HoldingPath()
    path.apply(an_answer(a_face(0.1), a_face(0.6), sequence=0))
    path.apply(an_answer(a_face(0.62), a_face(0.12), sequence=1))
    moved = [face.track_id for face in shown(path)]
    path.apply(an_answer(a_face(0.3), sequence=2))

    assert moved == [2, 1]
    assert [face.track_id for face in shown(path)] == [3]


def test_a_face_without_emotions_has_no_label() -> None:
    path = HoldingPath()
    path.apply(an_answer(a_face(emotions={})))

    (face,) = shown(path)
    assert (face.emotion, face.emotion_source) == (None, None)
