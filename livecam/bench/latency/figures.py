"""What is found out of a run. Values only; `statistics` computes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "max": 1.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the interval in which it lies in 95 % of repetitions."""

    value: float
    low: float | None = None
    """None where there are too few calls to say."""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ConditionFigures:
    """What is known of one condition's measured calls. Durations are seconds."""

    calls: int
    """That were due and made."""
    answered: int
    outcomes: Mapping[str, int]
    """How many calls ended how; "ok" among them."""
    latency: Mapping[str, Figure]
    """From when they were due; by name of `QUANTILES`; empty without an answer."""
    call_time: Mapping[str, Figure]
    """From when they were begun: what a closed loop would tell."""
    frame_age: Mapping[str, Figure]
    split: Mapping[str, float]
    """Median of each part of the call."""
    split_of_slow: Mapping[str, float]
    """Mean of each part over the slowest tenth."""
    bytes_sent: float | None
    """Median of the JPEGs."""
    faces: float | None
    """Mean per answer."""
    agreement: float | None
    """Share (F1) of faces that it has in common with the reference condition, 0..1; 1.0 of the reference;
    None where there is nothing to compare."""
    achieved_rate: float | None
    """Calls per second that were begun while a block ran."""
    cold: float | None
    """Seconds of the first call, connection included; None where it failed or another condition made it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How much a factor matters."""

    factor: str
    medians: Mapping[str, float]
    """Seconds by level, over all conditions with it."""
    span: float
    """Seconds between the least and the greatest of them."""
    share: float
    """Of the ranks' variance that it explains, 0..1 (Kruskal and Wallis's epsilon squared)."""
    p_value: float
    """Of there being no effect at all."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to use for a live overlay."""

    condition: int | None
    """Index of the condition; None where none will do."""
    reason: str
    """One or two sentences, with the figures."""
    within: float
    """How far above the best p95 a condition may be: 0.1 is a tenth."""
    least_agreement: float
    """Of faces in common with the reference."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it."""

    conditions: tuple[ConditionFigures, ...]
    """In the run's order."""
    reference: int | None
    """Index of the condition with the largest pictures, which others' faces are compared with."""
    effects: tuple[Effect, ...]
    """The greatest first; of varied factors only."""
    recommendation: Recommendation | None
    """None of a single condition."""
