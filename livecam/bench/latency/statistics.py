"""What a run says: the figures of each condition, what matters, and what to use. Pure, and seeded."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.latency.advice import recommend
from livecam.bench.latency.agreement import Agreement
from livecam.bench.latency.bootstrap import figures
from livecam.bench.latency.effects import effects
from livecam.bench.latency.figures import ConditionFigures, Findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.latency.samples import Run, Sample

LAST_CALLS = 3
"""Of a Region that all failed: it does not answer any more."""
SLOW_SHARE = 0.1
"""Of the answers are the slow ones, whose split is told apart."""


def find(run: Run, *, within: float = 0.1, least_agreement: float = 0.95, seed: int = 0) -> Findings:
    """Return what a run says. Only measured calls count; those that failed are in `outcomes` alone.

    Args:
        run: what was measured.
        within: how far above the best p95 what is recommended may be: 0.1 is a tenth.
        least_agreement: share of faces that it must have in common with the largest pictures, 0..1.
        seed: of the drawing that the intervals come from: the same run and seed give the same figures.

    Raises:
        MissingDependency: scipy is not installed.
    """
    measured: defaultdict[int, list[Sample]] = defaultdict(list)
    for sample in run.samples:
        if sample.phase == "measured":
            measured[sample.condition].append(sample)
    answers = [each for samples in measured.values() for each in samples if each.is_ok]
    agreement = Agreement(run, answers)
    conditions = tuple(
        _figures(run, index, measured[index], agreement, seed) for index in range(len(run.conditions))
    )
    return Findings(
        conditions=conditions,
        reference=agreement.reference,
        effects=effects(run, answers),
        recommendation=recommend(
            run.conditions,
            conditions,
            agreement.reference,
            within=within,
            least_agreement=least_agreement,
            silent=silent_regions(run),
        ),
    )


def silent_regions(run: Run) -> frozenset[str]:
    """Return the Regions that did not answer any more when the calls ended before their time."""
    if run.ended == "complete":
        return frozenset()
    last: defaultdict[str, list[bool]] = defaultdict(list)
    for sample in run.samples:
        last[run.conditions[sample.condition].region].append(sample.is_ok)
    return frozenset(region for region, answered in last.items() if not any(answered[-LAST_CALLS:]))


def _figures(
    run: Run, index: int, samples: Sequence[Sample], agreement: Agreement, seed: int
) -> ConditionFigures:
    ok = [each for each in samples if each.is_ok]
    blocks = [each.block for each in ok]
    ages = [(each.frame_age, each.block) for each in ok]
    sizes = [each.bytes_sent for each in ok if each.bytes_sent is not None]
    counts = [len(each.faces) for each in ok if each.faces is not None]
    return ConditionFigures(
        calls=len(samples),
        answered=len(ok),
        outcomes=dict(Counter(each.outcome for each in samples).most_common()),
        latency=figures([each.latency for each in ok], blocks, seed),
        call_time=figures([each.call_time for each in ok], blocks, seed),
        frame_age=figures(
            [age for age, _ in ages if age is not None],
            [block for age, block in ages if age is not None],
            seed,
        ),
        split=_split(ok, is_mean=False),
        split_of_slow=_split(slowest(ok), is_mean=True),
        bytes_sent=float(np.median(sizes)) if sizes else None,
        faces=float(np.mean(counts)) if counts else None,
        agreement=agreement.of(index),
        achieved_rate=_achieved_rate(samples),
        cold=_cold(run, index),
    )


def slowest(answers: Sequence[Sample]) -> list[Sample]:
    """Return the tenth, rounded up, whose calls took longest: parts of a call say nothing of its waiting."""
    ordered = sorted(answers, key=lambda each: each.call_time, reverse=True)
    return ordered[: math.ceil(SLOW_SHARE * len(ordered))]


def _split(answers: Sequence[Sample], *, is_mean: bool) -> Mapping[str, float]:
    parts: defaultdict[str, list[float]] = defaultdict(list)
    for sample in answers:
        for name, seconds in sample.parts.items():
            parts[name].append(seconds)
    return {name: float(np.mean(values) if is_mean else np.median(values)) for name, values in parts.items()}


def _achieved_rate(samples: Sequence[Sample]) -> float | None:
    """Return N - 1 calls over the time between the first and the last of a block, of all blocks together."""
    begun: defaultdict[int, list[float]] = defaultdict(list)
    for sample in samples:
        begun[sample.block].append(sample.began_at)
    spans = sum(max(times) - min(times) for times in begun.values())
    intervals = sum(len(times) - 1 for times in begun.values())
    return intervals / spans if spans > 0 else None


def _cold(run: Run, index: int) -> float | None:
    return next(
        (
            each.call_time
            for each in run.samples
            if each.phase == "cold" and each.condition == index and each.is_ok
        ),
        None,
    )
