from __future__ import annotations

from typing import Any

import pytest

from livecam.bench.latency.request import Request
from livecam.errors import UsageError


def test_the_defaults_are_one_condition_of_fifty_calls() -> None:
    request = Request()
    (condition,) = request.conditions(("eu-west-1",))
    assert (condition.width, condition.attributes, condition.region) == (640, ("EMOTIONS",), "eu-west-1")
    assert request.calls_at(condition.rate) == 50


def test_a_duration_is_so_many_calls_at_each_rate() -> None:
    request = Request(duration=10.0)
    assert [request.calls_at(rate) for rate in (0.01, 1.0, 2.5)] == [1, 10, 25]


def test_every_combination_is_a_condition_once() -> None:
    request = Request(widths=(320, 640), attributes=(("all",), ("ALL",), ("DEFAULT",)), in_flight=(1, 4))
    assert request.attributes == (("ALL",), ("DEFAULT",))
    assert len(request.conditions(("a", "b"))) == 16


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"widths": (640, 40)}, "--width 40"),
        ({"qualities": (0,)}, "--quality 0"),
        ({"rates": (0.0,)}, "--rate 0"),
        ({"in_flight": (0,)}, "--in-flight 0"),
        ({"calls": 0}, "--calls 0"),
        ({"deadline": 0.0}, "--deadline 0"),
        ({"budget": -1.0}, "--budget -1"),
        ({"agreement": 1.5}, "--agreement 1.5"),
        ({"attributes": (("SMIEL",),)}, "did you mean SMILE"),
        ({"calls": 5, "duration": 5.0}, "--calls and --duration"),
        ({"widths": ()}, "needs a value"),
    ],
)
def test_what_cannot_be_measured_is_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Request(**values)
