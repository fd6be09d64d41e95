from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.faces import Emotion, Landmark, Movement
from livecam.tracking.answer_look import MAX_DENIALS_SEEN
from tests.tracking.faces import DETECTOR, ON_DEVICE, Scene, a_box, a_found_face, a_named_face

if TYPE_CHECKING:
    from livecam.detections import DetectorInfo


def test_one_denial_is_forgiven_and_two_are_not() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box()))
    scene.frames(12)
    scene.answer(about=10)
    assert len(scene.shown()) == 1
    scene.frames(12)
    scene.answer(about=22)
    assert scene.shown() == ()


def test_a_face_that_cannot_be_followed_goes_at_its_first_denial() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box()))
    scene.frames(5, movement=None)
    scene.answer(about=4)
    assert scene.shown() == ()


def test_being_seen_again_makes_up_for_a_denial() -> None:
    scene = Scene()
    scene.frames()
    for step in range(8):
        scene.answer(*([a_named_face(a_box())] if step % 2 == 0 else []))
        assert len(scene.shown()) == 1
        scene.frames(12)


def test_what_the_finder_takes_for_a_face_and_the_detector_denies_twice_is_hidden_and_remembered() -> None:
    scene = Scene()
    poster = a_found_face(a_box(), score=85.0)
    for step in range(30):
        scene.frames(5)
        scene.sight(poster)
        if step in (3, 6):
            scene.answer()
        if step >= 6:
            assert scene.shown() == ()
    assert len(scene.tracks.on(scene.sequence)) == 1  # so it does not come back as new
    assert not scene.tracks.wants_finder
    scene.answer(a_named_face(a_box()))
    assert [face.emotion for face in scene.shown()] == [Emotion.HAPPY]


def test_a_rejected_face_that_is_gone_for_a_while_is_forgotten() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box()))
    scene.answer()
    scene.frames(1)
    scene.sight(a_found_face(a_box()))
    scene.answer()
    assert scene.shown() == ()
    for _ in range(16):
        scene.frames(5)
        scene.sight()
        scene.shown()
    assert scene.tracks.on(scene.sequence) == []


def test_a_confirmed_face_that_the_finder_goes_on_to_see_is_hidden_only_after_many_denials() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box()))
    scene.answer(a_named_face(a_box()))
    for denials in range(1, MAX_DENIALS_SEEN + 1):
        scene.frames(5)
        scene.sight(a_found_face(a_box()))
        scene.answer()
        assert len(scene.shown()) == (1 if denials < MAX_DENIALS_SEEN else 0)


def test_a_box_that_the_finder_has_set_right_is_hardly_moved_by_an_answer() -> None:
    scene = Scene()
    for _ in range(6):
        scene.frames(5)
        scene.sight(a_found_face(a_box(0.4)))
        scene.answer(a_named_face(a_box(0.4)))
    scene.frames(5)
    scene.sight(a_found_face(a_box(0.4)))
    scene.answer(a_named_face(a_box(0.42)))  # one noisy box
    scene.settle()
    assert scene.shown()[0].box.left == pytest.approx(0.4, abs=0.009)


def test_a_mismatched_pair_teaches_nothing() -> None:
    scene = Scene()
    scene.frames(5)
    scene.sight(a_found_face(a_box(0.4)))
    scene.answer(a_named_face(a_box(0.4 + 0.2 * 0.85)))
    assert scene.tracks.convention.count == 0


@pytest.mark.parametrize("detector", [DETECTOR, ON_DEVICE])
def test_landmarks_are_where_they_were_seen_and_move_with_the_face(detector: DetectorInfo) -> None:
    scene, nose = Scene(), Landmark("nose", 0.5, 0.45)
    scene.frames()
    scene.sight(a_found_face(a_box()))
    scene.frames(5)
    seen = replace(a_named_face(a_box(0.41, size=0.22)), landmarks=(nose,))
    scene.answer(seen, detector=detector)
    scene.settle()
    (at_rest,) = scene.shown()[0].landmarks
    assert [at_rest.x, at_rest.y] == pytest.approx([0.5, 0.45], abs=1e-4)
    assert at_rest.kind == "nose"
    scene.frames(1, movement=Movement(0.1, -0.05))
    (moved,) = scene.shown()[0].landmarks
    assert [moved.x, moved.y] == pytest.approx([0.6, 0.4], abs=1e-4)
