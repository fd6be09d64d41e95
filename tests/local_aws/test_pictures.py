from __future__ import annotations

import struct
import zlib

import pytest

from livecam.local_aws.pictures import LARGEST_BYTES, decode
from livecam.local_aws.service_errors import ServiceError
from tests.local_aws.clients import a_jpeg, a_png

LYING = (
    b"\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    b"\x00\x00\x00\x00"
)
"""An Exif segment: turn a quarter clockwise."""


def code_of(content: bytes) -> str:
    with pytest.raises(ServiceError) as caught:
        decode(content)
    return caught.value.code


@pytest.mark.parametrize("content", [a_jpeg(), a_png()])
def test_jpeg_and_png_are_pictures(content: bytes) -> None:
    assert decode(content).shape == (120, 160, 3)


def test_the_orientation_of_a_jpeg_is_applied() -> None:
    jpeg = a_jpeg()
    assert decode(jpeg[:2] + LYING + jpeg[2:]).shape == (160, 120, 3)


def test_the_orientation_of_a_png_never_is() -> None:
    png, exif = a_png(), b"eXIf" + LYING[10:]
    chunk = struct.pack(">I", len(exif) - 4) + exif + struct.pack(">I", zlib.crc32(exif))
    assert decode(png[:33] + chunk + png[33:]).shape == (120, 160, 3)  # behind the header's chunk


@pytest.mark.parametrize("content", [b"\x00", b"GIF89a", b"RIFF....WEBP", a_jpeg()[:40], a_png()[:20]])
def test_what_is_no_jpeg_or_png_is_refused(content: bytes) -> None:
    assert code_of(content) == "InvalidImageFormatException"


def test_five_megabytes_are_the_most() -> None:
    padded = a_jpeg().ljust(LARGEST_BYTES, b"\x00")
    assert decode(padded).shape == (120, 160, 3)
    assert code_of(padded + b"\x00") == "ImageTooLargeException"


@pytest.mark.parametrize("size", [(79, 120), (160, 79)])
def test_eighty_pixels_are_the_least(size: tuple[int, int]) -> None:
    assert code_of(a_jpeg(*size)) == "InvalidParameterException"
    assert decode(a_jpeg(80, 80)).shape == (80, 80, 3)
