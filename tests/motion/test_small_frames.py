from __future__ import annotations

import numpy as np
import pytest

from livecam.motion.small_frames import FEWEST_FRAMES, SmallFrames, shrunk
from tests.builders import a_frame
from tests.motion.pictures import coloured, texture

GREY = np.zeros((24, 32), np.uint8)


def remembered(frames: SmallFrames, count: int) -> list[int]:
    return [sequence for sequence in range(count) if frames.get(sequence) is not None]


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((1280, 720), (320, 180)),
        ((1920, 1080), (320, 180)),
        ((3840, 2160), (320, 180)),
        ((640, 480), (320, 240)),
        ((400, 300), (320, 240)),
        ((720, 1280), (180, 320)),
        ((1277, 719), (320, 180)),
        ((641, 3), (320, 1)),
        ((5000, 2), (320, 1)),
    ],
)
def test_a_picture_is_shrunk_to_320_pixels_on_its_longer_side(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    grey = shrunk(np.zeros((size[1], size[0], 3), np.uint8))
    assert (grey.shape[1], grey.shape[0]) == small
    assert grey.dtype == np.uint8


@pytest.mark.parametrize("size", [(320, 240), (160, 120), (7, 5), (1, 1)])
def test_a_picture_is_never_enlarged(size: tuple[int, int]) -> None:
    picture = np.full((size[1], size[0], 3), 77, np.uint8)
    assert np.array_equal(shrunk(picture), np.full((size[1], size[0]), 77, np.uint8))


@pytest.mark.parametrize("times", [2, 4, 6, 12])
def test_what_is_shrunk_looks_as_it_did_before_it_was_enlarged(times: int) -> None:
    small = texture(320, 180)
    large = coloured(np.repeat(np.repeat(small, times, axis=0), times, axis=1))
    assert np.abs(shrunk(large).astype(int) - small).mean() < 1


def test_a_picture_is_not_written_into() -> None:
    picture = coloured(texture(640, 360))
    picture.flags.writeable = False
    shrunk(picture)
    shrunk(picture[::2, ::2])


def test_what_is_remembered_of_a_frame_is_small() -> None:
    frames = SmallFrames(keep=1.0)
    frames.add(a_frame(7, at=103.0), GREY, 2)
    frame = frames.get(7)
    assert frame is not None
    assert frame is frames.newest
    assert (frame.sequence, frame.captured_at, frame.size, frame.scene) == (7, 103.0, (64, 48), 2)
    assert frame.media_time == pytest.approx(7 / 30)
    assert frame.grey is GREY


def test_frames_are_forgotten_once_they_are_older_than_asked_for() -> None:
    frames = SmallFrames(keep=1.0)
    for sequence in range(100):
        frames.add(a_frame(sequence, at=100 + sequence / 25), GREY, 0)
    assert remembered(frames, 100) == list(range(74, 100))
    assert len(frames) == 26


def test_uneven_frames_are_kept_by_their_age_not_by_their_number() -> None:
    frames = SmallFrames(keep=1.0)
    for sequence, at in enumerate((0.0, 0.01, 0.02, 0.9, 1.015, 1.5)):
        frames.add(a_frame(sequence, at=at), GREY, 0)
    assert remembered(frames, 6) == [3, 4, 5]


def test_the_newest_few_are_kept_however_old_so_that_faces_are_followed_over_a_gap() -> None:
    frames = SmallFrames(keep=1.0)
    for sequence in range(10):
        frames.add(a_frame(sequence, at=100.0 * sequence), GREY, 0)
    assert remembered(frames, 10) == [7, 8, 9]
    assert len(frames) == FEWEST_FRAMES


def test_the_number_of_frames_is_bounded_when_their_clock_stands_still() -> None:
    frames = SmallFrames(keep=1.0, most=5)
    for sequence in range(50):
        frames.add(a_frame(sequence, at=100.0), GREY, 0)
    assert remembered(frames, 50) == [45, 46, 47, 48, 49]


def test_nothing_is_remembered_after_clear() -> None:
    frames = SmallFrames(keep=1.0)
    frames.add(a_frame(0), GREY, 0)
    frames.clear()
    assert len(frames) == 0
    assert frames.newest is None
    assert frames.get(0) is None
