from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import Emotion
from livecam.frames import Frame
from livecam.sources.demo_scene.office import FPS, RAMP, OfficeScene, changes
from livecam.sources.demo_scene.office_schedule import NOBODY, STILL, TALK, schedule
from livecam.vision.face_locator import OnDeviceLocator
from tests.requirements import installed_models

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.sources.demo_scene.scene import TrueFace

DAY = schedule("office", 240.0)
TIMES = [index / FPS for index in range(round(240 * FPS))]


@pytest.fixture(scope="session")
def office(portrait: Image) -> OfficeScene:
    return OfficeScene(DAY, portrait=portrait)


def middle_of(activity: str) -> float:
    return next((each.begins_at + each.ends_at) / 2 for each in DAY.activities if each.name == activity)


def face_at(office: OfficeScene, t: float) -> TrueFace:
    (face,) = office.truth(t).faces
    return face


def test_the_same_time_gives_the_same_bytes(office: OfficeScene, portrait: Image) -> None:
    other = OfficeScene(DAY, portrait=portrait)
    for t in (1.0, middle_of(TALK), middle_of(STILL)):
        assert np.array_equal(office.render(t), other.render(t))


def test_pictures_have_the_size_that_was_asked_for(portrait: Image) -> None:
    picture = OfficeScene(DAY, 320, 180, portrait=portrait).render(middle_of(STILL))
    assert picture.shape == (180, 320, 3)
    assert picture.dtype == np.uint8


def test_nobody_is_in_the_empty_room(office: OfficeScene) -> None:
    assert office.truth(middle_of(NOBODY)).faces == ()


def test_the_truth_changes_exactly_when_the_list_says_so(office: OfficeScene) -> None:
    listed = changes(DAY)
    assert len(listed) > 8
    seen = []
    for before, now in pairwise(TIMES):
        faces = office.truth(before).faces, office.truth(now).faces
        if all(faces) and faces[0][0].expression is not faces[1][0].expression:
            seen.append((now, faces[1][0].expression))
    assert [expression for _, expression in seen] == [expression for _, expression in listed]
    assert all(0 <= now - at <= 1 / FPS + 1e-9 for (now, _), (at, _) in zip(seen, listed, strict=True))


def test_an_expression_forms_in_its_time(office: OfficeScene) -> None:
    at, expression = changes(DAY)[0]
    assert face_at(office, at - RAMP).is_transition is False
    assert face_at(office, at).is_transition
    after = face_at(office, at + RAMP)
    assert (after.expression, after.is_transition) == (expression, False)


def test_somebody_comes_in_from_the_right_and_leaves_there(office: OfficeScene) -> None:
    presence = DAY.presences[0]
    coming, there = (face_at(office, presence.begins_at + after) for after in (1.2, 6.0))
    leaving = face_at(office, presence.ends_at - 1.2)
    assert coming.box.left > there.box.left < leaving.box.left
    assert there.visible_share == 1.0
    assert coming.expression is Emotion.CALM


def test_only_the_mouth_moves_more_while_somebody_talks(office: OfficeScene, portrait: Image) -> None:
    silent = replace(DAY, activities=tuple(replace(each, name=STILL) for each in DAY.activities))
    other, begin = OfficeScene(silent, portrait=portrait), middle_of(TALK)
    moved = 0
    for t in (begin + n / FPS for n in range(20)):
        differs = np.any(office.render(t) != other.render(t), axis=2)
        left, top, right, bottom = face_at(office, t).box.edges_in_pixels(640, 360)
        moved += differs[(top + bottom) // 2 : bottom, left:right].any()
        differs[(top + bottom) // 2 : bottom + 30, left - 15 : right + 15] = False  # and the chin
        assert not differs.any()
    assert 5 < moved < 20  # there are pauses between the words


def test_the_lamp_darkens_the_room_and_comes_back(office: OfficeScene) -> None:
    off, on = DAY.lamp[0], DAY.lamp[1]
    light, dark, again = (office.render(t)[:, -80:].mean() for t in (off - 0.1, off + 0.5, on + 0.5))
    assert dark < 0.85 * light
    assert again == pytest.approx(light, rel=0.03)


def test_the_finder_sees_the_face_where_the_truth_has_it(office: OfficeScene) -> None:
    locator = OnDeviceLocator(models_dir=installed_models())
    for activity in (STILL, TALK):
        t = middle_of(activity)
        seen = locator.locate(Frame("office", 0, t, t, office.render(t)))
        assert len(seen) == 1
        assert seen[0].box.iou(face_at(office, t).box) > 0.6
