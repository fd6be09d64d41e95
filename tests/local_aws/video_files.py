"""Video files made on the spot, and eyes that see what was put into them."""

from __future__ import annotations

import io
import struct
import tempfile
import threading
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.native import av

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.local_aws.operations import FaceDetail

WIDTH, HEIGHT = 64, 48
_STRAIGHT = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 0x40000000)


class BrightEyes:
    """Fits `Eyes`: sees a face wherever it is not black, with its brightness as sharpness.

    Args:
        faces: how many it sees in every picture.
    """

    def __init__(self, faces: int = 1) -> None:
        self._faces = faces
        self._lock = threading.Lock()
        self.pictures: list[Image] = []

    def look(self, image: Image) -> list[FaceDetail]:
        with self._lock:
            self.pictures.append(image)
        return [a_detail(float(image.mean()), place=number) for number in range(self._faces)]


def a_detail(brightness: float = 90.0, *, place: int = 0) -> FaceDetail:
    """Return a face with every member that botocore's model knows."""
    sure = {"Value": True, "Confidence": 90.0}
    return {
        "BoundingBox": {"Left": 0.1 * place, "Top": 0.1, "Width": 0.1, "Height": 0.2},
        "AgeRange": {"Low": 20, "High": 30},
        "Gender": {"Value": "Female", "Confidence": 90.0},
        **{name: dict(sure) for name in ("Smile", "Eyeglasses", "Sunglasses", "Beard", "Mustache")},
        **{name: dict(sure) for name in ("EyesOpen", "MouthOpen", "FaceOccluded")},
        "Emotions": [{"Type": "HAPPY", "Confidence": 90.0}],
        "Landmarks": [{"Type": "nose", "X": 0.2, "Y": 0.2}],
        "Pose": {"Roll": 1.0, "Yaw": 2.0, "Pitch": 3.0},
        "Quality": {"Brightness": brightness, "Sharpness": 50.0},
        "Confidence": 99.0,
        "EyeDirection": {"Yaw": 1.0, "Pitch": 2.0, "Confidence": 90.0},
    }


def a_video(
    container: str = "mp4",
    codec: str = "libx264",
    *,
    pictures: int = 60,
    begin: int = 0,
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
) -> bytes:
    """Return a film at 30 per second that gets brighter; its top left quarter is white.

    Args:
        begin: the number of the first picture.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film")  # moving the index to the front needs a file that can be opened again
        with av.open(str(path), "w", format=container, options=options or {}) as output:
            _fill(output, codec, pixels=pixels, numbers=range(begin, begin + pictures))
        return path.read_bytes()


def _fill(output: av.container.OutputContainer, codec: str, *, pixels: str, numbers: range) -> None:
    stream = output.add_stream(codec, rate=30)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, pixels
    for number in numbers:
        image = np.full((HEIGHT, WIDTH, 3), 20 + number - numbers.start, np.uint8)
        image[: HEIGHT // 2, : WIDTH // 2] = 250
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = number, Fraction(1, 30)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def a_sound() -> bytes:
    """Return an MP4 file with sound and no picture."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=48000)
        assert isinstance(stream, av.AudioStream)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.sample_rate = 48000
        output.mux(stream.encode(sound))
        output.mux(stream.encode(None))
    return file.getvalue()


def turned(film: bytes, right: tuple[int, int], down: tuple[int, int]) -> bytes:
    """Return a film with a note on how to show it: where its x and y axes point, in steps right and down."""
    place = film.index(_STRAIGHT, film.index(b"tkhd"))
    axes = (right[0], right[1], 0, down[0], down[1], 0, 0, 0, 0)
    matrix = [65536 * step for step in axes]
    matrix[-1] = 0x40000000
    return film[:place] + struct.pack(">9i", *matrix) + film[place + len(_STRAIGHT) :]


def seen_at(faces: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> list[int]:
    """Return the timestamps of `FaceDetection` objects in their order, in milliseconds."""
    return [face["Timestamp"] for face in faces]
