"""What happens in a run, as lines of the log: each once, and not a thousand times what comes and goes."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from livecam import events
from livecam.event_words import level, sentence

if TYPE_CHECKING:
    from livecam.events import Event

log = logging.getLogger("livecam")  # of the whole run: what the events come from is in their sentences

TOLD_ELSEWHERE = (events.DetectionFailed, events.UploadFailed)
"""Those who publish them log each kind of failure once, with more than the event holds."""
COMES_AND_GOES = (
    events.SourceTroubled,
    events.SourceRecovered,
    events.CircuitOpened,
    events.CircuitClosed,
    events.PaceChanged,
    events.RecordingTroubled,
    events.RecordingRecovered,
)
"""What a camera with a loose plug, or a service at its limit, does all day."""
MOST = 10
"""Lines of each of these in `SPAN`."""
SPAN = 600.0
"""Seconds."""


class EventLines:
    """Fits `EventListener`; any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[tuple[type[Event], str], _Told] = {}

    def __call__(self, event: Event) -> None:
        """Log the event, unless it is told elsewhere or has been told too often."""
        text = sentence(event)
        if text is None or isinstance(event, TOLD_ELSEWHERE):
            return
        if not isinstance(event, COMES_AND_GOES):
            log.log(level(event), "%s", text)
            return
        with self._lock:
            told = self._told.setdefault((type(event), _kind(event)), _Told(event.at))
            kept_back = told.kept_back
            is_told = told.may_tell(event.at)
        if is_told:
            more = f" ({kept_back} more like it were not told)" if kept_back else ""
            log.log(level(event), "%s%s", text, more)


def _kind(event: Event) -> str:
    """Return what tells events of a type apart: a camera that is slow all day may be lost as well."""
    return str(getattr(event, "trouble", getattr(event, "reason", "")))


class _Told:
    """How often something was told lately."""

    def __init__(self, at: float) -> None:
        self.kept_back = 0
        self._since = at
        self._lines = 0

    def may_tell(self, at: float) -> bool:
        """Return whether it is told at this instant, and take note of that."""
        if at - self._since >= SPAN:
            self._since, self._lines = at, 0
        self._lines += 1
        is_told = self._lines <= MOST
        self.kept_back = 0 if is_told else self.kept_back + 1
        return is_told
