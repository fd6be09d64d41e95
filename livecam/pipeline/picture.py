"""The picture path: frames in, finished pictures out, answers applied between them.

One synchronous object that is told the time; it knows no clock, thread or sink. The runner drives
it in a thread of its own, a benchmark in virtual time.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from livecam.pictures import Picture

if TYPE_CHECKING:
    from livecam.detections import Answer
    from livecam.frames import Frame
    from livecam.pictures import Status
    from livecam.protocols import Painter
    from livecam.tracking import Tracker


class PicturePath:
    """Turns each frame into a picture with the labels that belong on it now.

    Args:
        tracker: knows which faces are on the picture.
        painter: draws finished pictures; None when no sink needs pixels.
    """

    def __init__(self, *, tracker: Tracker, painter: Painter | None = None) -> None:
        self._tracker = tracker
        self._painter = painter

    @property
    def tracks(self) -> int:
        """Number of faces told apart so far."""
        return self._tracker.created

    def apply(self, answer: Answer) -> None:
        """Take in a detector's answer about an earlier frame."""
        self._tracker.apply(answer)

    def start_over(self) -> None:
        """Forget every face: what comes next has nothing to do with what was."""
        self._tracker.clear()

    def advance(self, frame: Frame, now: float, status: Status) -> Picture:
        """Return the finished picture of `frame` at instant `now`; the same frame may come again."""
        labels = self._tracker.labels(now)
        picture = Picture(frame, labels, status, now, answered_at=self._tracker.answered_at)
        if self._painter is None:
            return picture
        return dataclasses.replace(picture, image=self._painter.paint(picture))
