from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox, Movement
from livecam.frames import Frame
from livecam.motion.effort import SHARE
from livecam.motion.follower import GridFollower
from livecam.native import av
from tests.motion.pictures import a_picture_frame, coloured, moved, texture

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.motion.small_frames import Grey

BOX = BoundingBox(0.4, 0.3, 0.2, 0.4)
PICTURE = texture()
FRAME = 1 / 30


class Costs:
    """CPU seconds that go up by a set step with every reading; `add` and `between` read twice each."""

    def __init__(self) -> None:
        self.step = 0.0
        self._used = 0.0

    def __call__(self) -> float:
        self._used += self.step
        return self._used


def a_follower(keep: float = 4.0) -> GridFollower:
    return GridFollower(keep=keep, cpu=lambda: 0.0)


def only(found: list[Movement | None]) -> Movement:
    (movement,) = found
    assert movement is not None
    return movement


def run(follower: GridFollower, first: int, count: int, *, interval: float = FRAME) -> list[str]:
    efforts: list[str] = []
    for sequence in range(first, first + count):
        follower.add(a_picture_frame(sequence, PICTURE, at=100 + sequence * interval))
        if not follower.is_resting:
            follower.between(sequence - 1, sequence, [BOX])
        efforts.append(follower.effort)
    return efforts


@pytest.mark.parametrize(
    "size", [(320, 180), (1280, 720), (3840, 2160), (320, 240), (641, 361), (720, 1280), (160, 120)]
)
def test_a_movement_is_the_same_fraction_of_a_frame_of_any_size(size: tuple[int, int]) -> None:
    follower = a_follower()
    before = texture(*size)
    dx, dy = 0.02, -0.015
    follower.add(a_picture_frame(0, before))
    assert not follower.add(a_picture_frame(1, moved(before, dx * size[0], dy * size[1])))
    movement = only(follower.between(0, 1, [BOX]))
    small_width, small_height = (side * min(1.0, 320 / max(size)) for side in size)
    assert movement.dx * small_width == pytest.approx(dx * small_width, abs=0.5)
    assert movement.dy * small_height == pytest.approx(dy * small_height, abs=0.5)


def test_faces_are_carried_between_frames_that_do_not_follow_each_other() -> None:
    follower = a_follower()
    for sequence in range(7):
        follower.add(a_picture_frame(sequence, moved(PICTURE, 2.0 * sequence, 0)))
    assert only(follower.between(0, 6, [BOX])).dx == pytest.approx(12 / 320, abs=0.5 / 320)
    assert only(follower.between(6, 2, [BOX])).dx == pytest.approx(-8 / 320, abs=0.5 / 320)


def test_a_cut_is_told_once_and_no_face_is_carried_across_it() -> None:
    follower = a_follower()
    other = texture(seed=2)
    pictures = [PICTURE, PICTURE, other, other]
    told = [follower.add(a_picture_frame(index, picture)) for index, picture in enumerate(pictures)]
    assert told == [False, False, True, False]
    assert follower.between(1, 2, [BOX]) == [None]
    assert only(follower.between(0, 1, [BOX])).quality == 1
    assert only(follower.between(2, 3, [BOX])).quality == 1


@pytest.mark.parametrize("other", [texture(640, 360), texture(180, 320), texture(318, 180)])
def test_frames_of_another_size_are_another_scene(other: Grey) -> None:
    follower = a_follower()
    follower.add(a_picture_frame(0, PICTURE))
    assert follower.add(a_picture_frame(1, other))
    assert follower.between(0, 1, [BOX]) == [None]
    assert not follower.add(a_picture_frame(2, other))
    assert only(follower.between(1, 2, [BOX])).quality == 1


def test_a_source_that_begins_anew_is_another_scene() -> None:
    follower = a_follower()
    for sequence in (5, 6, 7):
        follower.add(a_picture_frame(sequence, PICTURE))
    assert follower.add(a_picture_frame(0, PICTURE, at=101.0))
    assert follower.between(5, 6, [BOX]) == [None]
    assert not follower.add(a_picture_frame(1, PICTURE, at=101.1))
    assert only(follower.between(0, 1, [BOX])).quality == 1


def test_frames_are_remembered_for_as_long_as_was_asked() -> None:
    follower = a_follower(keep=0.5)
    for sequence in range(40):
        follower.add(a_picture_frame(sequence, PICTURE))
    assert follower.between(23, 39, [BOX]) == [None]
    assert follower.between(25, 39, [BOX]) != [None]


