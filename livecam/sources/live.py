"""A live source made of whatever can be opened: it is watched, and opened again for ever.

Reading happens in a thread of its own for each connection, since a read may hang for longer than
anybody wants to wait (a frozen RTSP server, a camera whose driver gave up). A connection that fell
silent is left behind with its thread, which closes it when the read returns at last; the next one
has its own.
"""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.backoff import Backoff
from livecam.errors import LivecamError, SourceFailed, SourceUnavailable
from livecam.events import SourceRecovered, SourceTroubled
from livecam.evidence.glance import glance
from livecam.frames import Frame
from livecam.health import SourceHealth, Trouble
from livecam.redaction import redact
from livecam.sources.playback import PATIENCE
from livecam.sources.source_thread import SourceThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import Image, SourceInfo
    from livecam.protocols import Connection, EventListener, FrameSlot

log = logging.getLogger(__name__)

CLOSE_TIMEOUT = 2.0
"""Seconds to wait for a read or an opening that is under way; then it is left behind."""
LOOK_EVERY = 0.1
"""Seconds between two looks at the source's health."""
REOPEN_SILENT_AFTER = 2.0
"""Seconds without a picture, when one was due, until the connection is given up."""
REOPEN_FROZEN_AFTER = 10.0
"""Seconds of the same picture until that is tried, doubled each time: some sources stand still for good
reasons, such as a virtual camera that shows a slide."""
REOPEN_FROZEN_AT_MOST = 300.0
PATIENT_AGAIN_AFTER = 60.0
"""Seconds of a good picture after which those begin anew."""
CHANNELS = 3


@dataclass
class _Reading:
    """One connection being read."""

    connection: Connection
    ended: threading.Event = field(default_factory=threading.Event)
    error: LivecamError | None = None
    """Why it ended, unless that was its regular end."""


