from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.evidence import appearance
from livecam.evidence.appearance import LENGTH, PLACES, appearance_of, appearances_in
from livecam.faces import BoundingBox, Face, Landmark
from livecam.frames import Frame
from livecam.native import cv2
from livecam.vision.face_locator import OnDeviceLocator

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.detections import Appearance
    from livecam.frames import Image

WIDTH, HEIGHT = 640, 360


def a_picture() -> Image:
    """Return a picture with edges in all directions, the same each time."""
    chance = np.random.default_rng(3).integers(0, 200, (HEIGHT // 8, WIDTH // 8, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(chance, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def a_face_at(x: float = 320.0, y: float = 180.0, *, scale: float = 2.5, turn: float = 0.0) -> Face:
    """Return a face with its square's middle at that pixel, so large (in 48 px), leaning so (degrees)."""
    way = scale * np.exp(1j * np.radians(turn))
    points = {
        kind: complex(x, y) + way * complex(right - 24, down - 24) for kind, (right, down) in PLACES.items()
    }
    marks = [
        Landmark(kind, (point.real + 0.5) / WIDTH, (point.imag + 0.5) / HEIGHT)
        for kind, point in points.items()
    ]
    return Face(BoundingBox(0.3, 0.2, 0.3, 0.6), 99.0, landmarks=tuple(marks))


def look_at(image: Image, face: Face) -> Appearance:
    look = appearance_of(image, face)
    assert look is not None
    return look


def distance(one: Appearance, other: Appearance) -> float:
    return 1.0 - float(one.vector @ other.vector)


def test_a_look_is_512_numbers_of_length_one_and_the_same_each_time() -> None:
    image = a_picture()
    before = image.copy()
    look = look_at(image, a_face_at())
    assert look.vector.shape == (LENGTH,) == (512,)
    assert look.vector.dtype == np.float32
    assert float(np.linalg.norm(look.vector)) == pytest.approx(1.0, abs=1e-6)
    assert look.sharpness > 0
    again = look_at(image, a_face_at())
    assert np.array_equal(look.vector, again.vector)
    assert look.sharpness == again.sharpness
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    ("scale", "turn"), [(1.0, 0.0), (2.0, 30.0), (2.9, -75.0), (4.7, 10.0), (7.1, 180.0)]
)
def test_where_it_is_how_large_and_how_it_leans_does_not_count(scale: float, turn: float) -> None:
    """The picture is warped as the face is; only what sampling blurs is lost."""
    image = a_picture()
    face = a_face_at(scale=2.0)
    moved = np.array(cv2.getRotationMatrix2D((320.0, 180.0), -turn, scale / 2.0))
    warped = np.asarray(
        cv2.warpAffine(image, moved, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT),
        np.uint8,
    )
    same = distance(look_at(image, face), look_at(warped, a_face_at(scale=scale, turn=turn)))
    other = distance(look_at(image, face), look_at(image, a_face_at(400.0, scale=2.0)))
    assert same < 0.06
    assert other > 0.2


@pytest.mark.parametrize("scale", [1.2, 2.5, 3.3, 5.1])
def test_the_square_shows_each_pixel_where_it_belongs(scale: float) -> None:
    ramp = np.clip(np.arange(WIDTH) - 195, 0, 250).astype(np.uint8)  # one level for each pixel
    image = np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (HEIGHT, WIDTH, 3)))
    points = appearance._points_of(a_face_at(scale=scale), image)
    assert points is not None
    square = appearance._upright(image, points)
    assert square is not None
    expected = 320 - 195 + scale * (np.arange(48) - 24)
    assert np.abs(square.astype(float).mean(axis=0) - expected).max() < 1.1  # averages are rounded


