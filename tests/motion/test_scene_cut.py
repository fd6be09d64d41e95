from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.motion.scene_cut import Thumbnail, is_cut, thumbnail
from livecam.motion.small_frames import shrunk
from livecam.native import av, cv2
from tests.motion.pictures import moved, texture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.frames import Image
    from livecam.motion.small_frames import Grey

CLIPS = {
    "webcam_single": [],  # its cut at 250 shows the same man in the same place: boxes stay right over it
    "expressions_single": [],
    "multi_children": [],
    "signers_swap": [65, 128, 200, 273],
    "crowd_enter_leave": [],
    "no_face_bottles": [],
}


def differs(before: Grey, after: Grey) -> bool:
    return is_cut(thumbnail(before), thumbnail(after))


def images(path: Path) -> Iterator[Image]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="bgr24").astype(np.uint8)


def shaken(index: int, image: Image) -> Image:
    """What a camera shows that sweeps a fifth of the picture twice a second."""
    height, width = image.shape[:2]
    angle = 2 * np.pi * 2 * index / 30
    top = round(0.1 * height * (1 + np.cos(1.3 * angle)))
    left = round(0.1 * width * (1 + np.sin(angle)))
    return image[top : top + round(0.8 * height), left : left + round(0.8 * width)]


def cuts(thumbnails: list[Thumbnail]) -> list[int]:
    return [index for index in range(1, len(thumbnails)) if is_cut(thumbnails[index - 1], thumbnails[index])]


@pytest.mark.parametrize("clip", CLIPS)
def test_the_cuts_of_the_shared_clips_are_found_and_nothing_else(media: Path, clip: str) -> None:
    still, on_a_shaken_camera = [], []
    for index, image in enumerate(images(media / f"{clip}.mp4")):
        still.append(thumbnail(shrunk(image)))
        on_a_shaken_camera.append(thumbnail(shrunk(shaken(index, image))))
    assert cuts(still) == CLIPS[clip]
    assert cuts(still[::2]) == [-(-cut // 2) for cut in CLIPS[clip]]
    assert cuts(still[::4]) == [-(-cut // 4) for cut in CLIPS[clip]]
    assert cuts(on_a_shaken_camera) == CLIPS[clip]


def test_another_picture_is_a_cut_and_the_same_is_none() -> None:
    assert differs(texture(seed=1), texture(seed=2))
    assert not differs(texture(seed=1), texture(seed=1))


@pytest.mark.parametrize("size", [(320, 240), (180, 320), (320, 31), (33, 21), (2, 2)])
def test_pictures_of_any_proportions_are_compared(size: tuple[int, int]) -> None:
    small = texture(*size)
    assert not differs(small, small)
    assert thumbnail(small).shape == (45, 80)


@pytest.mark.parametrize("shift", [(8, 0), (30, 15), (-40, 20), (0, -30)])
def test_a_camera_that_pans_does_not_cut(shift: tuple[int, int]) -> None:
    small = texture()
    after = moved(small, *shift)
    assert cv2.norm(thumbnail(small), thumbnail(after), cv2.NORM_L1) / 3600 > 14
    assert not differs(small, after)


@pytest.mark.parametrize(
    "switch",
    [lambda grey: grey * 0.4, lambda grey: grey * 0.5 + 120, lambda grey: 255 * (grey / 255) ** 2],
    ids=["darker", "brighter", "more contrast"],
)
def test_a_lamp_that_is_switched_does_not_cut(switch: Callable[[Grey], Grey]) -> None:
    small = texture()
    lit = np.clip(switch(small.astype(np.float32)), 0, 255).astype(np.uint8)
    assert cv2.norm(thumbnail(small), thumbnail(lit), cv2.NORM_L1) / 3600 > 14
    assert not differs(small, lit)
    assert not differs(lit, small)


def test_a_lens_that_is_covered_cuts_and_so_does_uncovering_it() -> None:
    black = np.zeros((180, 320), np.uint8)
    assert differs(texture(), black)
    assert differs(black, texture())


def test_noise_on_a_covered_lens_does_not_cut() -> None:
    rng = np.random.default_rng(1)
    noises = [rng.integers(0, 60, (180, 320)).astype(np.uint8) for _ in range(5)]
    assert not any(differs(one, other) for one, other in pairwise(noises))


def test_one_colour_after_another_is_no_scene_and_so_no_cut() -> None:
    assert not differs(np.zeros((180, 320), np.uint8), np.full((180, 320), 255, np.uint8))


def test_a_face_that_crosses_the_picture_quickly_does_not_cut() -> None:
    background = texture(seed=3)
    face = texture(70, 100, seed=4)
    before, after = background.copy(), background.copy()
    before[40:140, 60:130] = face
    after[40:140, 120:190] = face
    assert not differs(before, after)
