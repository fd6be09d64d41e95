"""The archive: a clip folder, its ledger, and the one who is told what becomes of clips."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from livecam.archive.leftovers import Leftovers
from livecam.errors import LivecamError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.folder import ClipFolder
    from livecam.clips import Clip, ClipState
    from livecam.clock import Clock
    from livecam.protocols import EventListener
    from livecam.state.ledger import Ledger

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class ClipInUse(LivecamError):
    """Somebody else is at work on the clip."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What all work on clips needs. May be used from any thread."""

    folder: ClipFolder
    ledger: Ledger
    clock: Clock
    publish: EventListener = field(default=lambda _event: None)
    leftovers: Leftovers = field(default_factory=Leftovers)
    """What could not be written, and waits for the next `sync`."""

    def note(self, clip: str, state: ClipState | None = None, **facts: Any) -> Clip | None:  # noqa: ANN401
        """Write down what is about to be done with a clip, or what became of it.

        A ledger that cannot be written holds nothing up: the files say the same, and the next `sync` reads it
        from them. Until then nobody waits for it again.
        """
        return self.on_ledger(lambda: self.ledger.note(clip, state=state, **facts))

    def on_ledger(self, work: Callable[[], Result]) -> Result | None:
        """Return what some work on the ledger gives; None where it cannot be used, which is noted."""
        if self.leftovers.is_ledger:
            return None
        try:
            return work()
        except OutputError as error:
            log.warning("%s", error)
            self.leftovers.note(str(error), is_ledger=True)
            return None
