"""What happened, in sentences for the page: the log's, but no secret and no folder is in them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from livecam import event_words, events
from livecam.redaction import redact

if TYPE_CHECKING:
    from livecam.events import Event

# Folders of this machine are nobody's business but its user's: of a path its last part is told. A device
# (/dev/video0) stays, and so does what follows a host in an address.
_PATH = re.compile(
    r"(?<![\w:/.\\])(?:[A-Za-z]:(?=[\\/])|~)?(?!/dev/)(?:[\\/][^\s\\/'\",;:]+)+[\\/](?=[^\s\\/'\",;])"
)


def without_folders(text: str) -> str:
    """Return a text without secrets, and with the names of files alone where it has their paths."""
    return _PATH.sub("", redact(text))


def clean(text: str | None) -> str | None:
    """Return `without_folders` of a text that may be missing."""
    return None if text is None else without_folders(text)


_TROUBLES = (
    events.SourceAwaited,
    events.SourceTroubled,
    events.DetectionFailed,
    events.DetectorUnavailable,
    events.FinderUnavailable,
    events.CircuitOpened,
    events.BudgetReached,
    events.OutputFailed,
    events.ClipDamaged,
    events.RecordingTroubled,
    events.UploadFailed,
)


def sentence(event: Event) -> str | None:
    """Return what happened in one sentence; None for what comes so often that figures tell it."""
    return clean(event_words.sentence(event))


def is_trouble(event: Event) -> bool:
    """Return whether it is something that went wrong."""
    has_failed = isinstance(event, events.JobEnded) and event.status != "SUCCEEDED"
    return has_failed or isinstance(event, _TROUBLES)
