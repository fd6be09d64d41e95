"""What whoever records people has to see to, said once in a run: when its first clip begins."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam.events import ClipStarted

if TYPE_CHECKING:
    from livecam.config import Settings
    from livecam.events import Event

log = logging.getLogger(__name__)


class RecordingNotice:
    """Fits `EventListener`.

    Args:
        settings: say for how long clips are kept.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._is_told = settings.source == "demo"  # nobody is in it

    def __call__(self, event: Event) -> None:
        """Say it with the first clip."""
        if isinstance(event, ClipStarted) and not self._is_told:
            self._is_told = True
            days = self._settings.keep_days
            kept = "until they are deleted (--keep-days DAYS, livecam clips purge)"
            if days is not None:
                kept = f"for {days:g} {'day' if days == 1 else 'days'}"
            log.warning(
                "clips are being recorded: whoever is in the picture has to know of it; clips stay %s", kept
            )