class LiveSource:
    """Fits `FrameSource`: frames of a camera or stream.

    Args:
        connect: opens it; raises `SourceUnavailable`.
        source: id for the frames.
        name: how it is called in sentences, such as "camera 0".
        publish: told of trouble and recovery.
        backoff: how long to wait before it is opened again; a seam for tests.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        source: str,
        name: str,
        clock: Clock,
        publish: EventListener,
        backoff: Backoff | None = None,
    ) -> None:
        self._connect = connect
        self._source = source
        self._name = name
        self._clock = clock
        self._publish = publish
        self._thread = SourceThread(name)
        self._lock = threading.Lock()
        self._opened: Connection | None = None
        self._reading: _Reading | None = None
        self._health = SourceHealth(name)
        self._backoff = backoff or Backoff()
        self._told: tuple[Trouble, float] | None = None
        self._sequence = 0
        self._start_at: float | None = None
        self._frozen_patience = REOPEN_FROZEN_AFTER
        self._well_since = math.inf

    def open(self) -> SourceInfo:
        """Open it and say what it grants.

        Raises:
            SourceUnavailable: it cannot be opened.
        """
        connection = self._connect()
        with self._lock:
            was_closed = self._thread.stopped.is_set()
            if not was_closed:
                self._opened = connection
        if was_closed:  # nobody will take it any more
            connection.close()
            raise SourceUnavailable(f"{self._name} was closed while it was opened")
        return connection.info

    def start(self, slot: FrameSlot) -> None:
        """Deliver into `slot` until closed, or until something that has an end is over."""
        with self._lock:
            connection, self._opened = self._opened, None
            if connection is None:
                raise SourceUnavailable(f"{self._name} was not opened")
            self._thread.start(lambda: self._deliver(connection, slot), slot)

    def close(self) -> None:
        """Stop delivering and release the device."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()
        self._thread.stop(CLOSE_TIMEOUT)

    def _deliver(self, connection: Connection, slot: FrameSlot) -> None:
        following: Connection | None = connection
        while following is not None:
            has_end = following.info.duration is not None
            reading = self._read(following, slot)
            trouble = self._watch(reading, has_end=has_end)
            with self._lock:
                self._reading = None
            if trouble is None:
                reading.ended.wait(CLOSE_TIMEOUT)
                return
            if has_end:  # to begin it anew would show it twice
                raise SourceFailed(trouble.message)
            self._tell(replace(trouble, message=f"{trouble.message}; opening it again"))
            following = self._reopened()

    def _read(self, connection: Connection, slot: FrameSlot) -> _Reading:
        """Start reading a connection."""
        self._health.opened(self._clock.now())
        reading = _Reading(connection)
        with self._lock:
            self._reading = reading
        threading.Thread(
            target=self._read_on, args=(reading, slot), name="livecam-reader", daemon=True
        ).start()
        return reading

    def _read_on(self, reading: _Reading, slot: FrameSlot) -> None:
        """Read until the connection ends or is no longer the one; the thread that reads is who closes."""
        try:
            while (image := reading.connection.read()) is not None:
                if not self._take(reading, image, slot):
                    break
        except LivecamError as error:
            # With its traceback it would keep this frame, and so the last picture, until cycles are found.
            reading.error = error.with_traceback(None)
        except Exception as error:
            log.debug("reading %s failed", self._name, exc_info=error)
            reading.error = SourceFailed(redact(f"{self._name} failed: {error}"))
        finally:
            _close(reading.connection)
            reading.ended.set()

    def _take(self, reading: _Reading, image: Image, slot: FrameSlot) -> bool:
        """Deliver a picture; return False when nobody wants any from this connection."""
        if getattr(image, "dtype", None) != np.uint8 or image.ndim != CHANNELS or 0 in image.shape:
            raise SourceFailed(f"{self._name} delivers what is no picture: bytes of shape (height, width, 3)")
        seen = glance(image)
        with self._lock:
            if reading is not self._reading or self._thread.stopped.is_set():
                return False
            now = self._clock.now()
            self._health.saw(seen, now)
            self._start_at = now if self._start_at is None else self._start_at
            frame = Frame(self._source, self._sequence, now, now - self._start_at, image)
            self._sequence += 1
        self._backoff.reset()
        slot.put(frame, patience=0.0 if reading.connection.info.duration is None else PATIENCE)
        return True

    def _watch(self, reading: _Reading, *, has_end: bool) -> Trouble | None:
        """Look after a connection; return why it was lost, None at its end or the source's."""
        while not self._thread.stopped.is_set():
            if reading.ended.wait(LOOK_EVERY):
                return None if reading.error is None else Trouble("lost", str(reading.error))
            with self._lock:
                now = self._clock.now()
                trouble = self._health.trouble(now)
                is_due = self._health.is_overdue(now)
                silent_for, same_for = self._health.silent_for(now), self._health.same_for
                is_judged = self._health.has_picture or is_due
            # A recording comes at its own pace, which may have pauses; its reads have a time limit.
            if trouble is not None and is_due and silent_for >= REOPEN_SILENT_AFTER and not has_end:
                return Trouble("stalled", f"{self._name} sends no picture")
            if has_end or not is_judged:
                continue
            if trouble is None:
                self._well_since = min(self._well_since, now)
                if now - self._well_since >= PATIENT_AGAIN_AFTER:
                    self._frozen_patience = REOPEN_FROZEN_AFTER
            else:
                self._well_since = math.inf
            self._tell(trouble)
            if trouble is not None and trouble.kind == "frozen" and same_for >= self._frozen_patience:
                self._frozen_patience = min(2 * self._frozen_patience, REOPEN_FROZEN_AT_MOST)
                return trouble
        return None

    def _reopened(self) -> Connection | None:
        """Try until it opens; None when the source was closed before."""
        while not self._thread.stopped.wait(self._backoff.next()):
            try:
                connection = self._connect()
            except Exception as error:  # noqa: BLE001  whoever wrote what opens it
                kind = "lost" if self._told is None else self._told[0].kind
                self._tell(Trouble(kind, redact(f"{error}; trying again")))
            else:
                if not self._thread.stopped.is_set():
                    return connection
                _close(connection)
        return None

    def _tell(self, trouble: Trouble | None) -> None:
        """Publish what has changed."""
        now = self._clock.now()
        if trouble is None and self._told is not None:
            told, since = self._told
            self._told = None
            self._publish(SourceRecovered(at=now, source=self._source, trouble=told.kind, lasted=now - since))
        elif trouble is not None and (self._told is None or trouble != self._told[0]):
            since = now if self._told is None else self._told[1]
            self._told = (trouble, since)
            self._publish(
                SourceTroubled(at=now, source=self._source, trouble=trouble.kind, message=trouble.message)
            )


def _close(connection: Connection) -> None:
    """Close a connection of any make; that this fails must not hide why it was closed."""
    try:
        connection.close()
    except Exception as error:
        log.debug("closing failed", exc_info=error)
