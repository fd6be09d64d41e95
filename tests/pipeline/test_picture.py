from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.pipeline.picture import PicturePath
from livecam.tracking import Tracker
from tests.builders import a_face, a_frame, a_status, an_answer

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.pictures import Picture


class WhitePainter:
    """Paints every picture white and remembers what it was shown."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def paint(self, picture: Picture) -> Image:
        self.pictures.append(picture)
        return np.full_like(picture.frame.image, 255)


def test_a_picture_says_its_frame_its_status_and_its_instant() -> None:
    frame, status = a_frame(3), a_status()
    picture = PicturePath(tracker=Tracker()).advance(frame, 101.5, status)
    assert picture.frame is frame
    assert picture.status is status
    assert picture.displayed_at == 101.5
    assert picture.faces == ()


def test_without_a_painter_no_pixel_is_touched() -> None:
    assert PicturePath(tracker=Tracker()).advance(a_frame(), 100.0, a_status()).image is None


def test_an_answer_is_on_the_pictures_that_follow_it() -> None:
    path = PicturePath(tracker=Tracker())
    path.apply(an_answer(a_face(), at=100.0))
    (label,) = path.advance(a_frame(9), 100.4, a_status()).faces
    assert round(label.age or 0.0, 6) == 0.4
    assert path.tracks == 1


def test_the_painter_sees_the_labels_and_its_image_is_the_pictures() -> None:
    painter = WhitePainter()
    path = PicturePath(tracker=Tracker(), painter=painter)
    path.apply(an_answer(a_face(), at=100.0))
    frame = a_frame()
    picture = path.advance(frame, 100.1, a_status())
    assert len(painter.pictures[0].faces) == 1
    assert picture.image is not None
    assert picture.image.min() == 255
    assert frame.image.max() == 90


def test_faces_are_told_apart_over_the_whole_run() -> None:
    path = PicturePath(tracker=Tracker())
    path.apply(an_answer(a_face(0.1), at=100.0))
    path.apply(an_answer(a_face(0.7), at=101.0))
    path.advance(a_frame(), 200.0, a_status())
    assert path.tracks == 2
