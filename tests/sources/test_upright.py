from __future__ import annotations

import gc
import shutil
import struct
import subprocess
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.native import av, cv2
from livecam.sources.upright import SQUARE, Upright, pixel_aspect_of
from tests.requirements import skip_unless
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image

ONE = 1 << 16
"""1 in the fixed point of a display matrix."""
RIGHT_ANGLES = [
    (1, 0, 0, 1),
    (0, 1, -1, 0),
    (-1, 0, 0, -1),
    (0, -1, 1, 0),
    (-1, 0, 0, 1),
    (1, 0, 0, -1),
    (0, 1, 1, 0),
    (0, -1, -1, 0),
]
"""Every turn by a right angle, then every one that also mirrors: where x and y point when shown."""
RED = (0, 0, 255)


def a_marked_clip(path: Path, *, aspect: Fraction = SQUARE, pixel_format: str = "yuv420p") -> Path:
    """Write a grey picture of 64x48 with a red mark in its stored top left corner."""
    image = np.full((48, 64, 3), 128, np.uint8)
    image[:16, :24] = RED
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264" if pixel_format == "yuv420p" else "rawvideo", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        stream.codec_context.sample_aspect_ratio = aspect
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def with_display_matrix(clip: Path, matrix: tuple[float, float, float, float]) -> Path:
    """Write a matrix into a clip's track header, as a phone does that is held on its side."""
    content = clip.read_bytes()
    at = content.index(b"tkhd") + 44
    x_right, x_down, y_right, y_down = (round(part * ONE) for part in matrix)
    stored = struct.pack(">9i", x_right, x_down, 0, y_right, y_down, 0, 0, 0, 1 << 30)
    clip.write_bytes(content[:at] + stored + content[at + len(stored) :])
    return clip


def first_picture(clip: Path) -> Image:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        return Upright(pixel_aspect_of(stream))(next(container.decode(stream)))


def as_ffmpeg_shows_it(clip: Path, still: Path) -> Image:
    program = shutil.which("ffmpeg")
    skip_unless(program is not None, "ffmpeg is not installed")
    subprocess.run(
        [str(program), "-v", "error", "-i", str(clip), "-frames:v", "1", str(still)], check=True, timeout=40
    )
    image = cv2.imread(str(still))
    assert image is not None
    return image.astype(np.uint8)


def mark_of(image: Image) -> tuple[str, str]:
    """Return in which corner the red mark is."""
    is_red = image[:, :, 2].astype(int) - image[:, :, 0] > 100
    down, right = (float(places.mean()) for places in np.nonzero(is_red))
    return (
        "top" if down < image.shape[0] / 2 else "bottom",
        "left" if right < image.shape[1] / 2 else "right",
    )


@pytest.mark.parametrize("matrix", RIGHT_ANGLES)
def test_every_turn_and_mirroring_shows_what_ffmpeg_shows(
    tmp_path: Path, matrix: tuple[int, int, int, int]
) -> None:
    clip = with_display_matrix(a_marked_clip(tmp_path / "clip.mp4"), matrix)
    expected = as_ffmpeg_shows_it(clip, tmp_path / "expected.png")
    image = first_picture(clip)
    assert image.shape == expected.shape
    assert np.abs(image.astype(int) - expected).mean() < 2


@pytest.mark.parametrize(
    ("matrix", "size", "corner"),
    [
        ((1, 0, 0, 1), (64, 48), ("top", "left")),
        ((0, 1, -1, 0), (48, 64), ("top", "right")),
        ((-1, 0, 0, -1), (64, 48), ("bottom", "right")),
        ((0, -1, 1, 0), (48, 64), ("bottom", "left")),
        ((-1, 0, 0, 1), (64, 48), ("top", "right")),
    ],
)
def test_a_turned_picture_has_its_corners_where_they_belong(
    tmp_path: Path,
    matrix: tuple[int, int, int, int],
    size: tuple[int, int],
    corner: tuple[str, str],
) -> None:
    image = first_picture(with_display_matrix(a_marked_clip(tmp_path / "clip.mp4"), matrix))
    assert (image.shape[1], image.shape[0]) == size
    assert mark_of(image) == corner


@pytest.mark.parametrize("matrix", [(0.1, 0.99, -0.99, 0.1), (0.0, 3.0, -3.0, 0.0)])
def test_an_odd_angle_becomes_the_nearest_right_one(
    tmp_path: Path, matrix: tuple[float, float, float, float]
) -> None:
    image = first_picture(with_display_matrix(a_marked_clip(tmp_path / "clip.mp4"), matrix))
    assert image.shape == (64, 48, 3)
    assert mark_of(image) == ("top", "right")


def test_a_matrix_of_zeros_turns_nothing(tmp_path: Path) -> None:
    image = first_picture(with_display_matrix(a_marked_clip(tmp_path / "clip.mp4"), (0, 0, 0, 0)))
    assert image.shape == (48, 64, 3)
    assert mark_of(image) == ("top", "left")


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Fraction(4, 3), (85, 48)),
        (Fraction(2), (128, 48)),
        (Fraction(1, 2), (64, 96)),
        (Fraction(8, 9), (64, 54)),
        (Fraction(1), (64, 48)),
        (Fraction(100, 1), (64, 48)),
        (Fraction(1, 100), (64, 48)),
    ],
)
def test_oblong_pixels_are_stretched_and_absurd_ones_left(
    tmp_path: Path, aspect: Fraction, size: tuple[int, int]
) -> None:
    image = first_picture(a_marked_clip(tmp_path / "clip.mp4", aspect=aspect))
    assert (image.shape[1], image.shape[0]) == size


def test_oblong_pixels_are_stretched_before_the_picture_is_turned(tmp_path: Path) -> None:
    clip = a_marked_clip(tmp_path / "clip.mp4", aspect=Fraction(2))
    image = first_picture(with_display_matrix(clip, (0, 1, -1, 0)))
    assert image.shape == (128, 48, 3)
    assert mark_of(image) == ("top", "right")


@pytest.mark.parametrize("size", [(64, 48), (50, 37)])
@pytest.mark.parametrize("pixel_format", ["bgr24", "yuv420p"])
def test_the_memory_is_contiguous_and_not_the_decoders(size: tuple[int, int], pixel_format: str) -> None:
    frame = av.VideoFrame(*size, pixel_format)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    image = Upright()(frame)
    assert image.shape == (size[1], size[0], 3)
    assert image.flags.c_contiguous
    before = image.tobytes()
    for plane in frame.planes:
        plane.update(b"\x80" * plane.buffer_size)
    assert image.tobytes() == before


def test_a_frame_is_let_go_of_once_it_was_converted(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", [index / 30 for index in range(9)])
    with av.open(path) as container:
        frames, convert = container.decode(video=0), Upright()
        convert(next(frames))
        gc.collect()
        gc.disable()
        try:
            for frame in frames:
                convert(frame)
            del frame
            assert gc.collect() < 10  # one frame is looked at closely, which leaves five objects
        finally:
            gc.enable()
