from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.linking import link
from livecam.analysis.results import StoredFace
from livecam.faces import BoundingBox, Face

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def at(time: float, left: float, top: float = 0.3, *, size: float = 0.1) -> StoredFace:
    return StoredFace(time, Face(BoundingBox(left, top, size, size * 1.3), 99.0))


def paths(faces: Iterable[StoredFace]) -> list[list[float]]:
    return [[one.time for one in face.sightings] for face in link(faces)]


def switches(frames: Sequence[Sequence[StoredFace]], truth: dict[int, int]) -> int:
    """Return how often somebody who was seen again had got another number."""
    number = {
        id(one): face.number for face in link(f for frame in frames for f in frame) for one in face.sightings
    }
    seen: dict[int, list[int]] = {}
    for frame in frames:
        for one in frame:
            seen.setdefault(truth[id(one)], []).append(number[id(one)])
    return sum(before != after for numbers in seen.values() for before, after in pairwise(numbers))


def test_nobody_is_nobody() -> None:
    assert link([]) == ()


def test_a_face_that_stays_is_one() -> None:
    assert paths(at(step / 2, 0.4 + step * 0.01) for step in range(6)) == [[0, 0.5, 1, 1.5, 2, 2.5]]


def test_numbers_go_by_time_and_then_from_left_to_right() -> None:
    faces = link([at(0.5, 0.05), at(0, 0.8), at(0, 0.4), at(0.5, 0.4), at(0.5, 0.8)])
    assert [(face.number, face.first, face.sightings[0].face.box.left) for face in faces] == [
        (1, 0, 0.4),
        (2, 0, 0.8),
        (3, 0.5, 0.05),
    ]


def test_the_order_of_entries_does_not_matter() -> None:
    faces = [at(step / 2, left) for step in range(5) for left in (0.1, 0.4, 0.7)]
    assert link(faces) == link(reversed(faces))


@pytest.mark.parametrize(("gap", "count"), [(2.0, 1), (2.5, 2)])
def test_a_face_may_be_out_of_sight_for_two_seconds(gap: float, count: int) -> None:
    assert len(link([at(0, 0.4), at(gap, 0.4)])) == count


def test_after_a_cut_everybody_is_new() -> None:
    assert paths([at(0, 0.1), at(0.5, 0.1), at(1, 0.7), at(1.5, 0.7)]) == [[0, 0.5], [1, 1.5]]


def test_a_face_of_another_size_is_somebody_else() -> None:
    assert len(link([at(0, 0.4), at(0.5, 0.3, size=0.3)])) == 2


def test_somebody_who_walks_faster_than_a_face_a_sample_is_followed_once_a_speed_is_known() -> None:
    assert len(link(at(step / 2, left) for step, left in enumerate([0.05, 0.12, 0.24, 0.36, 0.48]))) == 1


def test_of_two_who_cross_each_goes_on_as_it_went() -> None:
    frames = [[at(step / 2, 0.1 + 0.06 * step), at(step / 2, 0.7 - 0.06 * step, 0.33)] for step in range(11)]
    truth = {id(one): index for frame in frames for index, one in enumerate(frame)}
    assert switches(frames, truth) == 0


def test_twelve_faces_that_sway_keep_their_numbers() -> None:
    frames = [
        [
            at(step / 2, 0.03 + (i % 6) * 0.16 + 0.02 * math.sin(step + i), 0.1 + (i // 6) * 0.45)
            for i in range(12)
        ]
        for step in range(60)
    ]
    truth = {id(one): index for frame in frames for index, one in enumerate(frame)}
    assert switches(frames, truth) == 0
    assert len(link(one for frame in frames for one in frame)) == 12


def test_of_two_who_may_have_come_back_it_is_the_one_seen_last() -> None:
    long_ago, lately, back = at(0, 0.4), at(0.5, 0.5), at(1, 0.449)
    assert [face.sightings for face in link([long_ago, lately, back])] == [(long_ago,), (lately, back)]


@pytest.mark.parametrize(
    ("clip", "most_switches", "most_faces"),
    [
        ("webcam_single", 0, 1),
        ("expressions_single", 0, 1),
        ("multi_children", 1, 4),
        ("signers_swap", 0, 2),
        ("crowd_enter_leave", 6, 12),
    ],
)
@pytest.mark.parametrize("phase", [0.0, 0.25])
def test_faces_of_real_clips_seen_twice_a_second_keep_their_numbers(
    media: Path, clip: str, most_switches: int, most_faces: int, phase: float
) -> None:
    """What every frame tells is the truth; people in the crowd walk a face's width between two samples."""
    records = [json.loads(line) for line in (media / f"{clip}.faces.jsonl").read_text().splitlines()]
    frames = [
        [
            StoredFace(record["t"], Face(BoundingBox(*face[:4]), face[4] * 100))
            for face in record["faces"]
            if face[3] >= 0.06 or face[4] >= 0.7
        ]
        for record in records
    ]
    truth = {
        id(one): face.number for face in link(f for frame in frames for f in frame) for one in face.sightings
    }
    per_sample = 0.5 / (records[1]["t"] - records[0]["t"])
    count = int(len(frames) / per_sample)
    sampled = [frames[round((step + phase * 2) * per_sample)] for step in range(count)]
    assert switches(sampled, truth) <= most_switches
    assert len(link(one for frame in sampled for one in frame)) <= most_faces
