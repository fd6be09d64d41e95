"""What is found by comparing two measurements. Values only; `differences` computes them.

Durations are seconds. A difference is the second's less the first's: a negative one means that the second
is faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from livecam.bench.latency.conditions import Condition

Verdict: TypeAlias = Literal["faster", "slower", "can't tell"]
"""Of the second, beside the first."""
COMPARED = ("p50", "p95")
"""Which percentiles are compared."""


@dataclass(frozen=True, slots=True)
class Side:
    """One condition of one run."""

    file: str
    """Name of the file it was read from; with its folder only where the other's would be the same."""
    condition: Condition
    label: str
    """Name of the condition among those that are compared."""
    calls: int
    """That were due and made."""
    latencies: tuple[float, ...]
    """Of those that were answered, from when they were due; ascending."""

    @property
    def answered(self) -> int:
        """How many calls were answered."""
        return len(self.latencies)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is known of one percentile's difference."""

    percentile: str
    """One of `COMPARED`."""
    first: float
    second: float
    low: float | None
    """The interval in which the difference lies; None where there are too few calls to say."""
    high: float | None
    verdict: Verdict

    @property
    def value(self) -> float:
        """The second's less the first's."""
        return self.second - self.first

    @property
    def share(self) -> float | None:
        """The difference as a share of the first's: -0.1 is a tenth faster; None where that is 0."""
        return self.value / self.first if self.first else None

    @property
    def resolution(self) -> float | None:
        """About the smallest difference that could have been told: half of the interval's width."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two conditions that are compared."""

    label: str
    """The condition's name, or "320 px and 640 px" where they are two."""
    first: Side
    second: Side
    differences: tuple[Difference, ...]
    """One for each of `COMPARED`; none where one of them has no answer."""


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Something that is not the same on both sides, so that it may be the reason."""

    name: str
    """Such as "Region", "boto3" or "time of day"."""
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it."""

    first: str
    """Name of the first file."""
    second: str
    """Of the second; the same where the conditions of one run are compared."""
    level: float
    """Of the intervals: 0.99 means that 99 of 100 such intervals hold the true difference."""
    pairs: tuple[Pair, ...]
    circumstances: tuple[Circumstance, ...]
    """What differs between the files; empty within one."""
    only_first: tuple[str, ...] = ()
    """Conditions that the other file does not have."""
    only_second: tuple[str, ...] = ()
    is_within_one_run: bool = False
    """Whether conditions of one run are compared with its first."""
