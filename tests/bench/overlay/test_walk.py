from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.bench.overlay.footage import Footage
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame
from livecam.bench.overlay.walk import START_AT, Walk
from livecam.faces import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.frames import Image

TIMES = [0.0, 0.03, 0.07, 0.1, 0.13, 0.17]


@dataclasses.dataclass
class OneFace:
    """Tells of a face that goes to the right."""

    length: int | None = None
    description: str = "test"
    knows_emotions: bool = False

    def of(self, index: int, t: float, image: Image) -> ReferenceFrame:
        return ReferenceFrame((ReferenceFace(BoundingBox(0.4 + 0.01 * index, 0.4, 0.2, 0.2)),))


def a_footage(times: Sequence[float] = TIMES, *, width: int = 100, height: int = 80) -> Footage:
    pictures = [(t, np.full((height, width, 3), index, np.uint8)) for index, t in enumerate(times)]
    return Footage("clip", None, 30.0, width, height, len(times), iter(pictures))


def walked(
    request: Request, *, length: int | None = None
) -> tuple[Walk, list[tuple[int, float, int, float]]]:
    """Return the walk; and of each frame number, time, which picture it is, and where the face is."""
    walk = Walk(request, a_footage(), OneFace(length), lambda done, expected: None)
    return walk, [
        (frame.sequence, frame.captured_at - START_AT, int(frame.image[0, 0, 0]), faces[0].box.left)
        for frame, faces in walk.frames()
    ]


def test_every_picture_is_shown_at_its_time() -> None:
    walk, frames = walked(Request())

    assert [number for number, *_ in frames] == [0, 1, 2, 3, 4, 5]
    assert [at for _, at, *_ in frames] == pytest.approx(TIMES)
    assert len(walk.truth) == 6
    assert walk.size == (100, 80)


def test_twice_the_speed_shows_every_second_picture_at_the_times_of_the_first() -> None:
    walk, frames = walked(Request(speed=2))

    assert [picture for _, _, picture, _ in frames] == [0, 2, 4]
    assert [at for _, at, *_ in frames] == pytest.approx(TIMES[:3])
    assert [left for *_, left in frames] == pytest.approx([0.4, 0.42, 0.44])
    assert [faces[0].box.left for faces in walk.truth] == pytest.approx([0.4, 0.42, 0.44])


def test_it_ends_after_the_seconds_asked_for_as_they_are_played() -> None:
    assert len(walked(Request(max_seconds=0.1))[1]) == 3
    assert len(walked(Request(max_seconds=0.1, speed=2))[1]) == 3


def test_it_ends_where_the_reference_does() -> None:
    walk, frames = walked(Request(), length=2)

    assert len(frames) == len(walk.truth) == 2


def test_a_shaken_camera_shows_a_part_and_the_face_in_fractions_of_it() -> None:
    walk = Walk(Request(shake=True), a_footage(), OneFace(), lambda done, expected: None)
    frames = list(walk.frames())

    assert walk.size == (90, 72)
    for frame, faces in frames:
        assert frame.image.shape == (72, 90, 3)
        assert frame.image.flags.c_contiguous
        assert faces[0].box.width == pytest.approx(0.2 / 0.9)
    assert walk.truth[0][0].box.iou(frames[0][1][0].box) == pytest.approx(1.0)


def test_progress_is_told_picture_by_picture() -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, expected: int) -> None:
        told.append((done, expected))

    list(Walk(Request(), a_footage(), OneFace(), progress).frames())
    assert told == [(index, 6) for index in range(1, 7)]

    told.clear()
    list(Walk(Request(max_seconds=0.1), a_footage(), OneFace(), progress).frames())
    assert told[-1] == (3, 3)
