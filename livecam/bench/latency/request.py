"""What a benchmark of calls is asked to do. Values only; the defaults are those of the command line."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from livecam.bench.latency.conditions import Condition
from livecam.errors import UsageError
from livecam.face_attributes import known_attributes

USUAL_CALLS = 50
"""Of each condition: enough to tell medians that are a tenth apart."""
_RANGES = {
    "width": ("widths", 80, 4096, "pixels"),
    "quality": ("qualities", 1, 100, "a whole number"),
    "rate": ("rates", 0.01, 100.0, "calls per second"),
    "in-flight": ("in_flight", 1, 64, "calls at the same time"),
    "calls": ("calls", 1, 1_000_000, "calls of each condition"),
    "duration": ("duration", 0.1, 86_400.0, "seconds of each condition"),
    "warm-up": ("warm_up", 0, 1000, "calls of each condition"),
    "block": ("block", 1, 1000, "calls one after the other"),
    "deadline": ("deadline", 0.1, 60.0, "seconds"),
    "budget": ("budget", 0.0, 1_000_000.0, "dollars"),
    "within": ("within", 0.0, 10.0, "a share, such as 0.1 for a tenth"),
    "agreement": ("agreement", 0.0, 1.0, "a share"),
    "seed": ("seed", 0, 2**32 - 1, "a whole number"),
}
"""Flag -> field, least, most, and what to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Pictures, conditions, and how they are measured.

    Raises:
        UsageError: a value is out of its range or unknown; the message names it.
    """

    sources: tuple[str, ...] = ()
    """Pictures, folders of them, clips, "demo", or one camera or stream; none: the demo scene."""
    widths: tuple[int, ...] = (640,)
    """Pixels that wider pictures are made smaller to."""
    qualities: tuple[int, ...] = (80,)
    """Of the JPEG."""
    attributes: tuple[tuple[str, ...], ...] = (("EMOTIONS",),)
    """Sets of them, as DetectFaces takes them."""
    rates: tuple[float, ...] = (2.0,)
    """Calls per second that are due."""
    regions: tuple[str, ...] = ()
    """None: the one that livecam would call."""
    in_flight: tuple[int, ...] = (4,)
    """Calls at the same time."""
    calls: int | None = None
    """Measured, of each condition; None: `USUAL_CALLS`, or as `duration` says."""
    duration: float | None = None
    """Seconds of measured calls of each condition, in place of `calls`."""
    warm_up: int = 3
    """Calls of each condition that are made first and left out."""
    block: int = 5
    """Measured calls of one condition before another one's turn."""
    seed: int = 0
    """Of the order of the blocks."""
    deadline: float = 10.0
    """Seconds from the beginning of a call until it is given up."""
    budget: float | None = None
    """Dollars that it may cost."""
    within: float = 0.1
    """Of the best p95 that a recommended condition may be above it."""
    agreement: float = 0.95
    """Least share of the faces that it finds in common with the largest pictures."""

    def __post_init__(self) -> None:
        """Refuse what cannot be measured."""
        for flag, (name, least, most, need) in _RANGES.items():
            given = getattr(self, name)
            for value in given if isinstance(given, tuple) else (given,):
                if value is not None and not least <= value <= most:
                    raise UsageError(
                        f"--{flag} {value:g} is out of range; give {need} from {least:g} to {most:g}"
                    )
        if self.calls is not None and self.duration is not None:
            raise UsageError("--calls and --duration say the same in two ways; give one of them")
        if not all((self.widths, self.qualities, self.attributes, self.rates, self.in_flight)):
            raise UsageError("each of --width, --quality, --attributes, --rate and --in-flight needs a value")
        try:
            known = tuple(dict.fromkeys(known_attributes(names) for names in self.attributes))
        except ValueError as error:
            raise UsageError(f"--attributes: {error}") from error
        object.__setattr__(self, "attributes", known)

    def calls_at(self, rate: float) -> int:
        """Return how many calls of a condition are measured."""
        if self.duration is not None:
            return max(1, math.floor(self.duration * rate + 0.5))
        return USUAL_CALLS if self.calls is None else self.calls

    def conditions(self, regions: tuple[str, ...]) -> tuple[Condition, ...]:
        """Return each way to make calls, each once.

        Args:
            regions: where to, now that it is known.
        """
        every = itertools.product(
            self.widths, self.qualities, self.attributes, regions, self.rates, self.in_flight
        )
        return tuple(dict.fromkeys(itertools.starmap(Condition, every)))
