"""What to use for a live overlay: the cheapest condition that is about as fast as any and finds the faces.

A call costs the same whatever its picture's size: cheaper is first who makes fewer of them, and then who
sends fewer bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.latency.bootstrap import LEAST_CALLS
from livecam.bench.latency.conditions import label, varied
from livecam.bench.latency.figures import Recommendation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.figures import ConditionFigures, Figure

LEAST_ANSWERED = 0.95
"""Share of its calls that must have been answered."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    condition: Condition
    name: str
    figures: ConditionFigures

    @property
    def p95(self) -> Figure:
        return self.figures.latency["p95"]

    @property
    def is_dependable(self) -> bool:
        """Whether enough calls were made, and enough of them answered."""
        figures = self.figures
        return figures.answered >= max(LEAST_CALLS, LEAST_ANSWERED * figures.calls)

    @property
    def cost(self) -> tuple[float, ...]:
        """What is less for the cheaper of two."""
        size = self.figures.bytes_sent
        return (
            self.condition.rate,
            float("inf") if size is None else size,
            self.condition.in_flight,
            self.p95.value,
        )


def recommend(
    conditions: Sequence[Condition],
    figures: Sequence[ConditionFigures],
    reference: int | None,
    *,
    within: float,
    least_agreement: float,
    silent: frozenset[str] = frozenset(),
) -> Recommendation | None:
    """Return what to use and why; None of a single condition.

    Args:
        conditions: those of the run.
        figures: of each.
        reference: index of the condition whose faces are to be found; None when nothing was answered.
        within: how far above the best p95 it may be.
        least_agreement: with the reference, 0..1.
        silent: Regions that ceased to answer.
    """
    if len(conditions) < 2:  # noqa: PLR2004  there is nothing to choose from
        return None
    names = varied(conditions)
    able = [
        candidate
        for index, (condition, each) in enumerate(zip(conditions, figures, strict=True))
        if (candidate := _Candidate(index, condition, label(condition, names), each)).is_dependable
        and condition.region not in silent
    ]
    if not able:
        reason = (
            f"None can be recommended: no condition had {LEAST_CALLS} answers and {LEAST_ANSWERED:.0%} of its"
            " calls answered, the last ones too."
        )
        return Recommendation(None, _spaced(reason), within, least_agreement)
    best = min(able, key=lambda each: each.p95.value)
    finding = [each for each in able if _finds(each, figures, reference, least_agreement)]
    fit = [each for each in finding if each.p95.value <= best.p95.value * (1 + within)]
    if fit:
        chosen = min(fit, key=lambda each: each.cost)
        return Recommendation(chosen.index, _spaced(_why(chosen, best)), within, least_agreement)
    return Recommendation(
        None, _spaced(_why_none(best, finding, within, least_agreement)), within, least_agreement
    )


def _finds(
    candidate: _Candidate, figures: Sequence[ConditionFigures], reference: int | None, least: float
) -> bool:
    """Tell whether it finds the faces; where the reference finds none there is nothing to miss."""
    agreement = candidate.figures.agreement
    if agreement is not None:
        return agreement >= least
    return reference is not None and not figures[reference].faces


def _why(chosen: _Candidate, best: _Candidate) -> str:
    p95 = f"{chosen.name}: p95 {_ms(chosen.p95)}"
    if chosen is best:
        return f"{p95}, the best of all{_found(chosen, ', and it finds {}')}.{_doubt(chosen)}"
    above = chosen.p95.value / best.p95.value - 1
    beside = f"the best ({best.name}: {_ms(best.p95)}{_found(best, ', which finds {}')})"
    apart = f"{above:.0%} above {beside}"
    if _overlap(chosen.p95, best.p95):
        apart = f"which can't be told apart from {beside}"
    return f"{p95}, {apart}{_found(chosen, '; it finds {}')}.{_doubt(chosen)}"


def _why_none(best: _Candidate, finding: Sequence[_Candidate], within: float, least: float) -> str:
    begin = f"None can be recommended: {best.name} is the fastest (p95 {_ms(best.p95)})"
    if not finding:
        return (
            f"{begin}, and no dependable condition has {least:.0%} of the faces in common with the largest."
        )
    next_best = min(finding, key=lambda each: each.p95.value)
    above = next_best.p95.value / best.p95.value - 1
    return (
        f"{begin}{_found(best, ' but finds {}')}; the fastest that finds {least:.0%}, {next_best.name}, takes"
        f" {_ms(next_best.p95)}: {above:.0%} more, where {within:.0%} is allowed."
    )


def _found(candidate: _Candidate, form: str) -> str:
    agreement = candidate.figures.agreement
    return "" if agreement is None else form.format(f"{agreement:.0%} of the faces")


def _doubt(chosen: _Candidate) -> str:
    if chosen.p95.low is not None:
        return ""
    return f" With {chosen.figures.answered} answers its p95 is a guess: make more calls."


def _overlap(a: Figure, b: Figure) -> bool:
    """Tell whether both are known and may be the same."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return False
    return a.low <= b.high and b.low <= a.high


def _ms(figure: Figure) -> str:
    return f"{figure.value * 1000:.0f} ms"


def _spaced(text: str) -> str:
    """Return text with percentages as livecam writes them: "95 %"."""
    return text.replace("%", " %")
