"""Tells every listener what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.events import Event
    from livecam.protocols import EventListener


class EventBus:
    """An `EventListener` that passes events on, in the publisher's thread."""

    def __init__(self) -> None:
        self._listeners: list[EventListener] = []

    def subscribe(self, listener: EventListener) -> None:
        """Tell `listener` every event from now on."""
        self._listeners.append(listener)

    def __call__(self, event: Event) -> None:
        """Pass an event on."""
        for listener in self._listeners:
            listener(event)
