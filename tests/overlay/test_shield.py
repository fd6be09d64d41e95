from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox
from livecam.overlay.blur import blurred, wholly_blurred
from livecam.overlay.cover import COVERED_FOR, Cover
from livecam.overlay.shield import NOT_LATELY, NOT_YET, RECENT_LOOK, Shield, ShieldedPainter
from tests.builders import a_frame, a_label, a_picture

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.pictures import Picture

FPS = 25
BOX = BoundingBox(0.4, 0.4, 0.1, 0.1)
ELSEWHERE = BoundingBox(0.1, 0.1, 0.1, 0.1)
NOISE: Image = np.random.default_rng(7).integers(0, 255, (100, 200, 3), np.uint8)


def a_picture_at(
    time: float, *boxes: BoundingBox, looked_at: float | None = 0.0, speed: float = 1.0
) -> Picture:
    """One that was captured at 100 s and its time; `looked_at` counts from there, too."""
    at = 100.0 + time / speed
    frame = replace(a_frame(round(time * FPS), at=at), media_time=time, image=NOISE)
    labels = [replace(a_label(number), box=box) for number, box in enumerate(boxes, start=1)]
    looked = None if looked_at is None else 100.0 + looked_at
    return replace(a_picture(frame, *labels), image=None, looked_at=looked)


def is_whole(picture: Picture) -> bool:
    return np.array_equal(picture.frame.image, wholly_blurred(NOISE))


def covers(picture: Picture, *boxes: BoundingBox) -> bool:
    return np.array_equal(picture.frame.image, blurred(NOISE, boxes))


def test_a_face_is_covered_and_everything_else_about_the_picture_stays() -> None:
    picture = a_picture_at(0.0, BOX)
    seen = Shield(Cover())(picture)
    assert covers(seen, BOX)
    assert seen == replace(picture, frame=seen.frame)
    assert (seen.frame.sequence, seen.frame.captured_at) == (0, 100.0)
    assert np.array_equal(picture.frame.image, NOISE)


def test_until_somebody_has_looked_the_whole_picture_is_blurred_and_says_so() -> None:
    seen = Shield(Cover())(a_picture_at(0.0, BOX, looked_at=None))
    assert is_whole(seen)
    assert seen.status.trouble == NOT_YET


def test_when_nobody_has_looked_lately_the_whole_picture_is_blurred_and_says_so() -> None:
    shield = Shield(Cover())
    seen = [shield(a_picture_at(number / FPS, BOX)) for number in range(60)]
    hidden = [number for number, picture in enumerate(seen) if is_whole(picture)]
    assert hidden == list(range(round(RECENT_LOOK * FPS) + 1, 60))
    assert {seen[number].status.trouble for number in hidden} == {NOT_LATELY}
    assert seen[hidden[0] - 1].status.trouble is None


def test_what_is_wrong_besides_is_said_first() -> None:
    picture = a_picture_at(0.0, looked_at=None)
    troubled = replace(picture, status=replace(picture.status, trouble="camera 0 shows black"))
    assert Shield(Cover())(troubled).status.trouble == "camera 0 shows black"


def test_how_lately_somebody_looked_is_told_by_the_medias_time_however_fast_it_is_played() -> None:
    shield = Shield(Cover())
    seen = [shield(a_picture_at(number / FPS, speed=20.0)) for number in range(100)]
    assert [number for number, picture in enumerate(seen) if is_whole(picture)] == list(range(51, 100))


def test_a_face_stays_covered_for_a_while_after_it_was_last_seen() -> None:
    shield = Shield(Cover())
    seen = [shield(a_picture_at(number / FPS, *([BOX] if number == 2 else []))) for number in range(40)]
    covered = [number for number, picture in enumerate(seen) if covers(picture, BOX)]
    assert covered == list(range(2, 2 + math.ceil(COVERED_FOR * FPS) + 1))
    assert all(covers(seen[number]) for number in range(40) if number not in covered)


def test_a_face_that_is_not_shown_is_covered_too() -> None:
    picture = replace(a_picture_at(0.0, BOX), suspected=((1, ELSEWHERE),))
    seen = Shield(Cover())(picture)
    assert covers(seen, BOX, ELSEWHERE)
    assert seen.suspected == ()


def test_a_picture_that_comes_again_is_the_same_until_more_is_known_of_it() -> None:
    shield, picture = Shield(Cover()), a_picture_at(0.0, BOX)
    first = shield(picture)
    again = shield(replace(picture, displayed_at=200.0))
    assert again.frame is first.frame
    assert again.displayed_at == 200.0
    known = shield(replace(picture, faces=(replace(a_label(2), box=ELSEWHERE),)))
    assert covers(known, BOX, ELSEWHERE)  # a frozen picture's label may go, its face does not


def test_a_picture_that_comes_again_once_somebody_has_looked_can_be_seen() -> None:
    shield, picture = Shield(Cover()), a_picture_at(0.0, looked_at=None)
    assert is_whole(shield(picture))
    assert covers(shield(replace(picture, looked_at=100.0)))


def test_a_frozen_picture_that_comes_again_for_hours_stays_covered() -> None:
    shield, picture = Shield(Cover()), a_picture_at(1.0, BOX, looked_at=1.0)
    shield(picture)
    for _ in range(100):
        seen = shield(replace(picture, faces=()))
        assert covers(seen, BOX)
        assert seen.status.trouble is None


@pytest.mark.parametrize("step", [0.04, -10.0])
def test_after_a_cut_or_a_new_beginning_the_picture_is_blurred_until_somebody_looked(step: float) -> None:
    shield = Shield(Cover())
    shield(a_picture_at(20.0, BOX, looked_at=20.0))
    assert is_whole(shield(a_picture_at(20.0 + step, looked_at=None)))


def test_when_the_source_begins_anew_the_faces_of_before_are_forgotten() -> None:
    shield = Shield(Cover())
    shield(a_picture_at(20.0, BOX, looked_at=20.0))
    assert covers(shield(a_picture_at(0.0, ELSEWHERE, looked_at=0.0)), ELSEWHERE)


def test_stills_have_no_faces_of_each_other() -> None:
    shield = Shield(Cover(), are_stills=True)
    shield(a_picture_at(0.0, BOX, looked_at=0.0))
    assert covers(shield(a_picture_at(0.04, ELSEWHERE, looked_at=0.04)), ELSEWHERE)
    assert is_whole(shield(a_picture_at(0.08, looked_at=None)))


def test_what_is_painted_is_the_picture_that_may_be_seen() -> None:
    class Painter:
        def paint(self, picture: Picture) -> Image:
            return picture.frame.image

    shield, picture = Shield(Cover()), a_picture_at(0.0, BOX)
    painted = ShieldedPainter(Painter(), shield).paint(picture)
    assert painted is shield(picture).frame.image  # made once
