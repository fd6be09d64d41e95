"""The calls in which one face was asked about: which are under way, and when a silent one is repeated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.selection.choice import FaceEvidence

GIVEN_UP = 30.0
"""Seconds after which a call of which nothing was heard counts as failed: far beyond every deadline."""
ASK_AGAIN = 1.0
"""Seconds from a frame in whose answer a face was missing until it is asked about again; doubled each time,
for what the finder takes for a face, such as a poster, the detector may never see."""
MOST_DOUBLED = 10
"""Times that the wait is doubled; it is bounded otherwise long before."""


class Asking:
    """What was asked about one face, and what became of it.

    Args:
        longest_wait: seconds after which it is asked about again at the latest.
    """

    def __init__(self, *, longest_wait: float) -> None:
        self._longest_wait = longest_wait
        self._under_way: dict[float, bool | None] = {}
        self._asked_at = -math.inf
        self._ask_again_at = math.inf
        self._misses = 0

    def asked_at(self, face: FaceEvidence) -> float:
        """Return when the newest frame was captured that was sent, or answered, with the face.

        Minus infinity before the first.
        """
        return max(self._asked_at, -math.inf if face.answered_at is None else face.answered_at)

    def is_under_way(self, now: float, face: FaceEvidence) -> bool:
        """Return whether an answer newer than the newest one may still come."""
        answered_at = -math.inf if face.answered_at is None else face.answered_at
        return any(
            captured_at > answered_at and now - captured_at < GIVEN_UP for captured_at in self._under_way
        )

    def is_to_be_repeated(self, now: float) -> bool:
        """Return whether the newest call brought nothing, and it is time for another."""
        return now >= self._ask_again_at

    def sent(self, captured_at: float, *, had_changed: bool | None) -> None:
        """Take note of a call.

        Args:
            captured_at: of the frame that was sent.
            had_changed: whether the face looked otherwise than before; None when it could not be said.
        """
        self._under_way = {at: had for at, had in self._under_way.items() if captured_at - at < GIVEN_UP}
        self._under_way[captured_at] = had_changed
        self._asked_at = max(self._asked_at, captured_at)
        self._ask_again_at = math.inf

    def named(self, captured_at: float) -> bool | None:
        """Take note that an answer named the face; return what `had_changed` was, None without a call.

        What was not asked for, such as a stand-in's answer, does not make up for a call that failed.
        """
        if captured_at in self._under_way:
            self._misses = 0
        return self._under_way.pop(captured_at, None)

    def missed(self, captured_at: float) -> bool | None:
        """Take note that the answer did not name the face, if it was asked about in that frame.

        Returns:
            What `had_changed` was; None without a call about the face.
        """
        had_changed = self._under_way.get(captured_at)
        if self._ended(captured_at):
            wait = ASK_AGAIN * 2.0 ** min(self._misses, MOST_DOUBLED)
            self._misses += 1
            self._ask_again_at = captured_at + min(wait, self._longest_wait)
        return had_changed

    def failed(self, captured_at: float) -> bool:
        """Take note that no answer will come; return whether the face is to be asked about at once."""
        if self._ended(captured_at):
            self._ask_again_at = -math.inf
            return True
        return False

    def _ended(self, captured_at: float) -> bool:
        """Return whether the newest call about the face has ended, and not an older one."""
        was_under_way = captured_at in self._under_way
        self._under_way.pop(captured_at, None)
        return was_under_way and captured_at == self._asked_at
