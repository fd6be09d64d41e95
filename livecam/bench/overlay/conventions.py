"""How a detector draws its boxes, compared with the reference: its convention, and persons' deviations.

Two detectors that both find a face do not draw the same box: one takes the forehead in, another the
ears. What that does to boxes on the screen can be tried out here without knowing a detector's own.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from livecam.errors import UsageError
from livecam.faces import BoundingBox

POSITION_SHARE = 0.75
"""A person's deviation in position, compared with that in size: 3 % beside 4 %."""
_GREATEST = {"height": 3.0, "up": 1.0, "width": 3.0, "spread": 0.5}
_LEAST = {"height": 0.3, "up": -1.0, "width": 0.3, "spread": 0.0}
_FORM = "same, other, or height=1.15,up=0.08,width=0.92,spread=0.04"


@dataclass(frozen=True, slots=True)
class BoxConvention:
    """How boxes differ from those of the reference."""

    height: float = 1.0
    """Factor."""
    up: float = 0.0
    """How far the centre is moved up, as a share of the reference's height."""
    width: float = 1.0
    """Factor."""
    spread: float = 0.0
    """How much persons deviate from it in size (sigma of the logarithm), and in position by
    `POSITION_SHARE` of that."""

    def of_person(self, seed: int, person: int) -> PersonsConvention:
        """Return how this person's boxes are drawn: always the same for the same seed."""
        chance = random.Random(f"convention {seed} {person}")  # noqa: S311  a simulation, not a secret
        place = self.spread * POSITION_SHARE
        return PersonsConvention(
            dx=chance.gauss(0.0, place),
            dy=-self.up + chance.gauss(0.0, place),
            width=self.width * math.exp(chance.gauss(0.0, self.spread)),
            height=self.height * math.exp(chance.gauss(0.0, self.spread)),
        )


@dataclass(frozen=True, slots=True)
class PersonsConvention:
    """How one person's boxes differ from those of the reference."""

    dx: float
    """Of the centre, in widths of the reference's box."""
    dy: float
    """Of the centre, in heights."""
    width: float
    """Factor."""
    height: float
    """Factor."""

    def drawn(self, box: BoundingBox) -> BoundingBox:
        """Return the box that the detector draws where the reference draws `box`; not clipped."""
        x, y = box.center
        center = x + self.dx * box.width, y + self.dy * box.height
        return BoundingBox.around(center, box.width * self.width, box.height * self.height)


SAME = BoxConvention()
"""The detector draws as the reference does."""
OTHER = BoxConvention(height=1.15, up=0.08, width=0.92, spread=0.04)
"""A detector that takes more of the forehead in and less of the cheeks."""


def parse_convention(text: str) -> BoxConvention:
    """Return the convention that a text names or spells out.

    Raises:
        UsageError: it does neither; the message says what it may be.
    """
    name = text.strip().lower()
    if name in {"same", "other"}:
        return SAME if name == "same" else OTHER
    values: dict[str, float] = {}
    for part in name.split(","):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key not in _LEAST:
            raise UsageError(f"convention {text!r} is not understood; give {_FORM}")
        values[key] = _number(key, value)
    return BoxConvention(**values)


def _number(key: str, value: str) -> float:
    """Return a value of a convention.

    Raises:
        UsageError: it is no number, or out of range.
    """
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not _LEAST[key] <= number <= _GREATEST[key]:
        raise UsageError(f"convention {key}={value} must be a number from {_LEAST[key]} to {_GREATEST[key]}")
    return number
