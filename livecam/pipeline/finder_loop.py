"""The on-device finder beside the picture: a thread of its own that looks at a frame now and then.

It is handed a frame by the picture thread at the end of that frame's work, never woken by a clock of its
own: on one core it would otherwise run while the next frame wants to be shown (measured: p99 lateness of
a frame 6-9 ms instead of 3).
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from livecam.detections import Sighting
from livecam.errors import LivecamError
from livecam.events import FinderPaceChanged, FinderUnavailable
from livecam.pipeline.finder_schedule import FinderSchedule
from livecam.tracking.finder_look import LEAST_SCORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.detections import Appearance
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.protocols import EventListener, FaceLocator

log = logging.getLogger(__name__)

GRACE = 2.0
"""Seconds given at the end to a look that still runs: a thread inside OpenCV when the interpreter takes
its libraries down aborts the process."""
MOST_FAILURES = 3
"""Looks that may fail in a row before the finder is off: a single frame may be at fault."""
CLEARLY = 1.25
"""Times by which a pace differs from the one that was told before it is told again."""


class FinderLoop:
    """Looks at offered frames when they are due; never holds up who offers them.

    Where the finder cannot be used it is off by itself: one warning, one event, and the picture goes on.

    Args:
        locator: sees the faces; used by this loop's thread alone.
        rate: looks per second that are wanted.
        clock: tells when a look is due.
        cpu: returns the CPU seconds used so far by the thread that calls it.
        publish: told when the finder is off, and when its pace changed clearly.
        observe: returns how the faces of a frame look, in their order, in this loop's thread; it counts as
            part of the look. None where nobody wants to know.
    """

    def __init__(
        self,
        *,
        locator: FaceLocator,
        rate: float,
        clock: Clock,
        cpu: Callable[[], float],
        publish: EventListener,
        observe: Callable[[Frame, tuple[Face, ...]], tuple[Appearance | None, ...]] | None = None,
    ) -> None:
        self._locator = locator
        self._observe = observe
        self._has_told_blindness = False
        self._clock = clock
        self._cpu = cpu
        self._publish = publish
        self._schedule = FinderSchedule(rate)
        self._told_rate = rate
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_idle = False
        self._is_over = False
        self._source = ""
        self._frame: Frame | None = None
        self._sightings: list[Sighting] = []

    @property
    def rate(self) -> float | None:
        """Looks per second at present; None when it is off."""
        with self._changed:
            return None if self._is_over or self._thread is None else self._schedule.rate

    def start(self) -> None:
        """Load the model and look at frames from now on; returns at once."""
        with self._changed:
            if self._thread is None and not self._is_over:
                self._thread = threading.Thread(target=self._run, name="livecam-finder", daemon=True)
                self._thread.start()

    def offer(self, frame: Frame, *, hurry: bool = False) -> None:
        """Offer the newest frame, at the end of its work; it is taken if a look is due and none runs.

        Args:
            frame: not written to by anybody.
            hurry: a look is worth more than usual (`FinderSchedule.is_due`).
        """
        now = self._clock.now()
        with self._changed:
            self._source = frame.source
            if self._is_idle and self._schedule.is_due(now, hurry=hurry):
                self._schedule.began(now)
                self._is_idle = False
                self._frame = frame
                self._changed.notify_all()

    def take(self) -> list[Sighting]:
        """Return what was seen since the last time, in the order of the frames."""
        with self._changed:
            taken, self._sightings = self._sightings, []
            return taken

    def seen(self, at: float) -> None:
        """Take note that the on-device detector looked at a frame captured at that instant."""
        with self._changed:
            self._schedule.seen(at)

    def close(self) -> None:
        """Look no more; wait for a look that runs, 2 s at most. May be called twice, from any thread."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(GRACE)

    def _run(self) -> None:
        try:
            self._locator.warm()
        except Exception as error:  # noqa: BLE001  whatever it is, the picture goes on
            self._give_up(error)
            return
        failures = 0
        while (frame := self._next_frame()) is not None:
            try:
                self._look_at(frame)
            except Exception as error:
                failures += 1
                log.debug("the finder failed at frame %s", frame.sequence, exc_info=error)
                if failures == MOST_FAILURES:
                    self._give_up(error)
                    return
            else:
                failures = 0

    def _next_frame(self) -> Frame | None:
        """Wait for a frame; None when there will be none."""
        with self._changed:
            self._is_idle = True
            self._changed.wait_for(lambda: self._frame is not None or self._is_over)
            frame, self._frame = self._frame, None
            return None if self._is_over else frame

    def _look_at(self, frame: Frame) -> None:
        cpu_before = self._cpu()
        faces: tuple[Face, ...] | None = None
        try:
            faces = tuple(face for face in self._locator.locate(frame) if face.box.is_proper)
            appearances = self._appearances(frame, faces)
        finally:  # a look that failed cost something too
            with self._changed:
                self._schedule.took(
                    self._cpu() - cpu_before,
                    has_found=any(face.confidence >= LEAST_SCORE for face in faces or ()),
                )
        found_at = self._clock.now()
        with self._changed:
            if self._is_over:
                return
            self._sightings.append(
                Sighting(frame.source, frame.sequence, frame.captured_at, found_at, faces, appearances)
            )
        self._tell_pace()

    def _appearances(self, frame: Frame, faces: tuple[Face, ...]) -> tuple[Appearance | None, ...]:
        """Return how the faces look; nothing when that cannot be told: where they are is worth more."""
        if self._observe is None:
            return ()
        try:
            return self._observe(frame, faces)
        except Exception as error:  # whatever it is, boxes are found without it
            if not self._has_told_blindness:
                self._has_told_blindness = True
                log.warning("how faces look cannot be told, their changes go unseen: %s", error)
            log.debug("observing failed at frame %s", frame.sequence, exc_info=error)
            return ()

    def _tell_pace(self) -> None:
        with self._changed:
            rate = self._schedule.rate
            ratio = rate / self._told_rate
            is_back = rate == self._schedule.full_rate != self._told_rate
            if not is_back and 1 / CLEARLY < ratio < CLEARLY:
                return
            self._told_rate = rate
        log.debug("the on-device finder looks %.1f times a second from now on", rate)
        self._publish(FinderPaceChanged(at=self._clock.now(), source=self._source, rate=rate))

    def _give_up(self, error: Exception) -> None:
        with self._changed:
            if self._is_over:
                return
            self._is_over = True
            source = self._source
        message = str(error) if isinstance(error, LivecamError) else f"{type(error).__name__}: {error}"
        self._publish(
            FinderUnavailable(
                at=self._clock.now(), source=source, error=type(error).__name__, message=message
            )
        )