def test_the_pixels_of_a_frame_are_not_kept() -> None:
    follower = a_follower()
    picture = coloured(PICTURE)
    follower.add(Frame("test", 0, 100.0, 0.0, picture))
    picture[:] = 0
    follower.add(a_picture_frame(1, PICTURE))
    assert only(follower.between(0, 1, [BOX])).quality == 1


def test_without_a_cost_the_effort_is_full_and_every_frame_is_followed() -> None:
    assert set(run(a_follower(), 0, 300)) == {"full"}


def test_effort_is_lowered_where_following_takes_too_long_and_raised_again() -> None:
    costs = Costs()
    follower = GridFollower(keep=1.0, cpu=costs)
    costs.step = 2 * SHARE * FRAME
    efforts = run(follower, 0, 150)
    assert list(dict.fromkeys(efforts)) == ["full", "fewer points", "every second frame"]
    costs.step = 0.0
    efforts = run(follower, 150, 300)
    assert list(dict.fromkeys(efforts)) == ["every second frame", "fewer points", "full"]


def test_what_is_measured_between_frames_counts_as_well_as_what_is_remembered() -> None:
    costs = Costs()
    costs.step = 0.6 * SHARE * FRAME
    follower = GridFollower(keep=1.0, cpu=costs)
    for sequence in range(100):
        follower.add(a_picture_frame(sequence, PICTURE))
    assert follower.effort == "full"
    assert "fewer points" in run(follower, 100, 100)


def test_every_second_frame_is_passed_over_then_and_none_after_it_recovered() -> None:
    costs = Costs()
    follower = GridFollower(keep=1.0, cpu=costs)
    costs.step = 2 * SHARE * FRAME
    run(follower, 0, 150)
    rests = []
    for sequence in range(150, 160):
        follower.add(a_picture_frame(sequence, PICTURE))
        rests.append(follower.is_resting)
    assert rests in ([True, False] * 5, [False, True] * 5)
    costs.step = 0.0
    run(follower, 160, 300)
    assert not follower.is_resting


def test_a_frame_after_a_cut_is_never_passed_over() -> None:
    costs = Costs()
    follower = GridFollower(keep=1.0, cpu=costs)
    costs.step = 2 * SHARE * FRAME
    run(follower, 0, 150)
    for sequence in range(150, 154):
        assert follower.add(a_picture_frame(sequence, texture(seed=sequence)))
        assert not follower.is_resting


def test_a_file_played_as_fast_as_may_be_has_its_own_time_between_frames() -> None:
    costs = Costs()
    costs.step = 0.5 * SHARE * FRAME
    follower = GridFollower(keep=1.0, cpu=costs)
    image = coloured(PICTURE)
    for sequence in range(300):
        follower.add(Frame("test", sequence, 100 + sequence * 0.01, sequence * FRAME, image))
    assert follower.effort == "full"


def test_what_following_costs_is_remembered_when_frames_are_forgotten() -> None:
    costs = Costs()
    follower = GridFollower(keep=1.0, cpu=costs)
    costs.step = 2 * SHARE * FRAME
    run(follower, 0, 150)
    follower.clear()
    assert follower.effort == "every second frame"
    assert not follower.is_resting


def test_a_face_of_a_real_clip_is_followed_better_than_by_standing_still(media: Path) -> None:
    clip = media / "webcam_single.mp4"
    lines = clip.with_suffix(".faces.jsonl").read_text().splitlines()
    references = [BoundingBox(*json.loads(line)["faces"][0][:4]) for line in lines]
    follower = a_follower(keep=30.0)
    still, followed = [], []
    with av.open(str(clip)) as container:
        for index, decoded in enumerate(container.decode(video=0)):
            image = decoded.to_ndarray(format="bgr24").astype(np.uint8)
            follower.add(Frame("clip", index, index / 25, index / 25, image))
            if index % 10 == 0:
                box = started = references[index]
            else:
                box = box.moved(only(follower.between(index - 1, index, [box])))
            if index % 10 == 9:
                still.append(started.iou(references[index]))
                followed.append(box.iou(references[index]))
    assert float(np.mean(followed)) > 0.93
    assert float(np.mean(followed)) > float(np.mean(still)) + 0.05
