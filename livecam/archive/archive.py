"""The archive: a clip folder, its ledger, and the one who is told what becomes of clips."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from livecam.errors import LivecamError, OutputError

if TYPE_CHECKING:
    from livecam.archive.folder import ClipFolder
    from livecam.clips import Clip, ClipState
    from livecam.clock import Clock
    from livecam.protocols import EventListener
    from livecam.state.ledger import Ledger

log = logging.getLogger(__name__)


class ClipInUse(LivecamError):
    """Somebody else is at work on the clip."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What all work on clips needs. May be used from any thread."""

    folder: ClipFolder
    ledger: Ledger
    clock: Clock
    publish: EventListener = field(default=lambda _event: None)

    def note(self, clip: str, state: ClipState | None = None, **facts: Any) -> Clip | None:  # noqa: ANN401
        """Write down what is about to be done with a clip, or what became of it.

        A ledger that cannot be written holds nothing up: the files say the same, and the next `sync` reads it
        from them.
        """
        try:
            return self.ledger.note(clip, state=state, **facts)
        except OutputError as error:
            log.warning("%s", error)
            return None
