"""Looks at one part of the frame only: the region of interest, with any detector."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import BoundingBox

if TYPE_CHECKING:
    from livecam.detections import Detection, DetectorInfo
    from livecam.frames import Frame
    from livecam.protocols import FaceDetector

LEAST_SIDE = 80
"""Pixels; Amazon Rekognition refuses images that are smaller, and no face is found in less."""


class RegionDetector:
    """Fits `FaceDetector`; asks another about a part of each frame and answers about the whole.

    A face that the region's border cuts is answered as the other one saw it.

    Args:
        detector: sees nothing outside the region (but for the rounding to whole pixels, and what
            brings a tiny region up to 80 x 80).
        region: in fractions of the unmirrored frame.
    """

    def __init__(self, detector: FaceDetector, region: BoundingBox) -> None:
        self._detector = detector
        self._region = region
        self._lock = threading.Lock()
        self._running: list[tuple[Frame, Frame]] = []
        """Whole and cropped frame of every call that is not answered yet."""

    @property
    def info(self) -> DetectorInfo:
        """How the wrapped detector's answers are to be labelled."""
        return self._detector.info

    def warm(self) -> None:
        """Do what makes the wrapped detector's first call slow."""
        self._detector.warm()

    def detect(self, frame: Frame) -> Detection:
        """Return the faces in the region of a frame, in fractions of the whole frame; blocks.

        Raises:
            DetectorError: the wrapped detector could not answer.
        """
        cropped, part = crop(frame, self._region)
        with self._lock:
            self._running.append((frame, cropped))
        try:
            detection = self._detector.detect(cropped)
        finally:
            with self._lock:
                self._running = [pair for pair in self._running if pair[1] is not cropped]
        return replace(detection, faces=tuple(face.placed_in(part) for face in detection.faces))

    def abort(self, frame: Frame) -> None:
        """End the call about this frame, if it is still running: the wrapped one knows the crop."""
        with self._lock:
            running = [
                cropped
                for whole, cropped in self._running
                if (whole.source, whole.sequence) == (frame.source, frame.sequence)
            ]
        for cropped in running:  # outside the lock: it is not known how long the other one takes
            self._detector.abort(cropped)


def crop(frame: Frame, region: BoundingBox) -> tuple[Frame, BoundingBox]:
    """Return a part of a frame as a frame of its own, and which part it is.

    Args:
        frame: of any size; its image is not written to.
        region: in fractions of the frame. The part is this, rounded outwards to whole pixels, and at
            least 80 x 80 where the frame is as large.
    """
    left, top, right, bottom = region.edges_in_pixels(frame.width, frame.height)
    left, right = _widened(left, right, frame.width)
    top, bottom = _widened(top, bottom, frame.height)
    # A detector may hand the pixels to code that takes no slice of a larger picture.
    image = np.ascontiguousarray(frame.image[top:bottom, left:right])
    part = BoundingBox(
        left / frame.width,
        top / frame.height,
        (right - left) / frame.width,
        (bottom - top) / frame.height,
    )
    return replace(frame, image=image), part


def _widened(start: int, end: int, available: int) -> tuple[int, int]:
    """Return a span of pixels that is at least `LEAST_SIDE` long (or all there is), about its middle."""
    length = min(max(end - start, LEAST_SIDE), available)
    start = min(max(start - (length - (end - start)) // 2, 0), available - length)
    return start, start + length
