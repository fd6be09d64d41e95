"""Lets a box that was set right glide to its place: a jump of a few pixels is seen as unrest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livecam.tracking.relation import SAME, Relation

if TYPE_CHECKING:
    from livecam.faces import BoundingBox

TAU = 0.06
"""Seconds after which 1/e of a correction is still to come: two frames."""
LARGEST = 0.3
"""Face sizes; what was further off is shown in its new place at once."""


class Easing:
    """What is left of a box's corrections."""

    def __init__(self) -> None:
        self._rest = SAME

    def corrected(self, before: BoundingBox, after: BoundingBox) -> None:
        """Begin to glide from where the face was shown to where it belongs."""
        rest = Relation.between(after, before)
        self._rest = SAME if rest.size > LARGEST else rest

    def passed(self, seconds: float) -> None:
        """Let time pass."""
        if self._rest is not SAME:
            self._rest = self._rest.scaled(math.exp(-seconds / TAU))

    def applied_to(self, box: BoundingBox) -> BoundingBox:
        """Return where a face that belongs at `box` is shown."""
        return box if self._rest is SAME else self._rest.applied_to(box)

    def stop(self) -> None:
        """Show the face where it belongs from now on."""
        self._rest = SAME
