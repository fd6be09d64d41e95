"""Compares measurements of calls: by how much percentiles differ, and whether that can be told. Pure, seeded.

The interval of a difference comes from drawing the calls of both sides again and again, as that of a
single percentile does (`bench/latency/bootstrap.py`), each side for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.comparison.circumstances import circumstances
from livecam.bench.comparison.values import COMPARED, Comparison, Difference, Pair, Side
from livecam.bench.latency.bootstrap import drawn, has_interval, interval, units_of
from livecam.bench.latency.conditions import label, varied
from livecam.bench.latency.figures import QUANTILES
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.bench.comparison.values import Verdict
    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.samples import Run, Sample

RESAMPLES = 5000
"""So that there are some beyond the ends of a 99 % interval."""
LEVEL = 0.99


def compare(
    first: Run, second: Run, names: tuple[str, str], *, level: float = LEVEL, seed: int = 0
) -> Comparison:
    """Compare two runs: what is the same condition in both, or the one condition of each, whatever it is.

    Args:
        first: what is compared with.
        second: what may be faster or slower.
        names: of their files.
        level: of the intervals, 0..1.
        seed: of the drawing.

    Raises:
        MissingDependency: scipy is not installed.
        UsageError: they have no condition in common.
    """
    paired = _paired(first, second)
    if not paired:
        raise UsageError(
            f"{names[0]} and {names[1]} have no condition in common; measure with the same flags, or"
            " compare runs of one condition each"
        )
    everything = (*first.conditions, *second.conditions)
    return Comparison(
        first=names[0],
        second=names[1],
        level=level,
        pairs=tuple(_pair((first, a), (second, b), names, level, seed) for a, b in paired),
        circumstances=circumstances(first, second),
        only_first=_rest(first, {a for a, _ in paired}, everything),
        only_second=_rest(second, {b for _, b in paired}, everything),
    )


def compare_within(run: Run, name: str, *, level: float = LEVEL, seed: int = 0) -> Comparison:
    """Compare each condition of a run with its first.

    Raises:
        MissingDependency: scipy is not installed.
        UsageError: it has a single condition.
    """
    if len(run.conditions) < 2:  # noqa: PLR2004  there is nothing to compare
        raise UsageError(f"{name} has a single condition; name a second file to compare it with")
    return Comparison(
        first=name,
        second=name,
        level=level,
        pairs=tuple(
            _pair((run, 0), (run, index), (name, name), level, seed)
            for index in range(1, len(run.conditions))
        ),
        circumstances=(),
        is_within_one_run=True,
    )


def _paired(first: Run, second: Run) -> list[tuple[int, int]]:
    if len(first.conditions) == len(second.conditions) == 1:
        return [(0, 0)]
    places = {each: index for index, each in reversed(list(enumerate(second.conditions)))}
    return [(index, places[each]) for index, each in enumerate(first.conditions) if each in places]


def _rest(run: Run, paired: set[int], everything: Sequence[Condition]) -> tuple[str, ...]:
    factors = varied(everything)
    return tuple(label(each, factors) for index, each in enumerate(run.conditions) if index not in paired)


def _pair(
    first: tuple[Run, int], second: tuple[Run, int], names: tuple[str, str], level: float, seed: int
) -> Pair:
    conditions = [run.conditions[index] for run, index in (first, second)]
    factors = varied([*first[0].conditions, *second[0].conditions])
    labels = [label(each, factors) for each in conditions]
    answers = [list(_answers(*each)) for each in (first, second)]
    sides = [
        Side(
            file=name,
            condition=condition,
            label=text,
            calls=sum(each.phase == "measured" and each.condition == index for each in run.samples),
            latencies=tuple(sorted(each.latency for each in found)),
        )
        for name, condition, text, (run, index), found in zip(
            names, conditions, labels, (first, second), answers, strict=True
        )
    ]
    return Pair(
        label=labels[0] if labels[0] == labels[1] else f"{labels[0]} and {labels[1]}",
        first=sides[0],
        second=sides[1],
        differences=_differences(answers[0], answers[1], level, seed) if all(answers) else (),
    )


def _answers(run: Run, index: int) -> Iterator[Sample]:
    return (
        each for each in run.samples if each.condition == index and each.phase == "measured" and each.is_ok
    )


def _differences(
    first: Sequence[Sample], second: Sequence[Sample], level: float, seed: int
) -> tuple[Difference, ...]:
    shares = [QUANTILES[name] for name in COMPARED]
    values = [np.asarray([each.latency for each in side]) for side in (first, second)]
    units = [units_of([each.block for each in side]) for side in (first, second)]
    fewest = min(len(each) for each in values)
    rng = np.random.default_rng(seed)
    draws = [drawn(*each, shares, rng, RESAMPLES) for each in zip(values, units, strict=True)]
    changes = draws[1] - draws[0]
    count = min(int(each.max()) + 1 for each in units)
    found: list[Difference] = []
    for name, share, change in zip(COMPARED, shares, changes, strict=True):
        low, high = interval(change, count, level) if has_interval(share, fewest, level) else (None, None)
        before, after = (float(np.quantile(each, share)) for each in values)
        found.append(Difference(name, before, after, low, high, _verdict(low, high)))
    return tuple(found)


def _verdict(low: float | None, high: float | None) -> Verdict:
    if low is None or high is None or low <= 0.0 <= high:
        return "can't tell"
    return "slower" if low > 0 else "faster"
