"""Opening a source without waiting for it longer than the user does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.backoff import Backoff
from livecam.errors import SourceUnavailable
from livecam.events import SourceAwaited
from livecam.pipeline.call_thread import call_in_thread, call_unless

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import SourceInfo
    from livecam.protocols import EventListener


async def opened(
    open_source: Callable[[], SourceInfo],
    *,
    waits: bool,
    stopped: threading.Event,
    clock: Clock,
    publish: EventListener,
) -> SourceInfo | None:
    """Return what a source grants; None when `stopped` was set before it was open.

    Args:
        open_source: opens it; may block.
        waits: try again and again if it cannot be opened; each new reason is told once.
        stopped: set when nobody wants it any more.
        clock: dates the events.
        publish: told that it is awaited.

    Raises:
        SourceUnavailable: it cannot be opened, and is not waited for.
    """
    backoff, told = Backoff(), ""
    while True:
        try:
            return await call_unless(stopped, "livecam-open", open_source)
        except SourceUnavailable as error:
            if not waits:
                raise
            if str(error) != told:
                told = str(error)
                publish(SourceAwaited(at=clock.now(), source="", message=told))
        if await call_in_thread("livecam-wait", lambda: stopped.wait(backoff.next())):
            return None
