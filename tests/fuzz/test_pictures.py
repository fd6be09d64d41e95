"""Stills and pictures from a page: decoded within the memory that a picture may take, or refused."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.native import MOST_PIXELS, cv2
from livecam.sources.stills import StillsSource, is_picture, read_picture
from livecam.sources.uploaded_picture import LEAST_SIDE, LONGEST_SIDE, decoded
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import DAMAGE, FLIPS, Damage

SUFFIXES = [".jpg", ".png", ".webp", ".bmp", ".tif", ".gif", ".jp2"]
NAMES = st.one_of(st.sampled_from(SUFFIXES), st.sampled_from([".JPG", "", ".mp4", ".txt"]))


def a_picture_file(suffix: str, width: int = 64, height: int = 48) -> bytes:
    image = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    return bytes(cv2.imencode(suffix, image)[1].tobytes())


WHOLE = {suffix: a_picture_file(suffix) for suffix in SUFFIXES}


def with_exif(jpeg: bytes, orientation: int, damage: Damage) -> bytes:
    """Return a JPEG whose Exif says how it is turned, or something like that."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    segment = damage.of(b"Exif\0\0" + tiff)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def a_bomb(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be large, and is: a grey one, whose rows compress well."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def shown(path: Path) -> None:
    """See that a picture becomes a frame of its size, or is refused by its name."""
    source, slot = StillsSource(path, source="still", clock=FakeClock()), RecordingSlot()
    try:
        info = source.open()
    except SourceUnavailable as error:
        assert_told(error, str(path))
        return
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    (frame,) = slot.frames
    assert frame.image.shape == (info.height, info.width, 3)
    assert frame.image.dtype == np.uint8
    assert info.width * info.height <= MOST_PIXELS


@fuzzed(80, kind=st.sampled_from(SUFFIXES), name=NAMES, damage=DAMAGE)
def test_a_damaged_picture_is_shown_or_refused(kind: str, name: str, damage: Damage) -> None:
    path = Path(f"a{name}")
    path.write_bytes(damage.of(WHOLE[kind]))
    assert is_picture(path) in (True, False)
    shown(path)


@fuzzed(60, orientation=st.integers(0, 65535), damage=st.one_of(st.just(Damage((), None)), FLIPS))
def test_a_picture_that_is_said_to_lie_anyhow_is_shown_whole(orientation: int, damage: Damage) -> None:
    path = Path("a.jpg")
    path.write_bytes(with_exif(WHOLE[".jpg"], orientation, damage))
    assert sorted(read_picture(path).shape) == [3, 48, 64]


@fuzzed(20, width=st.integers(0, 1 << 31), height=st.integers(0, 1 << 31))
def test_a_picture_that_claims_any_size_takes_no_more_memory_than_it_may(width: int, height: int) -> None:
    path = Path("a.png")
    path.write_bytes(a_bomb(width, height))
    shown(path)


@pytest.mark.parametrize("size", [(32_000, 32_000), (1 << 30, 1), (40_000, 10_000)])
def test_a_bomb_is_refused_before_its_memory_is_given(size: tuple[int, int]) -> None:
    path = Path("a.png")
    path.write_bytes(a_bomb(*size))
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnavailable, match=r"a\.png"):
            read_picture(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_PIXELS
    finally:
        tracemalloc.stop()


@fuzzed(100, damage=DAMAGE, width=st.integers(1, 200), height=st.integers(1, 200))
def test_a_damaged_picture_of_a_page_is_a_picture_or_refused(damage: Damage, width: int, height: int) -> None:
    try:
        image = decoded(damage.of(a_picture_file(".jpg", width, height)))
    except SourceFailed as error:
        assert_told(error)
    else:
        assert image.dtype == np.uint8
        assert min(image.shape[:2]) >= LEAST_SIDE
        assert max(image.shape[:2]) <= LONGEST_SIDE
