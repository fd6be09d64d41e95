from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from livecam.errors import MissingDependency, OutputError
from livecam.native import cv2
from livecam.reports.inputs import ReportInputs
from livecam.reports.timeline_png import write_timeline_png
from tests.reports.files import MADE_AT, both_sources

if TYPE_CHECKING:
    from pathlib import Path


def test_a_picture_shows_both_sources_in_the_colours_of_their_emotions(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = write_timeline_png(both_sources(tmp_path), tmp_path / "x.png")
    image = cv2.imread(str(path))
    assert image is not None
    colours = {tuple(int(value) for value in pixel) for pixel in image.reshape(-1, 3)}
    assert {(0x42, 0xE4, 0xF0), (0xD0, 0x8F, 0x2E)} <= colours  # happy and sad: blue, green, red


@pytest.mark.parametrize("title", ["$x^2$ \\frac{", "\u9999\u6e2f", "<b>"])
def test_any_title_is_text(tmp_path: Path, title: str) -> None:
    pytest.importorskip("matplotlib")
    assert write_timeline_png(both_sources(tmp_path, title=title), tmp_path / "x.png").stat().st_size > 1000


def test_where_nobody_was_seen_there_is_an_empty_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert write_timeline_png(ReportInputs(title="x", made_at=MADE_AT), tmp_path / "x.png").is_file()


def test_without_matplotlib_the_sentence_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[bench\]'"):
        write_timeline_png(both_sources(tmp_path), tmp_path / "x.png")


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(OutputError, match="cannot be written"):
        write_timeline_png(both_sources(tmp_path), tmp_path / "nowhere" / "x.png")
