from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.detections import Sighting
from livecam.faces import BoundingBox, Face, Movement
from livecam.pipeline.picture import PicturePath
from livecam.testing.still_follower import StillFollower
from livecam.tracking.tracks import Tracks
from tests.builders import a_face, a_frame, a_status, an_answer

if TYPE_CHECKING:
    from livecam.frames import Frame, Image
    from livecam.pictures import FaceLabel, Picture


class WhitePainter:
    """Paints every picture white and remembers what it was shown."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def paint(self, picture: Picture) -> Image:
        self.pictures.append(picture)
        return np.full_like(picture.frame.image, 255)


def a_path(follower: StillFollower | None = None, painter: WhitePainter | None = None) -> PicturePath:
    return PicturePath(tracks=Tracks(keep=60.0), follower=follower or StillFollower(), painter=painter)


def frame_at(sequence: int) -> Frame:
    return a_frame(sequence, at=100.0 + sequence / 25)


def faces_on(path: PicturePath, sequence: int) -> tuple[FaceLabel, ...]:
    return path.finish(frame_at(sequence), 100.0 + sequence / 25, a_status()).faces


def follow(path: PicturePath, *sequences: int) -> None:
    for sequence in sequences:
        path.follow(frame_at(sequence))


def to_the_right(_earlier: int, _later: int, _box: BoundingBox) -> Movement:
    return Movement(0.01 * (_later - _earlier), 0.0)


def test_a_picture_says_its_frame_its_status_and_its_instant() -> None:
    path, frame, status = a_path(), frame_at(3), a_status()
    path.follow(frame)
    picture = path.finish(frame, 101.5, status)
    assert picture.frame is frame
    assert picture.status is status
    assert picture.displayed_at == 101.5
    assert (picture.faces, picture.image, picture.answered_at) == ((), None, None)


def test_the_painter_sees_the_labels_and_its_image_is_the_pictures() -> None:
    painter = WhitePainter()
    path = a_path(painter=painter)
    frame = frame_at(0)
    path.follow(frame)
    path.apply(an_answer(a_face(), at=100.0))
    picture = path.finish(frame, 100.1, a_status())
    assert len(painter.pictures[0].faces) == 1
    assert picture.image is not None
    assert picture.image.min() == 255
    assert frame.image.max() == 90


def test_an_answer_about_an_earlier_frame_is_carried_to_the_newest() -> None:
    path = a_path(StillFollower(to_the_right))
    follow(path, *range(10))
    path.apply(an_answer(a_face(0.4), at=100.08, sequence=2))
    (face,) = faces_on(path, 9)
    assert face.box.left == pytest.approx(0.47)
    assert face.age == pytest.approx(0.28)
    assert path.tracks == 1
    follow(path, 10)
    assert faces_on(path, 10)[0].box.left == pytest.approx(0.48)


def test_all_faces_of_a_frame_are_followed_in_one_call() -> None:
    follower = StillFollower()
    path = a_path(follower)
    follow(path, 0, 1, 2)
    path.apply(an_answer(a_face(0.1), a_face(0.7), at=100.0))
    assert follower.asked == [(0, 2, 2)]
    follow(path, 3)
    assert follower.asked[-1] == (2, 3, 2)


def test_a_sighting_shows_a_face_before_any_answer() -> None:
    path = a_path()
    follow(path, 0, 1)
    face = Face(BoundingBox(0.4, 0.3, 0.2, 0.3), 90.0)
    path.apply_sighting(Sighting("test", 0, 100.0, 100.03, (face,)))
    (shown,) = faces_on(path, 1)
    assert (shown.answered_at, shown.box_source) == (None, "on-device")
    assert not path.wants_finder


def test_after_a_cut_every_face_is_gone_and_the_finder_is_wanted() -> None:
    path = a_path(StillFollower(cuts=[3]))
    follow(path, 0, 1, 2)
    path.apply(an_answer(a_face(), at=100.0))
    follow(path, 3)
    assert faces_on(path, 3) == ()
    assert (path.cuts, path.wants_finder) == (1, True)
    path.apply(an_answer(a_face(), at=100.08, sequence=2))  # about the scene before
    assert faces_on(path, 3) == ()


def test_where_only_every_second_frame_is_followed_faces_glide_between() -> None:
    follower = StillFollower(to_the_right, effort="every second frame")
    path = a_path(follower)
    follow(path, *range(4))
    path.apply(an_answer(a_face(0.4), at=100.0))
    lefts, asked_before = [], len(follower.asked)
    for sequence in range(4, 12):
        follow(path, sequence)
        lefts.append(faces_on(path, sequence)[0].box.left)
    assert {later - earlier for earlier, later, _ in follower.asked[asked_before:]} == {2}
    assert lefts == pytest.approx([0.44 + 0.01 * step for step in range(8)], abs=0.011)
    assert lefts[0::2] == pytest.approx([0.44, 0.46, 0.48, 0.50])


def test_starting_over_forgets_everything() -> None:
    follower = StillFollower()
    path = a_path(follower)
    follow(path, 0)
    path.apply(an_answer(a_face(), at=100.0))
    path.start_over()
    assert follower.sequences == []
    follow(path, 1)
    assert faces_on(path, 1) == ()


def test_a_frame_that_was_held_back_has_its_own_boxes_and_labels() -> None:
    path = a_path(StillFollower(to_the_right))
    follow(path, *range(6))
    path.apply(an_answer(a_face(0.4), at=100.08, sequence=2))
    picture = path.finish(frame_at(4), 100.16, a_status())
    assert picture.faces[0].box.left == pytest.approx(0.42)
    early = path.finish(frame_at(2), 100.08, a_status()).faces[0]
    assert early.box.left == pytest.approx(0.4)
    assert early.age == 0.0


def test_a_picture_says_when_somebody_looked_last_and_what_is_suspected() -> None:
    path = a_path()
    follow(path, 0)
    before = path.finish(frame_at(0), 100.0, a_status())
    assert (before.looked_at, before.suspected) == (None, ())
    unsure = replace(a_face(0.4, size=0.3), confidence=60.0)
    path.apply_sighting(Sighting("test", 0, 100.0, 100.1, (unsure,)))
    picture = path.finish(frame_at(0), 100.0, a_status())
    assert (picture.faces, picture.looked_at) == ((), 100.0)
    assert [box.left for _, box in picture.suspected] == pytest.approx([0.4])
