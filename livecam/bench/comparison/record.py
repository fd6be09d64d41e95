"""A comparison for programs. The object is a contract (docs/map.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.bench.latency.record import as_json

if TYPE_CHECKING:
    from livecam.bench.comparison.values import Comparison, Difference, Side

SCHEMA = "livecam.bench.comparison/1"


def as_record(comparison: Comparison) -> dict[str, Any]:
    """Return the `livecam.bench.comparison/1` object. Durations are seconds."""
    record: dict[str, Any] = as_json(
        {
            "schema": SCHEMA,
            "first": comparison.first,
            "second": comparison.second,
            "is_within_one_run": comparison.is_within_one_run,
            "level": comparison.level,
            "circumstances": comparison.circumstances,
            "only_first": comparison.only_first,
            "only_second": comparison.only_second,
            "pairs": [
                {
                    "label": pair.label,
                    "first": _of_side(pair.first),
                    "second": _of_side(pair.second),
                    "differences": {each.percentile: _of_difference(each) for each in pair.differences},
                }
                for pair in comparison.pairs
            ],
        }
    )
    return record


def _of_side(side: Side) -> dict[str, Any]:
    return {"label": side.label, "condition": side.condition, "calls": side.calls, "answered": side.answered}


def _of_difference(each: Difference) -> dict[str, Any]:
    names = ("first", "second", "value", "low", "high", "share", "resolution", "verdict")
    return {name: getattr(each, name) for name in names}
