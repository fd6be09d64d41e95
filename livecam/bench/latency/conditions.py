"""What is varied in a benchmark of calls. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FACTORS = ("width", "quality", "attributes", "region", "rate", "in_flight")
"""What may be varied, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One way in which calls are made."""

    width: int
    """Pixels that a wider picture is made smaller to."""
    quality: int
    """Of the JPEG, 1..100."""
    attributes: tuple[str, ...]
    """As DetectFaces takes them."""
    region: str
    """Where the calls go."""
    rate: float
    """Calls per second that are due, whatever becomes of those before."""
    in_flight: int
    """Calls at the same time at most; one that is due then has to wait, and its waiting counts."""

    def level(self, factor: str) -> str:
        """Return the text of one of `FACTORS`: "640", "EMOTIONS"."""
        value = getattr(self, factor)
        return (
            "+".join(value) if isinstance(value, tuple) else f"{value:g}" if factor == "rate" else str(value)
        )


def varied(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Return which of `FACTORS` are not the same in all conditions."""
    return tuple(each for each in FACTORS if len({condition.level(each) for condition in conditions}) > 1)


def label(condition: Condition, factors: Sequence[str]) -> str:
    """Return a condition's name among others that differ in these factors: "640 px, q80, 5/s"."""
    texts = {
        "width": "{} px",
        "quality": "q{}",
        "attributes": "{}",
        "region": "{}",
        "rate": "{}/s",
        "in_flight": "{} in flight",
    }
    return ", ".join(texts[each].format(condition.level(each)) for each in factors) or "all calls"
