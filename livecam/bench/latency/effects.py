"""Which of the varied settings matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.latency.bootstrap import require_scipy
from livecam.bench.latency.conditions import varied
from livecam.bench.latency.figures import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.latency.samples import Run, Sample

LEAST_ANSWERS = 5
"""Of a level that counts."""


def effects(run: Run, answers: Sequence[Sample]) -> tuple[Effect, ...]:
    """Return what each varied factor does to the latency, the greatest first.

    All answers of a level are taken together, whatever else they differ in: blocks of all conditions take
    turns, so that what else is varied is spread over the levels alike. The share is Kruskal and Wallis's H
    over n - 1 (epsilon squared: Tomczak and Tomczak, "The need to report effect size estimates revisited",
    2014); p is of the chi-squared distribution, and too small where calls are late together.

    Args:
        run: what was measured.
        answers: its measured calls that were answered.

    Raises:
        MissingDependency: scipy is not installed.
    """
    found: list[Effect] = []
    for factor in varied(run.conditions):
        levels: dict[str, list[float]] = {each.level(factor): [] for each in run.conditions}
        for sample in answers:
            levels[run.conditions[sample.condition].level(factor)].append(sample.latency)
        known = {level: values for level, values in levels.items() if len(values) >= LEAST_ANSWERS}
        if len(known) > 1:
            found.append(_effect(factor, known))
    return tuple(sorted(found, key=lambda each: -each.share))


def _effect(factor: str, levels: Mapping[str, Sequence[float]]) -> Effect:
    require_scipy()
    from scipy.stats import kruskal

    medians = {level: float(np.median(values)) for level, values in levels.items()}
    everything = np.concatenate([np.asarray(values) for values in levels.values()])
    share, p_value = 0.0, 1.0
    if everything.min() < everything.max():  # ranks of equal values say nothing, and H would be 0 / 0
        test = kruskal(*levels.values())
        share = min(max(float(test.statistic) / (len(everything) - 1), 0.0), 1.0)
        p_value = float(test.pvalue)
    return Effect(
        factor=factor,
        medians=medians,
        span=max(medians.values()) - min(medians.values()),
        share=share,
        p_value=p_value,
    )
