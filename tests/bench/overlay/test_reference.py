from __future__ import annotations

import pytest

from livecam.bench.overlay.conventions import SAME, BoxConvention
from livecam.bench.overlay.reference import EMOTIONS, Reference
from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame
from livecam.faces import BoundingBox, Emotion
from tests.bench.overlay.faces import a_box


def one_face(box: BoundingBox, *, score: float = 1.0, emotion: Emotion | None = None) -> ReferenceFrame:
    return ReferenceFrame((ReferenceFace(box, score, emotion=emotion),))


def test_the_detector_sees_the_raw_box_and_is_scored_against_the_smoothed_one() -> None:
    reference = Reference(SAME, seed=0)
    for left in (0.4, 0.4, 0.435, 0.4, 0.4):
        reference.add(one_face(a_box(left)), is_cut=False)
        seen = reference.show()
        assert seen[0].box.left == pytest.approx(left)

    truth = reference.finished()

    assert truth[2][0].box.left == pytest.approx(0.4 + 0.035 * 17 / 35)


def test_steady_movement_is_left_as_it_is() -> None:
    reference = Reference(SAME, seed=0)
    for frame in range(9):
        reference.add(one_face(a_box(0.1 + 0.02 * frame)), is_cut=False)
        reference.show()

    lefts = [faces[0].box.left for faces in reference.finished()]

    assert lefts == pytest.approx([0.1 + 0.02 * frame for frame in range(9)])


def test_boxes_are_not_smoothed_over_a_gap() -> None:
    reference = Reference(SAME, seed=0)
    for left in (0.4, 0.42, None, 0.4, 0.4):
        frame = ReferenceFrame() if left is None else one_face(a_box(left))
        reference.add(frame, is_cut=False)
        reference.show()

    truth = reference.finished()

    assert truth[1][0].box.left == pytest.approx(0.42)
    assert truth[3][0].person == 0


def test_who_is_missed_for_a_moment_is_there_but_need_not_be_shown() -> None:
    reference = Reference(SAME, seed=0)
    for left in (0.4, None, None, 0.46):
        reference.add(ReferenceFrame() if left is None else one_face(a_box(left)), is_cut=False)
        assert len(reference.show()) == (left is not None)

    faces = [frame[0] for frame in reference.finished()]

    assert [face.box.left for face in faces] == pytest.approx([0.4, 0.42, 0.44, 0.46])
    assert [face.counts for face in faces] == [True, False, False, True]
    assert {face.person for face in faces} == {0}


def test_frames_that_are_not_shown_are_known_but_not_asked_for() -> None:
    reference = Reference(SAME, seed=0)
    for frame in range(6):
        reference.add(one_face(a_box(0.1 + 0.02 * frame)), is_cut=False)
        if frame % 2 == 0:
            reference.show()

    lefts = [faces[0].box.left for faces in reference.finished()]

    assert lefts == pytest.approx([0.1, 0.14, 0.18])


def test_boxes_are_drawn_by_the_convention_and_end_at_the_edge() -> None:
    reference = Reference(BoxConvention(height=2.0), seed=0)
    reference.add(one_face(BoundingBox(0.4, 0.0, 0.2, 0.2)), is_cut=False)

    (seen,) = reference.show()
    ((true,),) = reference.finished()

    assert (seen.box.top, seen.box.height) == pytest.approx((-0.1, 0.4))
    assert (true.box.top, true.box.height) == pytest.approx((0.0, 0.3))


def test_a_window_is_the_picture() -> None:
    reference = Reference(SAME, seed=0)
    reference.add(one_face(BoundingBox(0.5, 0.5, 0.2, 0.2)), is_cut=False)

    (seen,) = reference.show(BoundingBox(0.25, 0.25, 0.5, 0.5))
    ((true,),) = reference.finished()

    assert seen.box.iou(BoundingBox(0.5, 0.5, 0.4, 0.4)) == pytest.approx(1.0)
    assert true.box.iou(seen.box) == pytest.approx(1.0)


def test_who_is_mostly_outside_is_neither_answered_about_nor_asked_for() -> None:
    reference = Reference(SAME, seed=0)
    reference.add(one_face(BoundingBox(0.95, 0.4, 0.2, 0.2)), is_cut=False)

    assert reference.show() == ()
    ((true,),) = reference.finished()
    assert not true.counts


def test_who_is_wholly_outside_is_not_there() -> None:
    reference = Reference(SAME, seed=0)
    reference.add(one_face(BoundingBox(1.1, 0.4, 0.2, 0.2)), is_cut=False)

    assert reference.show() == ()
    assert reference.finished() == ((),)


@pytest.mark.parametrize(
    ("size", "score", "counts"),
    [(0.07, 0.5, True), (0.05, 0.75, True), (0.05, 0.5, False)],
)
def test_small_faces_count_only_when_the_reference_is_sure(
    size: float, score: float, *, counts: bool
) -> None:
    reference = Reference(SAME, seed=0)
    reference.add(one_face(a_box(size=size), score=score), is_cut=False)
    reference.show()

    assert reference.finished()[0][0].counts is counts


def test_each_person_has_an_emotion_of_their_own_unless_the_reference_names_it() -> None:
    faces = tuple(ReferenceFace(a_box(0.1 * index, size=0.05)) for index in range(10))
    reference = Reference(SAME, seed=0)
    reference.add(ReferenceFrame(faces), is_cut=False)

    emotions = [face.emotion for face in reference.show()]

    assert emotions == [*EMOTIONS, *EMOTIONS[:2]]
    assert len(set(EMOTIONS)) == 8

    reference.add(one_face(a_box(0.0, size=0.05), emotion=Emotion.FEAR), is_cut=False)
    assert reference.show()[0].emotion is Emotion.FEAR
