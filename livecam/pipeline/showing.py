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
        picture = self._finished(frame)
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
        self.detection.offer(frame)
        self.detection.wait_until_settled(frame, self.stopped)
        return [answer for answer in self.detection.take_answers() if answer.sequence == frame.sequence]

    def _refresh(self) -> None:
        if self._newest is None or self._first is None or self.info.are_stills:
            return
        for answer in self.detection.take_answers() if self.detection else ():
            self.picture.apply(answer)
        picture = self._finished(self._newest)
        self.sinks.refresh(picture)
        if self.info.is_live and self.info.duration is None:  # a camera that is away still has its time
            self._end_after(picture.displayed_at - self._first.captured_at)

    def _finished(self, frame: Frame) -> Picture:
        now = self.clock.now()
        # A still's labels are about itself: they do not grow old while it waits for them.
        at = frame.captured_at if self.info.are_stills else now
        finished = self.picture.advance(frame, at, self.tally.status(now))
        return dataclasses.replace(finished, displayed_at=self.clock.now())

    def _end_after(self, shown_for: float) -> None:
        if shown_for >= (math.inf if self.duration is None else self.duration):
            self.stop("duration reached")
