"""Known answers after a known delay: for tests, benchmarks and demonstrations of what a bad detector does.

Never offered on the command line: what it says is not about the picture.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam.detections import Detection, DetectorInfo
from livecam.errors import DetectionAborted

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.faces import Face
    from livecam.frames import Frame

INFO = DetectorInfo(name="scripted", is_approximate=False, unclear_below=50.0)


class ScriptedDetector:
    """Answers from a script.

    Args:
        answer: returns the faces of a frame; may raise what a detector would.
        delay: seconds before each answer; `abort` ends the wait.
        info: how it calls itself.
    """

    def __init__(
        self, answer: Callable[[Frame], tuple[Face, ...]], *, delay: float = 0.0, info: DetectorInfo = INFO
    ) -> None:
        self._answer = answer
        self._delay = delay
        self._info = info
        self._lock = threading.Lock()
        self._running: dict[int, threading.Event] = {}

    @property
    def info(self) -> DetectorInfo:
        """How it calls itself."""
        return self._info

    def warm(self) -> None:
        """Nothing is slow about a script."""

    def detect(self, frame: Frame) -> Detection:
        """Return the script's faces after the delay.

        Raises:
            DetectionAborted: `abort` was called about this frame.
        """
        aborted = threading.Event()
        with self._lock:
            self._running[frame.sequence] = aborted
        try:
            if aborted.wait(self._delay):
                raise DetectionAborted(f"the call about frame {frame.sequence} was ended")
            return Detection(self._answer(frame), {"wait": self._delay})
        finally:
            with self._lock:
                del self._running[frame.sequence]

    def abort(self, frame: Frame) -> None:
        """End the wait of the call about this frame."""
        with self._lock:
            aborted = self._running.get(frame.sequence)
        if aborted is not None:
            aborted.set()
