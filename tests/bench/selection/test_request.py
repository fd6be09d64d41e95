from __future__ import annotations

import math
from typing import Any

import pytest

from livecam.bench.selection.request import POLICIES, Request, pace_of
from livecam.errors import UsageError


def test_the_defaults_are_an_office_and_all_policies_at_two_a_second() -> None:
    request = Request()
    assert (request.variant, request.rate, request.latency, request.wrong) == ("office", 2.0, 0.34, 0.0)
    assert request.compared == POLICIES


def test_the_baseline_is_always_run_first_and_once() -> None:
    assert Request(policies=("smart",)).compared == ("every", "smart")
    assert Request(policies=("smart", "every", "smart")).compared == ("every", "smart")


@pytest.mark.parametrize(
    ("name", "pace"),
    [("every", math.inf), ("every@1", 1.0), ("every@0.5", 0.5), ("every@.5", 0.5), ("smart", math.inf)],
)
def test_a_policys_name_may_say_its_pace(name: str, pace: float) -> None:
    assert pace_of(name) == pace


@pytest.mark.parametrize("name", ["magic", "", "every@", "every@0", "every@-1", "smart@1", "Every"])
def test_an_unknown_policy_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=f"policy {name} is not known; give some of every"):
        Request(policies=(name,))


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"rate": 0.0}, "rate 0.0 is out of range; it must be 0.01 to 100"),
        ({"rate": math.nan}, "rate nan"),
        ({"latency": -1.0}, "latency -1.0"),
        ({"wrong": 1.1}, "wrong 1.1"),
        ({"minutes": 0.0}, "minutes 0.0"),
        ({"price_usd": -1.0}, "price_usd -1.0"),
        ({"variant": "holiday"}, "variant holiday is not known; give one of office, still, always"),
    ],
)
def test_a_value_that_cannot_be_simulated_is_named(values: dict[str, Any], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        Request(**values)
