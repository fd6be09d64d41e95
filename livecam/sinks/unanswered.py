"""Which frames got no answer, and why: so that a failed call is never read as "no face"."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam.events import (
    BudgetReached,
    CircuitOpened,
    DetectionCompleted,
    DetectionFailed,
    DetectorUnavailable,
)

if TYPE_CHECKING:
    from livecam.events import Event


class Unanswered:
    """An `EventListener` for stills: it remembers every frame.

    Args:
        has_detector: whether there is anybody who could answer.
    """

    def __init__(self, *, has_detector: bool) -> None:
        self._lock = threading.Lock()
        self._answered: set[int] = set()
        self._reasons: dict[int, str] = {}
        self._general = "nobody was asked" if has_detector else "no detector"

    def __call__(self, event: Event) -> None:
        """Take note of an answer or a failure."""
        with self._lock:
            match event:
                case DetectionCompleted(frame=frame):
                    self._answered.add(frame)
                case DetectionFailed(frame=frame, message=message):
                    self._reasons[frame] = message
                case DetectorUnavailable(message=message) | CircuitOpened(message=message):
                    self._general = message
                case BudgetReached(share=share) if share >= 1:
                    self._general = "the budget is spent: no more paid calls"
                case _:
                    pass

    def why(self, sequence: int) -> str | None:
        """Return why a frame was not answered; None when it was."""
        with self._lock:
            return None if sequence in self._answered else self._reasons.get(sequence, self._general)
