from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from livecam.errors import OutputError
from livecam.frames import SourceInfo
from livecam.native import cv2
from livecam.sinks.contact_sheet import TILE_WIDTH, ContactSheetSink
from tests.builders import a_frame, a_picture
from tests.requirements import skip_unless

FULL_DISK = Path("/dev/full")
INFO = SourceInfo("test", "a test", 64, 48, 30.0)


class Captions:
    """Remembers which media times it was asked about."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def __call__(self, media_time: float) -> str:
        self.asked.append(media_time)
        return f"at {media_time:.1f} s"


def a_sheet(path: Path, *times: float, captions: Captions | None = None) -> ContactSheetSink:
    return ContactSheetSink(path, times=times, title="A run", caption=captions or Captions())


def show(sink: ContactSheetSink, *media_times: float, levels: tuple[int, ...] = ()) -> None:
    for index, media_time in enumerate(media_times):
        picture = a_picture(replace(a_frame(index), media_time=media_time))
        level = levels[index] if levels else 90
        sink.write(replace(picture, image=np.full((48, 64, 3), level, np.uint8)))


def test_the_first_picture_at_or_after_each_time_is_kept(tmp_path: Path) -> None:
    captions = Captions()
    sink = a_sheet(tmp_path / "sheet.png", 1.0, 2.0, 3.0, captions=captions)
    sink.open(INFO)
    show(sink, 0.0, 0.99, 1.0, 1.01, 1.9, 2.1, 2.2, 2.9, 3.5, 4.0)
    sink.close()
    assert captions.asked == [1.0, 2.1, 3.5]


def test_the_sheet_is_a_png_that_shows_the_kept_pictures(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    sink = a_sheet(path, 0.0, 1.0)
    sink.open(INFO)
    show(sink, 0.0, 0.5, 1.0, levels=(11, 122, 233))
    sink.close()
    assert path.read_bytes().startswith(b"\x89PNG")
    sheet = cv2.imread(str(path))
    assert sheet is not None
    assert sheet.shape[1] > 3 * TILE_WIDTH
    tile = TILE_WIDTH * (TILE_WIDTH * 48 // 64)
    pixels = {level: int((sheet == level).all(axis=2).sum()) for level in (11, 122, 233)}
    assert pixels[11] >= tile
    assert pixels[233] >= tile
    assert pixels[122] < tile


def test_pictures_of_a_run_that_ended_early_are_written(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    sink = a_sheet(path, 0.0, 100.0)
    sink.open(INFO)
    show(sink, 0.0)
    sink.close()
    assert cv2.imread(str(path)) is not None


def test_nothing_is_written_without_pictures(tmp_path: Path) -> None:
    sink = a_sheet(tmp_path / "sheet.png", 1.0)
    sink.open(INFO)
    show(sink, 0.0, 0.5)
    sink.write(replace(a_picture(replace(a_frame(), media_time=2.0)), image=None))
    sink.close()
    assert list(tmp_path.iterdir()) == []


def test_the_sheet_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    sink = a_sheet(path, 0.0)
    sink.open(INFO)
    show(sink, 0.0)
    sink.close()
    path.unlink()
    sink.close()
    assert not path.exists()


def test_a_folder_that_is_not_there_is_told_when_the_sink_is_opened(tmp_path: Path) -> None:
    sink = a_sheet(tmp_path / "no-folder" / "sheet.png", 0.0)
    with pytest.raises(OutputError, match=r"no-folder/sheet\.png .*cannot be written: no such folder"):
        sink.open(INFO)


def test_a_full_disk_is_an_output_error_that_names_the_file() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    sink = a_sheet(FULL_DISK, 0.0)
    sink.open(INFO)
    show(sink, 0.0)
    with pytest.raises(OutputError, match="/dev/full cannot be written: No space left on device"):
        sink.close()
