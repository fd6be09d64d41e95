"""Scores as numbers by name, and their means over clips. Pure."""

from __future__ import annotations

from dataclasses import asdict
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.overlay.results import ClipResult, Scores

CPU_SCORES = ("cpu_ms", "cpu_ms_p95", "cpu_ms_answer")
"""What another machine would measure otherwise; all else is the same on every machine."""


def numbers(scores: Scores) -> dict[str, float | None]:
    """Return scores by their names, as `results.Scores` describes them."""
    return asdict(scores)


def method_names(results: Sequence[ClipResult]) -> tuple[str, ...]:
    """Return the methods of the clips, each once, in the order in which they were run."""
    return tuple(dict.fromkeys(method.method for result in results for method in result.methods))


def means(results: Sequence[ClipResult]) -> dict[str, dict[str, float | None]]:
    """Return, for each method, every score's mean over the clips that have it.

    Every clip counts the same, however long it is or how many faces are in it. A score that no clip has
    is None.
    """
    return {name: _mean(_scores_of(name, results)) for name in method_names(results)}


def _scores_of(method: str, results: Sequence[ClipResult]) -> list[dict[str, float | None]]:
    return [numbers(each.scores) for result in results for each in result.methods if each.method == method]


def _mean(rows: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in rows[0]:
        counted = [value for row in rows if (value := row[name]) is not None]
        found[name] = fmean(counted) if counted else None
    return found
