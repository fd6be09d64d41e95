"""What could not be written, in the folder of clips or in its ledger, and is to be taken up later."""

from __future__ import annotations


class Leftovers:
    """Whether something was left that `sync` has to take up, and why. May be used from any thread."""

    def __init__(self) -> None:
        self._why: str | None = None
        self._is_ledger = False
        self._is_new = False

    @property
    def why(self) -> str | None:
        """What stood in the way, in a sentence; None when nothing was left."""
        return self._why

    @property
    def is_ledger(self) -> bool:
        """Whether the ledger was among what stood in the way: nobody need wait for it again until then."""
        return self._is_ledger

    def note(self, why: str, *, is_ledger: bool = False) -> None:
        """Something was left, because of the ledger or of something else."""
        self._why, self._is_new = why, True
        self._is_ledger = self._is_ledger or is_ledger

    def begin(self) -> None:
        """All is about to be taken up: the ledger may be tried again."""
        self._is_ledger = self._is_new = False

    def end(self) -> None:
        """What there was is taken up; what was noted meanwhile is not."""
        if not self._is_new:
            self._why = None
