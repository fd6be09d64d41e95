import pytest

from livecam.faces import BoundingBox, Emotion
from livecam.tracking.convention import Convention
from livecam.tracking.finder_look import completed
from livecam.tracking.relation import Relation
from tests.tracking.faces import FPS, ON_DEVICE, Scene, a_box, a_found_face, a_named_face

TINY = a_box(0.4, size=0.05)
"""18 pixels high."""


def test_a_sure_face_is_shown_at_once_and_an_unsure_one_at_its_second_sighting() -> None:
    scene = Scene()
    scene.frames()
    sure, unsure = a_found_face(a_box(0.1), score=80.0), a_found_face(a_box(0.6), score=55.0)
    scene.sight(sure, unsure)
    assert len(scene.shown()) == 1
    scene.frames()
    scene.sight(sure, unsure)
    assert len(scene.shown()) == 2


def test_what_is_hardly_a_face_begins_nothing_but_is_enough_to_see_one_again() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box(), score=45.0))
    assert scene.tracks.on(scene.sequence) == []
    scene.sight()
    scene.frames()
    scene.sight(a_found_face(a_box(), score=55.0))
    scene.frames()
    scene.sight(a_found_face(a_box(), score=45.0))
    assert len(scene.shown()) == 1


def test_a_flicker_is_never_shown() -> None:
    scene = Scene()
    for step in range(20):
        scene.frames(5)
        scene.sight(*([a_found_face(a_box(), score=70.0)] if step % 4 == 0 else []))
        assert scene.shown() == ()


def test_a_look_sets_a_box_right_by_its_gain() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box(0.4)))
    scene.frames(5)
    scene.sight(a_found_face(a_box(0.43)))
    scene.settle()
    assert scene.shown()[0].box.left == pytest.approx(0.4 + 0.6 * 0.03, abs=1e-3)


def test_more_frequent_looks_correct_less_each() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box(0.4)))
    scene.frames(1)
    scene.sight(a_found_face(a_box(0.43)))
    scene.settle()
    assert 0.4 < scene.shown()[0].box.left < 0.41


def test_of_a_tiny_face_that_the_detector_knows_the_finder_only_says_that_it_is_there() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(TINY))
    scene.frames(5)
    scene.sight(a_found_face(BoundingBox(0.41, 0.3, 0.05, 0.075)))
    scene.settle()
    assert scene.shown()[0].box.left == pytest.approx(0.4)


def test_where_the_finder_is_alone_it_is_believed_of_tiny_faces_too() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(TINY))
    scene.frames(5)
    scene.sight(a_found_face(BoundingBox(0.41, 0.3, 0.05, 0.075)))
    scene.settle()
    assert scene.shown()[0].box.left == pytest.approx(0.406, abs=1e-5)


def test_an_answer_corrects_a_small_face_that_the_finder_has_set_right_as_well_as_it_could() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(TINY))
    scene.answer(a_named_face(BoundingBox(0.41, 0.3, 0.05, 0.075)))
    (pair,) = scene.tracks.on(scene.sequence)
    assert pair[1].left == pytest.approx(0.41)
    assert pair[0].pairs == 0


def test_one_miss_says_nothing_and_lasting_absence_ends_an_unconfirmed_face() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box()))
    scene.frames(4)
    scene.sight(a_found_face(a_box()))
    scene.frames(5)
    scene.sight()
    assert len(scene.shown()) == 1
    scene.frames(5)
    scene.sight()
    assert scene.shown() == ()


def test_a_confirmed_face_outlasts_a_hand_before_it() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box()))
    scene.answer(a_named_face(a_box()))
    for _ in range(5):  # one second of misses
        scene.frames(5)
        scene.sight()
    assert len(scene.shown()) == 1
    scene.frames(10)
    scene.sight()
    assert scene.shown() == ()


def test_a_confirmed_face_that_cannot_be_followed_either_goes_sooner() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box()))
    scene.answer(a_named_face(a_box()))
    scene.frames(round(0.44 * FPS), movement=None)
    scene.sight()
    assert scene.shown() == ()


def test_a_face_that_only_the_detector_sees_does_not_depend_on_the_finder() -> None:
    scene = Scene()
    for step in range(12):
        scene.frames(5)
        scene.sight()
        if step % 3 == 0:
            scene.answer(a_named_face(a_box()), about=scene.sequence)
    assert len(scene.shown()) == 1


