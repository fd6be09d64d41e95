"""How one box lies to another, in units of the other: what corrections and conventions are made of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from livecam.faces import BoundingBox


@dataclass(frozen=True, slots=True)
class Relation:
    """A shift and a change of size, relative to the box that it is applied to."""

    dx: float = 0.0
    """Of the centre, in widths of the box."""
    dy: float = 0.0
    """Of the centre, in heights of the box."""
    log_width: float = 0.0
    """Natural logarithm of the widths' ratio."""
    log_height: float = 0.0
    """Natural logarithm of the heights' ratio."""

    @classmethod
    def between(cls, base: BoundingBox, other: BoundingBox) -> Relation:
        """Return the relation that turns `base` into `other`; both have an area."""
        (x, y), (other_x, other_y) = base.center, other.center
        return cls(
            (other_x - x) / base.width,
            (other_y - y) / base.height,
            math.log(other.width / base.width),
            math.log(other.height / base.height),
        )

    def applied_to(self, box: BoundingBox) -> BoundingBox:
        """Return the box that lies to `box` like this."""
        if self is SAME:
            return box
        width = box.width * math.exp(self.log_width)
        height = box.height * math.exp(self.log_height)
        left = box.left + (0.5 + self.dx) * box.width - width / 2
        top = box.top + (0.5 + self.dy) * box.height - height / 2
        return BoundingBox(left, top, width, height)

    def undone_from(self, box: BoundingBox) -> BoundingBox:
        """Return the box to which `box` lies like this: undoes `applied_to`."""
        if self is SAME:
            return box
        width = box.width * math.exp(-self.log_width)
        height = box.height * math.exp(-self.log_height)
        x, y = box.center
        return BoundingBox.around((x - self.dx * width, y - self.dy * height), width, height)

    def scaled(self, share: float) -> Relation:
        """Return a share of it."""
        return Relation(self.dx * share, self.dy * share, self.log_width * share, self.log_height * share)

    def towards(self, other: Relation, share: float) -> Relation:
        """Return it moved towards another one by a share of the way."""
        return Relation(
            self.dx + (other.dx - self.dx) * share,
            self.dy + (other.dy - self.dy) * share,
            self.log_width + (other.log_width - self.log_width) * share,
            self.log_height + (other.log_height - self.log_height) * share,
        )

    @property
    def size(self) -> float:
        """Its greatest part, without the sign."""
        return max(abs(self.dx), abs(self.dy), abs(self.log_width), abs(self.log_height))


SAME = Relation()
"""Of a box to itself."""
