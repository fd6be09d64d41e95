from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.encoding import jpeg
from livecam.encoding.jpeg import encode_jpeg
from livecam.errors import DetectorError
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image


def noise(width: int, height: int) -> Image:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def ramp(width: int, height: int) -> Image:
    """Return a picture that is darker left than right and has a red top and a blue bottom."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 1] = np.linspace(0, 255, width, dtype=np.uint8)
    image[: height // 2, :, 2] = 200
    image[height // 2 :, :, 0] = 200
    return image


def decoded(data: bytes) -> Image:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image.astype(np.uint8)


def markers(data: bytes) -> list[int]:
    """Return the marker bytes of a JPEG's header, in order."""
    found, position = [], 2
    while data[position + 1] != 0xDA:
        found.append(data[position + 1])
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return found


@pytest.mark.parametrize(
    ("size", "sent"),
    [
        ((1280, 720), (640, 360)),
        ((1920, 1080), (640, 360)),
        ((3840, 2160), (640, 360)),
        ((1366, 768), (640, 360)),
        ((1281, 721), (640, 360)),
        ((2561, 1441), (640, 360)),
        ((720, 1280), (640, 1138)),
        ((800, 600), (640, 480)),
    ],
)
def test_a_larger_picture_becomes_as_wide_as_asked_and_keeps_its_shape(
    size: tuple[int, int], sent: tuple[int, int]
) -> None:
    picture = encode_jpeg(ramp(*size))
    assert (picture.width, picture.height) == sent
    assert decoded(picture.data).shape == (sent[1], sent[0], 3)


@pytest.mark.parametrize("size", [(640, 360), (320, 240), (80, 80), (639, 361)])
def test_a_picture_is_never_enlarged(size: tuple[int, int]) -> None:
    picture = encode_jpeg(ramp(*size))
    assert (picture.width, picture.height) == size


def test_a_panorama_stays_wide_enough_to_be_taken() -> None:
    picture = encode_jpeg(ramp(2000, 160))
    assert (picture.width, picture.height) == (1000, 80)


def test_what_is_seen_stays_where_it_was() -> None:
    image = ramp(1920, 1080)
    back = decoded(encode_jpeg(image, quality=95).data).astype(int)
    exact = cv2.resize(image, (640, 360), interpolation=cv2.INTER_AREA).astype(int)
    away_from_the_edge = np.r_[10:170, 190:350]
    assert np.abs(back - exact)[away_from_the_edge].mean() < 3


def test_an_exact_half_is_the_mean_of_four_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Image] = []

    def keep(image: Image, quality: int) -> bytes:
        seen.append(image)
        return b"jpeg"

    monkeypatch.setattr(jpeg, "_encoded", keep)
    image = noise(400, 200)
    encode_jpeg(image, width=200)
    means = image.reshape(100, 2, 200, 2, 3).mean((1, 3))
    assert np.abs(seen[0] - means).max() <= 0.5


def test_there_is_no_exif_in_it_and_colour_has_half_the_resolution() -> None:
    data = encode_jpeg(ramp(640, 360)).data
    assert 0xE1 not in markers(data)
    start = data.index(b"\xff\xc0")
    assert data[start + 11] == 0x22  # sampling of Y: 2x2


def test_less_quality_makes_fewer_bytes() -> None:
    image = noise(640, 360)
    assert len(encode_jpeg(image, quality=50).data) < len(encode_jpeg(image, quality=80).data) / 1.5


def test_a_crop_of_a_larger_picture_can_be_encoded() -> None:
    picture = encode_jpeg(ramp(1920, 1080)[100:400, 200:700])
    assert (picture.width, picture.height) == (500, 300)


def test_the_image_is_only_looked_at() -> None:
    image = ramp(1280, 720)
    image.flags.writeable = False
    encode_jpeg(image)


@pytest.mark.parametrize("size", [(79, 80), (80, 79), (1, 1), (1280, 10)])
def test_a_picture_under_80_pixels_is_refused_with_its_size(size: tuple[int, int]) -> None:
    with pytest.raises(DetectorError, match=rf"{size[0]}x{size[1]} .* none under 80x80"):
        encode_jpeg(ramp(*size))


def test_what_would_be_too_large_loses_quality_and_says_so() -> None:
    picture = encode_jpeg(noise(3000, 2000), width=3000, quality=95)
    assert len(picture.data) <= 5_242_880
    assert 30 <= picture.quality < 95


def test_what_is_too_large_at_the_least_quality_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg, "MOST_BYTES", 5_000)
    with pytest.raises(DetectorError, match=r"lower --width \(640\)"):
        encode_jpeg(noise(640, 360))
