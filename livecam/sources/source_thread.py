"""The thread that a source owns: started once, stopped from anywhere, and it says why it ended."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from livecam.errors import LivecamError, SourceFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.protocols import FrameSlot

log = logging.getLogger(__name__)


class SourceThread:
    """Runs a source's delivering and closes its slot afterwards.

    Args:
        source: names the source in errors.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.stopped = threading.Event()
        """Set once the source is to deliver nothing more; a delivery looks at it or waits on it."""

    @property
    def is_started(self) -> bool:
        """Whether it was ever started."""
        with self._starting:
            return self._thread is not None

    def start(self, deliver: Callable[[], None], slot: FrameSlot) -> None:
        """Call `deliver` in the thread, then close `slot` with what it raised. Returns at once."""
        with self._starting:
            self._thread = threading.Thread(
                target=self._run, args=(deliver, slot), name="livecam-source", daemon=True
            )
            self._thread.start()

    def stop(self, timeout: float) -> bool:
        """Ask the thread to end and wait for it; return whether it has (or was never started)."""
        self.stopped.set()
        with self._starting:  # a thread that has not quite started cannot be joined
            thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout)
        return not thread.is_alive()

    def _run(self, deliver: Callable[[], None], slot: FrameSlot) -> None:
        error: LivecamError | None = None
        try:
            deliver()
        except LivecamError as raised:
            error = raised
        except Exception as raised:
            log.debug("source thread failed", exc_info=raised)
            error = SourceFailed(f"{self._source} failed: {raised}")
        slot.close(None if self.stopped.is_set() else error)
