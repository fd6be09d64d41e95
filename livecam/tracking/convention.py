"""How a detector draws boxes compared with the on-device finder: learnt from pairs of boxes of one face.

Believing both boxes equally is worse than having no finder: they would pull at each other. A face lives
in the finder's convention and is shown in the detector's.
"""

from __future__ import annotations

from dataclasses import dataclass

from livecam.tracking.relation import SAME, Relation

LONGEST_MEMORY = 30
"""Pairs over which the mean runs: the newest weighs at least 1/30."""
LEAST_PAIRS = 3
"""Pairs from which the mean is believed as much as a single pair."""


@dataclass(frozen=True, slots=True)
class Convention:
    """The mean relation of a detector's boxes to the finder's, over all faces."""

    relation: Relation = SAME
    """Turns the finder's box of a face into the detector's."""
    count: int = 0
    """Pairs of boxes it was learnt from."""

    @property
    def is_settled(self) -> bool:
        """Whether it says more than one pair of boxes does."""
        return self.count >= LEAST_PAIRS

    def learnt(self, pair: Relation) -> Convention:
        """Return it with one more pair."""
        count = self.count + 1
        return Convention(self.relation.towards(pair, 1 / min(count, LONGEST_MEMORY)), count)
