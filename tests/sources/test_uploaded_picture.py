"""What a page sends becomes a picture, or a sentence, and never more memory than a picture may take."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from livecam.errors import SourceFailed
from livecam.native import cv2
from livecam.sources.uploaded_picture import MOST_BYTES, decoded, size_of


def a_jpeg(width: int = 64, height: int = 48, *, flags: tuple[int, ...] = (), grey: bool = False) -> bytes:
    image = np.full((height, width) if grey else (height, width, 3), 90, np.uint8)
    return bytes(cv2.imencode(".jpg", image, list(flags))[1].tobytes())


def claiming(width: int, height: int) -> bytes:
    """Return a small JPEG that says of itself that it is of that size."""
    jpeg = bytearray(a_jpeg())
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = height.to_bytes(2) + width.to_bytes(2)
    return bytes(jpeg)


@pytest.mark.parametrize(("width", "height"), [(64, 48), (960, 540), (1920, 1080), (1080, 1920), (33, 17)])
def test_a_jpeg_becomes_a_picture_of_its_size(width: int, height: int) -> None:
    image = decoded(a_jpeg(width, height))
    assert image.shape == (height, width, 3)
    assert image.dtype == np.uint8
    assert abs(int(image.mean()) - 90) < 3


def test_a_grey_one_becomes_a_picture_too() -> None:
    assert decoded(a_jpeg(grey=True)).shape == (48, 64, 3)


@pytest.mark.parametrize(("width", "height"), [(65535, 65535), (1921, 100), (1920, 1081), (15, 40), (0, 0)])
def test_a_size_that_is_not_taken_is_refused_before_it_is_decoded(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(SourceFailed, match=f"a picture has {width}x{height} pixels"):
        decoded(claiming(width, height))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(SourceFailed, match=f"has {MOST_BYTES + 1} bytes"):
        decoded(a_jpeg() + bytes(MOST_BYTES + 1 - len(a_jpeg())))


def test_one_of_many_scans_is_refused() -> None:
    with pytest.raises(SourceFailed, match="progressive"):
        decoded(a_jpeg(flags=(cv2.IMWRITE_JPEG_PROGRESSIVE, 1)))


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a" + bytes(40), a_jpeg()[2:], bytes(4000)])
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(SourceFailed, match="a picture is"):
        decoded(data)


def test_a_head_without_an_end_is_refused() -> None:
    with pytest.raises(SourceFailed, match="without a size"):
        size_of(b"\xff\xd8" + b"\xff\xe0\x00\x00" * 20)
    with pytest.raises(SourceFailed, match="without a size"):
        size_of(b"\xff\xd8" + b"\xff\xe0\xff\xff" * 20)


def test_another_kind_of_pixels_is_refused() -> None:
    jpeg = bytearray(a_jpeg())
    jpeg[jpeg.index(b"\xff\xc0") + 4] = 12
    with pytest.raises(SourceFailed, match="other than 8 bits"):
        decoded(bytes(jpeg))


@pytest.mark.parametrize("seed", range(60))
def test_damage_is_a_sentence_or_a_picture(seed: int) -> None:
    jpeg, random = bytearray(a_jpeg(320, 240)), np.random.default_rng(seed)
    for at in random.integers(2, len(jpeg), 12):
        jpeg[at] = random.integers(0, 256)
    with contextlib.suppress(SourceFailed):  # and nothing else
        assert decoded(bytes(jpeg[: random.integers(2, len(jpeg))])).ndim == 3


def test_an_exif_tag_does_not_turn_it() -> None:
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    exif = b"\xff\xe1" + (len(tiff) + 8).to_bytes(2) + b"Exif\x00\x00" + tiff
    assert decoded(b"\xff\xd8" + exif + a_jpeg()[2:]).shape == (48, 64, 3)
