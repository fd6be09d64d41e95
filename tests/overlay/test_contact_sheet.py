from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from livecam.overlay.contact_sheet import BACKGROUND, contact_sheet
from tests.overlay.samples import an_image

sheet = partial(contact_sheet, columns=3, tile_width=160, title="Ten seconds")


def test_tiles_stand_in_rows_of_the_asked_length() -> None:
    one_row = sheet([an_image()] * 3, ["a"] * 3)
    two_rows = sheet([an_image()] * 4, ["a"] * 4)
    assert one_row.shape[1] == two_rows.shape[1] > 3 * 160
    assert two_rows.shape[0] > one_row.shape[0]


def test_a_sheet_is_made_of_pixels_and_leaves_its_pictures_alone() -> None:
    image = an_image()
    made = sheet([image], ["happy"])
    assert made.dtype == np.uint8
    assert (image == an_image()).all()


def test_captions_and_title_are_written() -> None:
    plain = sheet([an_image()], [" "])
    assert (sheet([an_image()], ["≈ happy 83 %"]) != plain).any()
    assert sheet([an_image()], [" "], title="").shape[0] < plain.shape[0]


def test_pictures_of_any_shape_share_a_sheet() -> None:
    images = [an_image(640, 360), an_image(90, 160), an_image(2000, 40), an_image(16, 16)]
    assert sheet(images, ["a"] * 4).shape[0] > 2 * 160


def test_a_long_caption_does_not_reach_into_the_next_tile() -> None:
    long = sheet([an_image()] * 2, ["a caption that goes on " * 9, ""], title="")
    gap = long[-30:, 8 + 160 : 8 + 160 + 4]
    assert (gap == BACKGROUND).all()


def test_no_pictures_make_a_sheet_with_a_title_only() -> None:
    assert sheet([], []).size > 0


def test_every_picture_needs_a_caption() -> None:
    with pytest.raises(ValueError, match="captions"):
        sheet([an_image()], [])


@pytest.mark.parametrize("wrong", [{"columns": 0}, {"tile_width": 0}])
def test_a_grid_needs_columns_and_width(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        contact_sheet([], [], **{"columns": 1, "tile_width": 1, "title": ""} | wrong)  # type: ignore[arg-type]