def test_the_first_look_at_a_face_of_the_detectors_says_how_their_boxes_differ() -> None:
    scene = Scene()
    scene.frames()
    higher = Relation(dy=-0.08, log_height=0.14)
    scene.answer(a_named_face(higher.applied_to(a_box())))
    scene.frames(5)
    scene.sight(a_found_face(a_box()))
    (pair,) = scene.tracks.on(scene.sequence)
    assert pair[0].relation.log_height == pytest.approx(0.14)
    assert pair[1].height == pytest.approx(a_box().height)
    assert scene.shown()[0].box.height == pytest.approx(higher.applied_to(a_box()).height)


def test_where_the_convention_is_known_the_first_look_corrects_the_box_instead() -> None:
    scene = Scene(convention=Convention(Relation(), 10))
    scene.frames()
    scene.answer(a_named_face(a_box()))
    scene.frames(5)
    scene.sight(a_found_face(a_box(0.42)))
    (pair,) = scene.tracks.on(scene.sequence)
    assert pair[0].relation == Relation()
    assert pair[1].left > 0.409


@pytest.mark.parametrize(
    ("seen", "whole"),
    [
        (BoundingBox(0.0, 0.3, 0.1, 0.3), BoundingBox(-0.1, 0.3, 0.2, 0.3)),
        (BoundingBox(0.9, 0.3, 0.1, 0.3), BoundingBox(0.9, 0.3, 0.2, 0.3)),
        (BoundingBox(0.4, 0.0, 0.2, 0.1), BoundingBox(0.4, -0.2, 0.2, 0.3)),
        (BoundingBox(0.4, 0.9, 0.2, 0.1), BoundingBox(0.4, 0.9, 0.2, 0.3)),
        (BoundingBox(0.4, 0.3, 0.1, 0.3), BoundingBox(0.4, 0.3, 0.1, 0.3)),
        (BoundingBox(0.0, 0.3, 0.25, 0.3), BoundingBox(0.0, 0.3, 0.25, 0.3)),
    ],
)
def test_sides_that_the_frames_edge_has_cut_are_completed(seen: BoundingBox, whole: BoundingBox) -> None:
    box = completed(seen, a_box())
    assert (box.left, box.top) == pytest.approx((whole.left, whole.top))
    assert (box.width, box.height) == pytest.approx((whole.width, whole.height))


def test_a_neighbour_is_not_taken_for_a_face_that_the_finder_does_not_see() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.40)))
    scene.frames(5)
    scene.sight(a_found_face(a_box(0.40 + 0.2 * 0.6)))  # more than half a face beside it
    boxes = {face.emotion: face.box.left for face in scene.shown()}
    assert boxes == {Emotion.HAPPY: 0.4, None: pytest.approx(0.52)}
    assert scene.tracks.convention.count == 0


def test_a_look_that_comes_after_a_younger_one_moves_nothing() -> None:
    scene = Scene()
    scene.frames(10)
    scene.sight(a_found_face(a_box(0.40)), about=9)
    scene.answer(a_named_face(a_box(0.44)), about=5, detector=ON_DEVICE)
    scene.frames(3)
    scene.answer(a_named_face(a_box(0.44)), about=8, detector=ON_DEVICE)
    scene.settle()
    (face,) = scene.shown()
    assert face.box.left == pytest.approx(0.40)
    assert face.emotion is Emotion.HAPPY


def test_the_first_pair_of_boxes_is_learnt_for_all_faces() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(Relation(log_height=0.14).applied_to(a_box())))
    scene.frames(5)
    scene.sight(a_found_face(a_box()))
    assert scene.tracks.convention.relation.log_height == pytest.approx(0.14)


def test_a_rejected_face_that_another_detector_scores_is_shown_again() -> None:
    scene = Scene()
    for _ in range(3):
        scene.frames(5)
        scene.sight(a_found_face(a_box()))
        scene.answer()
    assert scene.shown() == ()
    scene.frames(5)
    scene.answer(a_named_face(a_box()), detector=ON_DEVICE)
    assert [face.emotion for face in scene.shown()] == [Emotion.HAPPY]
