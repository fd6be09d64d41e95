"""The faces in one picture, in one call."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.clock import SystemClock
from livecam.compose.detector import choose_detector
from livecam.config import load_settings
from livecam.errors import DetectorError, LivecamError, UsageError
from livecam.frames import Frame
from livecam.sources.stills import read_picture

if TYPE_CHECKING:
    from livecam.faces import Face
    from livecam.frames import Image
    from livecam.protocols import FaceDetector

CHANNELS = 3


def detect(image: Image | str | Path, *, detector: FaceDetector | str | None = None) -> tuple[Face, ...]:
    """Return the faces in a picture, largest first.

    Args:
        image: pixels (height, width, 3) in OpenCV's order BGR, 0..255, or the path of a picture.
        detector: one of your own, or the name of one; None for what the settings say. A detector that is
            named is kept, so that only the first call loads it.

    Returns:
        Faces; boxes and landmarks in fractions of the picture, scores 0..100.

    Raises:
        UsageError: it is no picture, or no detector has that name.
        SourceUnavailable: the file cannot be read.
        DetectorError: there is no answer; never an empty result instead.
    """
    pixels = read_picture(Path(image)) if isinstance(image, str | Path) else image
    if not isinstance(pixels, np.ndarray):
        raise UsageError(f"a picture is an array or the path of a file, not {type(pixels).__name__}")
    if (
        0 in pixels.shape
        or pixels.ndim != CHANNELS
        or pixels.shape[2] != CHANNELS
        or pixels.dtype.name != "uint8"
    ):
        raise UsageError(
            f"a picture is bytes of shape (height, width, 3), not {pixels.dtype} of shape {pixels.shape}"
        )
    if detector is None or isinstance(detector, str):
        detector = _named(load_settings({"detector": detector}, origin="argument").detector)
    try:
        found = detector.detect(Frame("picture", 0, SystemClock().now(), 0.0, pixels))
    except LivecamError:
        raise
    except Exception as error:
        raise DetectorError(f"{detector.info.name} failed: {type(error).__name__}: {error}") from error
    return tuple(sorted(found.faces, key=lambda face: face.box.area, reverse=True))


@functools.lru_cache(maxsize=4)
def _named(name: str) -> FaceDetector:
    settings = load_settings({"detector": name, "source": "demo"}, origin="argument")
    detector = choose_detector(settings, SystemClock())
    if detector is None:
        raise UsageError("the settings say detector = none; name one, such as on-device")
    detector.warm()
    return detector
