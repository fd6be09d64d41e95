"""One run: source -> slot -> picture path -> sinks, with detection beside it.

The data flow on one screen. Frames move in the picture thread; detection runs in asyncio; nothing
here knows what kind of source, detector or sink it was given.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.errors import SourceUnavailable
from livecam.events import SourceEnded, SourceOpened
from livecam.pipeline.call_thread import call_in_thread
from livecam.pipeline.modes import ModeSwitch
from livecam.pipeline.opening import opened
from livecam.pipeline.picture_thread import show

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.frames import SourceInfo
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.fan_out import FanOut
    from livecam.pipeline.finder_loop import FinderLoop
    from livecam.pipeline.latest_slot import LatestSlot
    from livecam.pipeline.picture import PicturePath
    from livecam.pipeline.selecting import Selector
    from livecam.protocols import EventListener, FrameSource
    from livecam.tally import Tally


@dataclass(kw_only=True)
class Runner:
    """Joins the parts of a run; they are listed in the order in which a frame meets them."""

    source: FrameSource
    slot: LatestSlot
    detection: DetectionLoop | None
    finder: FinderLoop | None = None
    selector: Selector | None = None
    picture: PicturePath
    sinks: FanOut
    tally: Tally
    publish: EventListener
    clock: Clock
    duration: float | None = None
    """Seconds from the first captured frame to the last; None for no limit."""
    mode: ModeSwitch = field(default_factory=ModeSwitch)
    waits: bool = False
    """Whether a source that cannot be opened is tried again until it can."""
    _stop_reason: str | None = field(default=None, init=False)
    stopped: threading.Event = field(default_factory=threading.Event, init=False)
    """Set once the run is to end."""

    async def run(self) -> str:
        """Show pictures until the source ends or `stop` is called; return why it ended.

        Raises:
            SourceUnavailable: the source cannot be opened.
            SourceFailed: it had delivered and then failed.
            OutputError: an output cannot be written; nothing was captured then.
        """
        info = await opened(
            self.source.open, waits=self.waits, stopped=self.stopped, clock=self.clock, publish=self.publish
        )
        if info is None:
            return self._stop_reason or ""
        detection = asyncio.create_task(self.detection.run()) if self.detection else None
        try:
            self.sinks.open(info)
            self.tally.opened(info)
            self.publish(SourceOpened.of(info, at=self.clock.now()))
            if self.finder is not None:
                self.finder.start()
            self._start_source()
            await call_in_thread("livecam-picture", lambda: show(self, info))
        finally:
            await call_in_thread("livecam-close", self._close_source)
            if self.finder is not None:
                await call_in_thread("livecam-close", self.finder.close)
            if detection is not None:
                detection.cancel()
                await asyncio.wait([detection])
            reason = self._end(info)
            await call_in_thread("livecam-close", self.sinks.close)
        if self.slot.error is not None:
            raise self.slot.error
        return reason

    def stop(self, reason: str) -> None:
        """End the run, from any thread; frames already captured are still shown."""
        self._stop_reason = self._stop_reason or reason
        self.stopped.set()
        self._close_source()

    def _start_source(self) -> None:
        try:
            self.source.start(self.slot)
        except SourceUnavailable:
            # `stop` came while the outputs were opened and has closed the source already.
            if self._stop_reason is None:
                raise

    def _close_source(self) -> None:
        """End the flow; the slot first: a source that waits for room in it could not end."""
        self.slot.close()
        self.source.close()

    def _end(self, info: SourceInfo) -> str:
        reason = self._stop_reason or (str(self.slot.error) if self.slot.error else "end of file")
        captured = self.slot.statistics().put
        self.publish(SourceEnded(at=self.clock.now(), source=info.source, reason=reason, captured=captured))
        return reason
