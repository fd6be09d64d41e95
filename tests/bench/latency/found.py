"""Findings about runs, made by hand, so that a page can be tested without statistics."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.latency.figures import (
    QUANTILES,
    ConditionFigures,
    Effect,
    Figure,
    Findings,
    Recommendation,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.latency.samples import Run

REASON = "320 px: its p95 is 210 ms, as good as the best"


def found(run: Run, *, chosen: int | None = 0, effects: tuple[Effect, ...] = ()) -> Findings:
    recommendation = Recommendation(chosen, REASON, 0.1, 0.9) if len(run.conditions) > 1 else None
    conditions = tuple(_figures(run, index) for index in range(len(run.conditions)))
    return Findings(conditions, len(conditions) - 1 if recommendation else None, effects, recommendation)


def _figures(run: Run, index: int) -> ConditionFigures:
    calls = [each for each in run.samples if each.condition == index and each.phase == "measured"]
    ok = [each for each in calls if each.is_ok]
    split = dict(ok[0].parts) if ok else {}
    return ConditionFigures(
        calls=len(calls),
        answered=len(ok),
        outcomes=Counter(each.outcome for each in calls),
        latency=_percentiles([each.latency for each in ok]),
        call_time=_percentiles([each.call_time for each in ok]),
        frame_age=_percentiles([each.frame_age or 0.0 for each in ok]),
        split=split,
        split_of_slow=split,
        bytes_sent=30_000.0 if ok else None,
        faces=2.0 if ok else None,
        agreement=0.875 if ok and len(run.conditions) > 1 else None,
        achieved_rate=2.0 if ok else None,
        cold=None,
    )


def _percentiles(values: Sequence[float]) -> dict[str, Figure]:
    if not values:
        return {}
    at = {name: float(np.quantile(values, share)) for name, share in QUANTILES.items()}
    return {name: Figure(value, value * 0.9, value * 1.1) for name, value in at.items()}
