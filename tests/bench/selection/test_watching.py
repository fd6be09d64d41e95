from __future__ import annotations

import itertools

import numpy as np
import pytest

from livecam.bench.selection.watching import Watch
from livecam.faces import BoundingBox
from tests.bench.selection.samples import BOX, Locator, parts

IMAGE = np.zeros((36, 64, 3), np.uint8)
ELSEWHERE = BoundingBox(0.0, 0.0, 0.1, 0.1)


def looked_at(fps: float, seconds: float) -> int:
    locator = Locator()
    watch = Watch(parts(locator))
    for index in range(round(fps * seconds)):
        watch.look(index, index / fps, IMAGE, [])
    return len(locator.frames)


@pytest.mark.parametrize("fps", [10.0, 12.5, 15.0, 30.0])
def test_the_finder_looks_five_times_a_second_at_any_pace_of_frames(fps: float) -> None:
    assert looked_at(fps, 20.0) == pytest.approx(100, abs=2)


def test_a_face_is_said_to_be_whose_it_is_and_keeps_its_key() -> None:
    watch = Watch(parts())
    first, second = (watch.look(index, index / 5, IMAGE, [(3, BOX)]) for index in range(2))
    assert first is not None
    assert second is not None
    assert [(face.key, face.person, face.height) for face in (*first, *second)] == [(1, 3, 0.4)] * 2


def test_a_face_where_nobody_is_belongs_to_nobody() -> None:
    seen = Watch(parts()).look(0, 0.0, IMAGE, [(3, ELSEWHERE)])
    assert seen is not None
    assert [face.person for face in seen] == [None]


def test_a_frame_between_looks_is_not_looked_at_but_after_a_cut_it_is() -> None:
    watch = Watch(parts())
    watch.look(0, 0.0, IMAGE, [])
    assert watch.look(1, 0.1, IMAGE, []) is None
    watch.cut()
    seen = watch.look(2, 0.1, IMAGE, [])
    assert seen is not None
    assert [face.key for face in seen] == [2]


def test_the_finder_is_made_ready_first_and_the_look_at_a_face_is_timed() -> None:
    locator = Locator()
    ticks = itertools.count(step=0.0005)
    watch = Watch(parts(locator, cpu=lambda: next(ticks)))
    assert locator.is_warm
    assert watch.evidence_ms is None
    watch.look(0, 0.0, IMAGE, [])
    assert watch.evidence_ms == pytest.approx(0.5)