def test_light_hardly_counts() -> None:
    image = a_picture()
    for lit in (image // 2, image + 40):
        assert distance(look_at(image, a_face_at()), look_at(lit, a_face_at())) < 0.005


def test_what_happens_beside_mouth_and_brows_counts_little() -> None:
    image, corner, mouth = a_picture(), a_picture(), a_picture()
    corner[180 - 60 : 180 - 45, 320 - 60 : 320 - 45] = 255
    mouth[180 + 25 : 180 + 40, 320 - 8 : 320 + 7] = 255
    at_corner, at_mouth = (
        distance(look_at(image, a_face_at()), look_at(each, a_face_at())) for each in (corner, mouth)
    )
    assert at_corner < 0.1 * at_mouth


def test_the_order_of_landmarks_and_further_ones_do_not_count() -> None:
    image, face = a_picture(), a_face_at()
    assert face.landmarks
    more = replace(face, landmarks=(Landmark("chinBottom", 0.5, 2.0), *reversed(face.landmarks)))
    assert distance(look_at(image, face), look_at(image, more)) == pytest.approx(0.0, abs=1e-6)


def test_a_face_without_the_five_points_in_the_picture_has_no_look() -> None:
    image, face = a_picture(), a_face_at()
    assert face.landmarks
    assert appearance_of(image, replace(face, landmarks=None)) is None
    assert appearance_of(image, replace(face, landmarks=face.landmarks[1:])) is None
    for x, y in [(-0.01, 0.5), (0.5, 1.01), (float("nan"), 0.5)]:
        outside = (replace(face.landmarks[0], x=x, y=y), *face.landmarks[1:])
        assert appearance_of(image, replace(face, landmarks=outside)) is None


def test_points_that_are_no_face_and_pictures_of_nothing_have_no_look() -> None:
    face = a_face_at()
    assert face.landmarks
    together = tuple(replace(each, x=0.5, y=0.5) for each in face.landmarks)
    assert appearance_of(a_picture(), replace(face, landmarks=together)) is None
    assert appearance_of(np.full((HEIGHT, WIDTH, 3), 90, np.uint8), face) is None


@pytest.mark.parametrize(("x", "y"), [(40, 180), (600, 180), (320, 50), (320, 310)])
def test_a_face_at_the_edge_has_a_look(x: float, y: float) -> None:
    assert appearance_of(a_picture(), a_face_at(x, y)) is not None


def test_of_a_frame_each_face_has_its_own_look_or_none() -> None:
    image, faces = a_picture(), (a_face_at(), Face(BoundingBox(0, 0, 1, 1), 50.0), a_face_at(200.0))
    first, second, third = appearances_in(Frame("test", 0, 0.0, 0.0, image), faces)
    assert first is not None
    assert second is None
    assert third is not None
    assert distance(first, third) > 0.1
    assert np.array_equal(first.vector, look_at(image, faces[0]).vector)


@pytest.fixture
def woman(media: Path, models: Path) -> dict[str, Image]:
    """Stills of one woman, other expressions, as high as a webcam's picture."""
    del models  # they are needed
    stills = {path.stem: cv2.imread(str(path)) for path in sorted(media.glob("img_seq_a*.jpg"))}
    return {
        name: np.asarray(cv2.resize(still, (576, 720), interpolation=cv2.INTER_AREA), np.uint8)
        for name, still in stills.items()
        if still is not None
    }


def copies_of(image: Image) -> list[Image]:
    """Return what a camera might take of the same moment: noise, other light, other places."""
    noise = np.random.default_rng(1).normal(0, 5, image.shape)
    shift = np.array([[1.0, 0.0, 13.3], [0.0, 1.0, -9.7]])
    return [
        np.asarray(np.clip(image + noise, 0, 255), np.uint8),
        np.asarray(np.clip(image * 1.15 + 12, 0, 255), np.uint8),
        np.asarray(cv2.warpAffine(image, shift, (576, 720), borderMode=cv2.BORDER_REPLICATE), np.uint8),
    ]


def test_other_expressions_are_farther_apart_than_copies_of_one(
    woman: dict[str, Image], models: Path
) -> None:
    locator = OnDeviceLocator(models_dir=models)

    def look(image: Image) -> Appearance:
        return look_at(image, locator.locate(Frame("test", 0, 0.0, 0.0, image))[0])

    looks = {name: look(image) for name, image in woman.items()}
    assert len(looks) == 6
    copies = [distance(looks[name], look(copy)) for name in woman for copy in copies_of(woman[name])]
    others = [distance(looks[one], looks[other]) for one, other in combinations(looks, 2)]
    assert median(copies) < 0.02
    assert min(others) > 0.1
    assert max(copies) < min(others)
    assert median(others) > 8 * median(copies)
