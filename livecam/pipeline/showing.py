"""What the picture thread does: frame by frame, the finished picture to the sinks.

While the source delivers nothing, the newest picture is shown again to those that people look at:
its labels grow old, and what is wrong is said on it. In mode "aligned" a picture is shown when the
answer about it may be there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from livecam.events import FollowingChanged, ModeChanged, SceneCut
from livecam.pipeline.alignment import Alignment

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.detections import Answer
    from livecam.frames import Frame, SourceInfo
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.finder_loop import FinderLoop
    from livecam.pipeline.latest_slot import LatestSlot
    from livecam.pipeline.modes import ModeSwitch
    from livecam.pipeline.presenting import Presenter
    from livecam.pipeline.selecting import Selector
    from livecam.protocols import EventListener

REFRESH_EVERY = 0.25
"""Seconds without a frame after which the newest picture is shown again."""


@dataclass(kw_only=True)
class Showing:
    """Takes frames until there are no more, or until `duration` is over."""

    info: SourceInfo
    slot: LatestSlot
    detection: DetectionLoop | None
    finder: FinderLoop | None
    selector: Selector | None
    presenter: Presenter
    clock: Clock
    mode: ModeSwitch
    duration: float | None
    stop: Callable[[str], None]
    stopped: threading.Event
    publish: EventListener
    _first: Frame | None = field(default=None, init=False)
    _newest: Frame | None = field(default=None, init=False)
    _alignment: Alignment | None = field(default=None, init=False)
    _answers: list[Answer] = field(default_factory=list, init=False)
    """Those that no picture was shown with yet."""
    _has_lasted: bool = field(default=False, init=False)
    _effort: str = field(default="full", init=False)
    _cuts: int = field(default=0, init=False)

    def run(self) -> None:
        """Show pictures until the slot is closed and empty, and none is held back."""
        while not self.slot.is_over:
            self._switch()
            frame = self.slot.take(self._patience())
            if frame is None:
                self._apply_news()
            else:
                self._take_in(frame)
            self._show_due()
            if frame is None and not self.stopped.is_set():
                self._refresh()
        while self._has_held and not self.stopped.is_set():
            self.stopped.wait(self._patience())
            self._apply_news()
            self._show_due()
        self._show_held()
        if self.selector:
            self.selector.close()
        if self._has_lasted:
            self.stop("duration reached")

    def _take_in(self, frame: Frame) -> None:
        """Follow faces to a new frame, and offer it to those who look for them."""
        picture = self.presenter.picture
        picture.follow(frame)
        has_cut = picture.cuts != self._cuts
        self._tell(frame)
        self._apply_news()
        self._first, self._newest = self._first or frame, frame
        if self.detection and self.selector:
            has_finder = self.finder is None or self.finder.rate is not None
            self.selector.offer(frame, self.detection, picture, has_cut=has_cut, has_finder=has_finder)
        elif self.detection:
            self.detection.offer(frame)
        if self._alignment:
            self._alignment.hold(frame, self.clock.now())
        else:
            self._present(frame)
        if self.finder:  # at the end of a frame's work, so that it does not compete with it
            self.finder.offer(frame, hurry=picture.wants_finder)
        # By media time: the same as the captured time but when a file is played fast.
        self._end_after(frame.media_time - self._first.media_time)

    def _apply_news(self) -> None:
        """Take in what has been said of earlier frames."""
        picture = self.presenter.picture
        for sighting in self.finder.take() if self.finder else ():
            picture.apply_sighting(sighting)
            if self._alignment and not self.detection:
                self._alignment.note_latency(sighting.found_at - sighting.captured_at)
        for answer in self.detection.take_answers() if self.detection else ():
            if self.selector and self.detection:
                self.selector.apply(answer, self.detection, picture)
            else:
                picture.apply(answer)
            self._answers.append(answer)
            if self._alignment:
                self._alignment.note_latency(answer.responded_at - answer.captured_at)
            if self.finder and answer.detector.draws_as_finder:
                self.finder.seen(answer.captured_at)

    @property
    def _has_held(self) -> bool:
        return self._alignment is not None and self._alignment.next_due_at is not None

    def _show_due(self) -> None:
        for frame in self._alignment.due(self.clock.now()) if self._alignment else ():
            self._present(frame, at=frame.captured_at)

    def _show_held(self) -> None:
        for frame in self._alignment.flush() if self._alignment else ():
            self._present(frame, at=frame.captured_at)

    def _present(self, frame: Frame, *, at: float | None = None) -> None:
        shown = [each for each in self._answers if each.captured_at <= frame.captured_at]
        self._answers = [each for each in self._answers if each.captured_at > frame.captured_at]
        self.presenter.present(frame, shown, at=at, said=self._said())

    def _refresh(self) -> None:
        if self._newest is None or self._first is None or self._has_held:
            return
        at = self.presenter.refresh(self._newest, said=self._said())
        if self.info.is_live and self.info.duration is None:  # a camera that is away still has its time
            self._end_after(at - self._first.captured_at)

    def _patience(self) -> float:
        """Return the seconds for which a frame is waited for."""
        due_at = self._alignment.next_due_at if self._alignment else None
        return REFRESH_EVERY if due_at is None else min(max(due_at - self.clock.now(), 0.0), REFRESH_EVERY)

    def _switch(self) -> None:
        """Do what the user has chosen since: hold pictures back, or show what is held and go on live."""
        if self.mode.is_aligned == (self._alignment is not None):
            return
        self._show_held()
        self._alignment = Alignment() if self.mode.is_aligned else None
        source = self.info.source
        self.publish(ModeChanged(at=self.clock.now(), source=source, mode=self.mode.name))

    def _tell(self, frame: Frame) -> None:
        """Tell what following the newest frame has brought to light."""
        picture = self.presenter.picture
        at, source = self.clock.now(), frame.source
        if picture.cuts != self._cuts:
            self._cuts = picture.cuts
            self.publish(SceneCut(at=at, source=source, frame=frame.sequence))
        if picture.effort != self._effort:
            self._effort = picture.effort
            self.publish(FollowingChanged(at=at, source=source, effort=self._effort))

    def _said(self) -> dict[str, Any]:
        return {
            "delay": self._alignment.delay if self._alignment else None,
            "effort": None if self._effort == "full" else self._effort,
            "finder_rate": self.finder.rate if self.finder else None,
        }

    def _end_after(self, shown_for: float) -> None:
        if shown_for >= (math.inf if self.duration is None else self.duration):
            self._has_lasted = True
            self.slot.close()  # what is held back is shown in its time
