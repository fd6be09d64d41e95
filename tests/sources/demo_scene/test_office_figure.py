from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.sources.demo_scene.expressions import Expression, Mouth
from livecam.sources.demo_scene.office_figure import OfficeFigure
from livecam.sources.demo_scene.portrait import FIGURE_HEIGHT, WIDTH
from livecam.sources.demo_scene.warp import PATCH

if TYPE_CHECKING:
    from livecam.frames import Image

GREEN = (0, 200, 0)


@pytest.fixture(scope="session")
def office_figure(portrait: Image) -> OfficeFigure:
    return OfficeFigure(portrait)


def test_an_expression_changes_the_face_alone(office_figure: OfficeFigure) -> None:
    calm = office_figure.with_expression(Expression())
    open_mouth = office_figure.with_expression(Expression(mouth=Mouth(jaw=0.4)))
    assert calm.shape == (FIGURE_HEIGHT, WIDTH, 3)
    changed = np.abs(calm.astype(int) - open_mouth.astype(int)).max(axis=2) > 0
    assert changed[PATCH].any()
    changed[PATCH] = False
    assert not changed.any()


def test_the_figure_is_laid_where_its_face_is_asked_for(office_figure: OfficeFigure) -> None:
    image = np.full((360, 640, 3), GREEN, np.uint8)
    office_figure.lay(image, office_figure.with_expression(Expression()), (400.0, 150.0), 100.0, 0.0)
    is_person = (image != GREEN).any(axis=2)
    assert is_person[120:180, 380:420].all()
    assert not is_person[:, :200].any()
    assert abs(np.flatnonzero(is_person[150]).mean() - 400) < 10


def test_who_is_out_of_the_picture_is_not_drawn(office_figure: OfficeFigure) -> None:
    image = np.full((360, 640, 3), GREEN, np.uint8)
    office_figure.lay(image, office_figure.with_expression(Expression()), (1500.0, 150.0), 100.0, 0.0)
    assert (image == GREEN).all()
