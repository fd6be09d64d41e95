from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.detectors.on_device import OnDeviceDetector
from livecam.faces import BoundingBox, Emotion
from livecam.frames import Frame
from livecam.sources.demo_scene import PERIOD, DemoScene, TrueFace
from livecam.sources.demo_scene.portrait import FACE_BOX, HEIGHT, WIDTH
from livecam.testing.clock import FakeClock
from tests.requirements import installed_models

if TYPE_CHECKING:
    from typing import TypeAlias

    from livecam.detections import Detection
    from livecam.frames import Image

    Answers: TypeAlias = list[tuple[TrueFace | None, Detection]]

TIMES = [i / 30 for i in range(round(PERIOD * 30))]
STEADY_CALM = [1.0, 3.5, 16.0, 24.7, 33.0, 39.5]


def only_face(scene: DemoScene, t: float) -> TrueFace:
    (face,) = scene.truth(t).faces
    return face


def test_the_same_time_gives_the_same_bytes(scene: DemoScene, portrait: Image) -> None:
    other = DemoScene(640, 360, portrait=portrait)
    other.render(21.0)  # what was drawn before must not matter
    for t in (0.0, 4.2, 8.7, 28.01):
        assert np.array_equal(scene.render(t), other.render(t))
        assert np.array_equal(scene.render(t), scene.render(t))


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (360, 640), (161, 91)])
def test_pictures_have_the_size_that_was_asked_for(portrait: Image, size: tuple[int, int]) -> None:
    picture = DemoScene(*size, portrait=portrait).render(5.0)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8


def test_a_picture_may_be_written_into_without_changing_the_next(scene: DemoScene) -> None:
    first = scene.render(2.0)
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(scene.render(2.0), kept)


def test_the_first_picture_shows_a_calm_face(scene: DemoScene) -> None:
    face = only_face(scene, 0.0)
    assert face.visible_share == 1.0
    assert face.expression is Emotion.CALM
    assert not face.is_transition


def test_the_face_leaves_for_about_two_seconds_and_comes_back(scene: DemoScene) -> None:
    is_there = [bool(scene.truth(t).faces) for t in TIMES]
    changes = [t for t, (before, after) in zip(TIMES, pairwise(is_there), strict=False) if before != after]
    assert len(changes) == 2
    assert 1.5 < changes[1] - changes[0] < 3.0


def test_the_picture_is_empty_while_the_truth_says_so(scene: DemoScene, portrait: Image) -> None:
    gone = next(t for t in TIMES if not scene.truth(t).faces) + 1.0
    nobody = DemoScene(640, 360, portrait=np.zeros_like(portrait)).render(gone)
    assert np.array_equal(scene.render(gone), nobody)


def test_a_face_on_its_way_out_is_partly_visible(scene: DemoScene) -> None:
    shares = [face.visible_share for t in TIMES for face in scene.truth(t).faces]
    assert any(0 < share < 0.5 for share in shares)
    assert max(shares) == 1.0
    assert sum(share == 1.0 for share in shares) > 0.85 * len(TIMES)


def test_all_four_expressions_occur_in_full_view(scene: DemoScene) -> None:
    seen = {
        face.expression
        for t in TIMES
        for face in scene.truth(t).faces
        if face.visible_share == 1.0 and not face.is_transition
    }
    assert seen == {Emotion.CALM, Emotion.HAPPY, Emotion.ANGRY, Emotion.SURPRISED}


def test_the_box_moves_smoothly(scene: DemoScene) -> None:
    for before, after in pairwise(scene.truth(t).faces for t in TIMES):
        if before and after:
            assert after[0].box.iou(before[0].box) > 0.7
            assert abs(after[0].box.left - before[0].box.left) < 0.03


@pytest.mark.parametrize("t", STEADY_CALM)
def test_the_true_box_is_where_the_pixels_are(t: float) -> None:
    left, top, width, height = FACE_BOX
    edges = [(left, top + height / 2), (left + width, top + height / 2), (left + width / 2, top + 8)]
    edges.append((left + width / 2, top + height - 8))
    centres = []
    for x, y in edges:
        marked = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        marked[(rows - y) ** 2 + (columns - x) ** 2 < 36] = (0, 255, 0)
        centres.append(centre_of_green(DemoScene(1280, 720, portrait=marked).render(t)))
    box = only_face(DemoScene(1280, 720, portrait=np.zeros((HEIGHT, WIDTH, 3), np.uint8)), t).box
    middle = (centres[0] + centres[1]) / 2
    assert middle / (1280, 720) == pytest.approx(
        np.array([box.left + box.width / 2, box.top + box.height / 2]), abs=0.001
    )
    assert np.linalg.norm(centres[1] - centres[0]) == pytest.approx(box.width * 1280, rel=0.005)
    assert np.linalg.norm(centres[3] - centres[2]) == pytest.approx(
        box.height * 720 * (height - 16) / height, rel=0.005
    )


def centre_of_green(picture: Image) -> np.ndarray:
    """Return x and y of the green marker in pixels."""
    blue, green, red = (picture[..., channel].astype(float) for channel in range(3))
    weight = np.clip(green - np.maximum(blue, red) - 60, 0, None)
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]]
    return np.asarray([(weight * columns).sum(), (weight * rows).sum()] / weight.sum())


@pytest.fixture(scope="module")
def answers(portrait: Image) -> Answers:
    """The truth and the engine's answer, twice a second over a whole loop."""
    detector = OnDeviceDetector(models_dir=installed_models(), clock=FakeClock())
    scene = DemoScene(1280, 720, portrait=portrait)
    found = []
    for index in range(round(PERIOD * 2)):
        t = index / 2 + 0.25
        faces = scene.truth(t).faces
        frame = Frame("demo", index, t, t, scene.render(t))
        found.append((faces[0] if faces else None, detector.detect(frame)))
    return found


def test_the_engine_finds_a_face_in_full_view_where_it_is(answers: Answers) -> None:
    full = [(face, answer) for face, answer in answers if face is not None and face.visible_share == 1.0]
    best = [max((found.box.iou(face.box) for found in answer.faces), default=0.0) for face, answer in full]
    assert np.mean(np.array(best) > 0.6) >= 0.97
    assert np.mean(best) > 0.85


def test_the_engine_finds_no_face_elsewhere(answers: Answers) -> None:
    nowhere = BoundingBox(0, 0, 0, 0)
    elsewhere = [
        found
        for face, answer in answers
        for found in answer.faces
        if found.box.iou(face.box if face is not None else nowhere) < 0.2
    ]
    assert elsewhere == []


@pytest.mark.parametrize("emotion", [Emotion.CALM, Emotion.HAPPY, Emotion.ANGRY, Emotion.SURPRISED])
def test_the_engine_recognises_an_expression_that_is_held(answers: Answers, emotion: Emotion) -> None:
    strongest = [
        answer.faces[0].emotions[0]
        for face, answer in answers
        if face is not None
        and face.visible_share == 1.0
        and face.expression is emotion
        and not face.is_transition
        and answer.faces
        and answer.faces[0].emotions
    ]
    right = [score.confidence for score in strongest if score.emotion is emotion]
    assert len(strongest) >= 8
    assert len(right) >= 0.8 * len(strongest)
    assert float(np.median(right)) >= 60
