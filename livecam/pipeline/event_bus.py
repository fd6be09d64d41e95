"""Tells every listener what happened; one that raises is told no more, and harms nobody."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.events import Event
    from livecam.protocols import EventListener

log = logging.getLogger(__name__)


class EventBus:
    """An `EventListener` that passes events on to others, in the publisher's thread."""

    def __init__(self, listeners: Iterable[EventListener] = ()) -> None:
        self._listeners = list(listeners)

    def subscribe(self, listener: EventListener) -> None:
        """Tell `listener` every event from now on."""
        self._listeners.append(listener)

    def __call__(self, event: Event) -> None:
        """Pass an event on."""
        for listener in self._listeners[:]:
            try:
                listener(event)
            except Exception as error:  # the publisher may be the source's thread, or the end of a run
                self._listeners.remove(listener)
                log.error("a listener of events failed and is told no more: %s", error)
                log.debug("what it failed at", exc_info=error)
