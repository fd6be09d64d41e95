"""Stands in for Amazon Rekognition in an estimate: answers as late, sends nothing and costs nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam.detections import Detection, DetectorInfo
from livecam.errors import DetectionAborted, DetectorError

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.frames import Frame
    from livecam.protocols import FaceDetector

INFO = DetectorInfo(name="dry-run", is_approximate=True, unclear_below=60.0)
"""It is not said to draw as the finder does: that looks beside it then, as it would beside the service."""
USUAL_LATENCY = 0.34
"""Seconds of a warm call at 2 a second."""


class DryRunDetector:
    """Fits `FaceDetector`; who has no faces to answer with would be asked about a new face again and again.

    Args:
        eyes: answers in place of the service; None where there is nobody, and every answer is no face.
        clock: tells how long that took.
        latency: seconds from request to answer.
    """

    def __init__(self, eyes: FaceDetector | None, *, clock: Clock, latency: float = USUAL_LATENCY) -> None:
        self._eyes = eyes
        self._clock = clock
        self._latency = latency
        self._lock = threading.Lock()
        self._running: dict[tuple[str, int], threading.Event] = {}

    @property
    def info(self) -> DetectorInfo:
        """How its answers are to be labelled."""
        return INFO

    def warm(self) -> None:
        """Make the one who answers ready.

        Raises:
            DetectorError: it cannot be.
        """
        if self._eyes is not None:
            self._eyes.warm()

    def detect(self, frame: Frame) -> Detection:
        """Return the faces in a frame when the service would have; blocks.

        Raises:
            DetectionAborted: `abort` was called about this frame.
            DetectorError: who answers in its place failed.
        """
        began_at, key, aborted = self._clock.now(), (frame.source, frame.sequence), threading.Event()
        with self._lock:
            self._running[key] = aborted
        try:
            faces = self._eyes.detect(frame).faces if self._eyes is not None else ()
            if aborted.wait(max(self._latency - (self._clock.now() - began_at), 0.0)):
                raise DetectionAborted(f"the call about frame {frame.sequence} was ended")
        finally:
            with self._lock:
                self._running.pop(key, None)
        return Detection(faces, {"wait": self._clock.now() - began_at})

    def abort(self, frame: Frame) -> None:
        """End the call about this frame, if it is still running."""
        with self._lock:
            aborted = self._running.get((frame.source, frame.sequence))
        if aborted is not None:
            aborted.set()
            if self._eyes is not None:
                self._eyes.abort(frame)


def with_eyes_where_there_are(eyes: FaceDetector, *, clock: Clock) -> DryRunDetector:
    """Return one that answers as `eyes` do; as nobody where those cannot be made ready."""
    try:
        eyes.warm()
    except DetectorError:
        return DryRunDetector(None, clock=clock)
    return DryRunDetector(eyes, clock=clock)
