"""What the picture thread does: frame by frame, the finished picture to the sinks.

While the source delivers nothing, the newest picture is shown again to those that people look at:
its labels grow old, and what is wrong is said on it.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.detections import Answer
    from livecam.frames import Frame, SourceInfo
    from livecam.pictures import Picture
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.fan_out import FanOut
    from livecam.pipeline.latest_slot import LatestSlot
    from livecam.pipeline.picture import PicturePath
    from livecam.tally import Tally

STILL_TRIES = 3
"""Times that a still is asked about when the service or the network failed: it does not grow old."""
REFRESH_EVERY = 0.25
"""Seconds without a frame after which the newest picture is shown again."""


@dataclass(kw_only=True)
class Showing:
    """Takes frames until there are no more, or until `duration` is over."""

    info: SourceInfo
    slot: LatestSlot
    detection: DetectionLoop | None
    picture: PicturePath
    sinks: FanOut
    tally: Tally
    clock: Clock
    duration: float | None
    stop: Callable[[str], None]
    stopped: threading.Event
    _first: Frame | None = field(default=None, init=False)
    _newest: Frame | None = field(default=None, init=False)

    def run(self) -> None:
        """Show pictures until the slot is closed and empty."""
        while not self.slot.is_over:
            frame = self.slot.take(REFRESH_EVERY)
            if frame is not None:
                self._show(frame)
            elif not self.stopped.is_set():
                self._refresh()

    def _show(self, frame: Frame) -> None:
        answers = self._answers_about_still(frame) if self.info.are_stills else self._offered(frame)
        for answer in answers:
            self.picture.apply(answer)
        # Else a still without boxes would read as one without faces.
        is_unanswered = self.info.are_stills and self.detection is not None and not answers
        picture = self._finished(frame, notice="not answered" if is_unanswered else None)
        self.sinks.write(picture)
        self.tally.displayed(picture, answers, self.picture.tracks)
        self._first, self._newest = self._first or frame, frame
        # By media time: the same as the captured time but when a file is played fast.
        self._end_after(frame.media_time - self._first.media_time)

    def _offered(self, frame: Frame) -> list[Answer]:
        """Offer a frame to the detector; return the answers about earlier ones."""
        if not self.detection:
            return []
        answers = self.detection.take_answers()
        self.detection.offer(frame)
        return answers

    def _answers_about_still(self, frame: Frame) -> list[Answer]:
        """Hold a still until there is an answer about it, or there can be none."""
        self.picture.start_over()
        if not self.detection:
            return []
        for _ in range(STILL_TRIES):
            self.detection.wait_for_turn(self.stopped)
            self.detection.offer(frame)
            self.detection.wait_until_settled(frame, self.stopped)
            answers = [each for each in self.detection.take_answers() if each.sequence == frame.sequence]
            if answers or self.stopped.is_set() or not self.detection.may_ask_again:
                return answers
        return []

    def _refresh(self) -> None:
        if self._newest is None or self._first is None or self.info.are_stills:
            return
        for answer in self.detection.take_answers() if self.detection else ():
            self.picture.apply(answer)
        picture = self._finished(self._newest)
        self.sinks.refresh(picture)
        if self.info.is_live and self.info.duration is None:  # a camera that is away still has its time
            self._end_after(picture.displayed_at - self._first.captured_at)

    def _finished(self, frame: Frame, *, notice: str | None = None) -> Picture:
        now = self.clock.now()
        # A still's labels are about itself: they do not grow old while it waits for them.
        at = frame.captured_at if self.info.are_stills else now
        status = self.tally.status(now)
        status = dataclasses.replace(status, notice=notice or status.notice)
        finished = self.picture.advance(frame, at, status)
        return dataclasses.replace(finished, displayed_at=self.clock.now())

    def _end_after(self, shown_for: float) -> None:
        if shown_for >= (math.inf if self.duration is None else self.duration):
            self.stop("duration reached")
