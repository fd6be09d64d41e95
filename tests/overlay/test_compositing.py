from __future__ import annotations

import numpy as np
import pytest

from livecam.overlay.compositing import draw_frame, draw_outline, draw_plate
from livecam.overlay.geometry import Area
from livecam.overlay.plates import FaceFrame, FrameStyle, Plate
from livecam.overlay.theme import NOTICE
from tests.overlay.samples import an_image

BOX = Area(200, 100, 150, 160)


def a_frame(style: FrameStyle = FrameStyle.SURE, opacity: float = 1.0, area: Area = BOX) -> FaceFrame:
    return FaceFrame(area, (0, 255, 0), style, 3, 8, opacity)


def changed(frame: FaceFrame) -> int:
    image = an_image()
    draw_frame(image, frame)
    return int((image != an_image()).any(axis=2).sum())


def test_a_plate_darkens_only_its_own_rectangle() -> None:
    image = an_image()
    draw_plate(image, Plate(Area(100, 100, 80, 40), 6, ()))
    assert (image[110:130, 110:170] < an_image()[110:130, 110:170]).all()
    image[100:140, 100:180] = an_image()[100:140, 100:180]
    assert (image == an_image()).all()


def test_a_plate_has_round_corners() -> None:
    image = np.full((60, 100, 3), 255, np.uint8)
    draw_plate(image, Plate(Area(10, 10, 80, 40), 8, (), accent=NOTICE, accent_width=3))
    corners = image[[10, 10, 49, 49], [10, 89, 10, 89]]
    assert (corners == 255).all()


@pytest.mark.parametrize("area", [Area(-5, 10, 50, 20), Area(600, 350, 50, 20)])
def test_a_plate_that_does_not_fit_is_not_drawn(area: Area) -> None:
    image = an_image()
    draw_plate(image, Plate(area, 4, ()))
    assert (image == an_image()).all()


def test_the_surer_a_box_the_more_of_it_is_drawn() -> None:
    sure, approximate, unsure = (changed(a_frame(style)) for style in FrameStyle)
    assert sure > approximate > 0
    assert sure > unsure > 0


def test_no_box_is_drawn_over_the_face() -> None:
    for style in FrameStyle:
        image = an_image()
        draw_frame(image, a_frame(style))
        assert (image[115:245, 215:335] == an_image()[115:245, 215:335]).all()


def test_a_fading_box_lies_between_the_picture_and_the_full_box() -> None:
    full, half = an_image(), an_image()
    draw_frame(full, a_frame())
    draw_frame(half, a_frame(opacity=0.5))
    before = an_image().astype(int)
    assert 0 < np.abs(half - before).sum() < np.abs(full - before).sum()


@pytest.mark.parametrize(
    "area", [Area(0, 0, 640, 360), Area(-20, -20, 60, 60), Area(636, 356, 4, 4), Area(9, 9, 0, 0)]
)
@pytest.mark.parametrize("style", FrameStyle)
def test_boxes_at_the_edge_and_without_extent_do_no_harm(area: Area, style: FrameStyle) -> None:
    image = an_image()
    draw_frame(image, FaceFrame(area, (0, 255, 0), style, 2, min(area.width // 7, 8), 0.5))
    assert image.shape == an_image().shape


@pytest.mark.parametrize("brightness", [0, 128, 255])
def test_an_outline_shows_on_any_picture_and_is_fainter_than_its_colour(brightness: int) -> None:
    image = np.full((60, 100, 3), brightness, np.uint8)
    draw_outline(image, Area(20, 10, 60, 40), (214, 206, 201), stroke=1)
    assert np.ptp(image[30, 18:23, 0]) > 30
    assert (image[30, 20] != (214, 206, 201)).all()
    assert (image[30, 25:75] == brightness).all()
    assert (image[:9] == brightness).all()
