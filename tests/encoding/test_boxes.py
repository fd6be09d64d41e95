from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.encoding.boxes import Box, boxes, whole_length

if TYPE_CHECKING:
    from pathlib import Path


def a_box(name: bytes, content: int) -> bytes:
    return (8 + content).to_bytes(4, "big") + name + bytes(content)


def a_file(folder: Path, data: bytes) -> Path:
    path = folder / "a.mp4"
    path.write_bytes(data)
    return path


def test_boxes_come_in_order_with_their_places(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_box(b"ftyp", 16) + a_box(b"free", 0) + a_box(b"moov", 5))
    assert list(boxes(path)) == [Box(b"ftyp", 0, 24), Box(b"free", 24, 32), Box(b"moov", 32, 45)]
    assert whole_length(path) == 45


def test_a_long_size_is_read(tmp_path: Path) -> None:
    long = (1).to_bytes(4, "big") + b"mdat" + (26).to_bytes(8, "big") + bytes(10)
    path = a_file(tmp_path, long + a_box(b"moov", 0))
    assert list(boxes(path)) == [Box(b"mdat", 0, 26), Box(b"moov", 26, 34)]


def test_a_box_without_a_size_goes_on_to_the_end(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_box(b"moov", 0) + bytes(4) + b"mdat" + bytes(100))
    assert list(boxes(path))[1] == Box(b"mdat", 8, 116)


def test_a_torn_box_is_told_but_is_not_whole(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_box(b"ftyp", 16) + a_box(b"moof", 50)[:-1])
    assert [box.end for box in boxes(path)] == [24, 82]
    assert whole_length(path) == 24


@pytest.mark.parametrize(
    "rest", [b"", b"\0", bytes(7), bytes(500), b"\0\0\0\3moof", b"\0\0\0\x14\0\0\0\0" * 9]
)
def test_what_is_no_box_ends_the_file(tmp_path: Path, rest: bytes) -> None:
    path = a_file(tmp_path, a_box(b"ftyp", 16) + rest)
    assert list(boxes(path)) == [Box(b"ftyp", 0, 24)]
    assert whole_length(path) == 24


def test_an_empty_file_has_none(tmp_path: Path) -> None:
    assert whole_length(a_file(tmp_path, b"")) == 0
