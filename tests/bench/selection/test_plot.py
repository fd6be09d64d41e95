from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.plot import save_plot
from livecam.bench.selection.request import Request
from livecam.bench.selection.simulation import compared
from livecam.errors import OutputError
from livecam.native import cv2
from tests.bench.selection.samples import CALM, HAPPY, lasting

if TYPE_CHECKING:
    from pathlib import Path

RESULT = compared(lasting((CALM, 20), (HAPPY, 20)), Request())
EMPTY = compared(lasting((None, 2)), Request())


@pytest.fixture(autouse=True)
def _needs_matplotlib() -> None:
    pytest.importorskip("matplotlib")


def test_the_plot_is_a_picture_with_something_in_it(tmp_path: Path) -> None:
    save_plot(RESULT, tmp_path / "a.png")
    save_plot(EMPTY, tmp_path / "b.png")
    full, empty = (cv2.imread(str(tmp_path / name)) for name in ("a.png", "b.png"))
    assert full is not None
    assert empty is not None
    assert full.shape == empty.shape
    assert (full != empty).any()


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="choose another folder"):
        save_plot(RESULT, tmp_path / "none" / "a.png")
