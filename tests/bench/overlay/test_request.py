from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from livecam.bench.overlay.request import Request
from livecam.errors import UsageError


def test_the_defaults_are_a_distant_region_and_the_same_convention() -> None:
    request = Request()

    assert (request.latency, request.rate, request.finder) == (0.34, 2.0, 5.0)
    assert request.methods == ("hold", "flow", "merged")


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"latency": -0.1}, "latency -0.1"),
        ({"latency": float("nan")}, "latency nan"),
        ({"rate": 0.0}, "rate 0.0"),
        ({"misses": 1.5}, "misses 1.5 is out of range; it must be 0 to 1"),
        ({"speed": 0}, "speed 0"),
        ({"finder": 0.0}, "finder 0.0"),
        ({"max_seconds": 0.0}, "duration 0.0"),
        ({"methods": ("guess",)}, "method guess is not one of hold, flow, merged"),
        ({"methods": ()}, "method none"),
        ({"methods": ("merged",), "finder": None}, "merged needs the finder"),
        ({"truth": Path("a.jsonl"), "clips": (Path("a.mp4"), Path("b.mp4"))}, "2 were given"),
        ({"truth": Path("a.jsonl")}, "0 were given"),
    ],
)
def test_a_value_that_cannot_be_simulated_is_named(values: dict[str, Any], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        Request(**values)
