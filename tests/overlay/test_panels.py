from __future__ import annotations

import numpy as np
import pytest

from livecam.overlay.panels import help_plate, paint_badge, paint_help
from livecam.overlay.scale import scale_for
from tests.overlay.samples import a_measure, an_image

KEYS = ("Keys", "q\tquit", "space\tpause", "b\tbars", "closes by itself")


def test_help_is_laid_over_the_middle_of_a_copy() -> None:
    image = an_image()
    painted = paint_help(image, KEYS)
    assert (image == an_image()).all()
    rows, columns = np.nonzero((painted != image).any(axis=2))
    assert abs(rows.min() + rows.max() - image.shape[0]) <= 2
    assert abs(columns.min() + columns.max() - image.shape[1]) <= 2


def test_keys_and_what_they_do_stand_in_two_columns() -> None:
    plate = help_plate(KEYS, scale_for(1280, 720), a_measure)
    found = {text.text: text for text in plate.texts}
    assert found["q"].x == found["space"].x < found["quit"].x == found["pause"].x
    assert found["q"].baseline == found["quit"].baseline


def test_the_help_panel_is_broad_enough_for_all_of_it() -> None:
    plate = help_plate(("Keys", "q\t" + "quit " * 12), scale_for(1280, 720), a_measure)
    assert all(t.x + a_measure(t.text, t.size)[0] < plate.size[0] for t in plate.texts)


@pytest.mark.parametrize("size", [(160, 120), (320, 240), (1920, 1080)])
def test_help_fits_any_picture(size: tuple[int, int]) -> None:
    assert (paint_help(an_image(*size), KEYS * 3) != an_image(*size)).any()


def test_help_without_lines_does_not_raise() -> None:
    assert paint_help(an_image(), ()).shape == an_image().shape


def test_a_badge_stands_at_the_top_of_a_copy() -> None:
    image = an_image()
    painted = paint_badge(image, "paused")
    rows, _ = np.nonzero((painted != image).any(axis=2))
    assert (image == an_image()).all()
    assert rows.max() < image.shape[0] / 4


def test_a_badge_that_is_too_long_is_cut_short() -> None:
    assert (paint_badge(an_image(), "paused " * 100) != an_image()).any()
