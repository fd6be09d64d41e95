"""One run: source -> slot -> picture path -> sinks, with detection beside it.

The data flow on one screen. Frames move in the picture thread; detection runs in asyncio; nothing
here knows what kind of source, detector or sink it was given.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.events import OutputFailed, SourceEnded, SourceOpened
from livecam.pipeline.call_thread import call_in_thread

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.frames import Frame, SourceInfo
    from livecam.pictures import Picture
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.latest_slot import LatestSlot
    from livecam.pipeline.picture import PicturePath
    from livecam.protocols import EventListener, FrameSink, FrameSource
    from livecam.tally import Tally

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Runner:
    """Joins the parts of a run; they are listed in the order in which a frame meets them."""

    source: FrameSource
    slot: LatestSlot
    detection: DetectionLoop | None
    picture: PicturePath
    sinks: list[FrameSink]
    tally: Tally
    publish: EventListener
    clock: Clock
    duration: float | None = None
    """Seconds from the first captured frame to the last; None for no limit."""
    _stop_reason: str | None = field(default=None, init=False)

    async def run(self) -> str:
        """Show pictures until the source ends or `stop` is called; return why it ended.

        Raises:
            SourceUnavailable: the source cannot be opened.
            SourceFailed: it had delivered and then failed.
            OutputError: an output cannot be written; nothing was captured then.
        """
        info = await call_in_thread("livecam-open", self.source.open)
        opened: list[FrameSink] = []
        detection = asyncio.create_task(self.detection.run()) if self.detection else None
        try:
            for sink in self.sinks:
                sink.open(info)
                opened.append(sink)
            self._announce(info)
            self.source.start(self.slot)
            await call_in_thread("livecam-picture", self._show_pictures)
        finally:
            self.source.close()
            if detection is not None:
                detection.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await detection
            reason = self._end(info)
            for sink in opened:
                sink.close()
        if self.slot.error is not None:
            raise self.slot.error
        return reason

    def stop(self, reason: str) -> None:
        """End the run, from any thread; frames already captured are still shown."""
        self._stop_reason = self._stop_reason or reason
        self.source.close()
        self.slot.close()

    def _show_pictures(self) -> None:
        first_at: float | None = None
        while (frame := self.slot.take()) is not None:
            self._show(frame)
            first_at = frame.captured_at if first_at is None else first_at
            if self.duration is not None and frame.captured_at - first_at >= self.duration:
                self.stop("duration reached")

    def _show(self, frame: Frame) -> None:
        answers = self.detection.take_answers() if self.detection else []
        if self.detection:
            self.detection.offer(frame)
        for answer in answers:
            self.picture.apply(answer)
        now = self.clock.now()
        finished = self.picture.advance(frame, now, self.tally.status(now))
        picture = dataclasses.replace(finished, displayed_at=self.clock.now())
        for sink in self.sinks[:]:
            self._hand_over(picture, sink)
        self.tally.displayed(picture, answers, self.picture.tracks)

    def _hand_over(self, picture: Picture, sink: FrameSink) -> None:
        try:
            sink.write(picture)
        except Exception as error:  # noqa: BLE001  one broken output must not end the picture
            log.error("%s stopped, the run goes on without it: %s", type(sink).__name__, error)
            self.sinks.remove(sink)
            source = picture.frame.source
            message = str(error)
            self.publish(
                OutputFailed(at=self.clock.now(), source=source, output=type(sink).__name__, message=message)
            )

    def _announce(self, info: SourceInfo) -> None:
        self.tally.opened(info)
        self.publish(
            SourceOpened(
                at=self.clock.now(),
                source=info.source,
                description=info.description,
                width=info.width,
                height=info.height,
                fps=info.fps,
            )
        )

    def _end(self, info: SourceInfo) -> str:
        reason = self._stop_reason or (str(self.slot.error) if self.slot.error else "end of file")
        captured = self.slot.statistics().put
        self.publish(SourceEnded(at=self.clock.now(), source=info.source, reason=reason, captured=captured))
        return reason
