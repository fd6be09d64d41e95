from __future__ import annotations

import pytest

from livecam.bench.latency.flags import request_from
from livecam.bench.latency.request import Request
from livecam.errors import UsageError


def test_lists_may_be_joined_by_commas_or_repeated() -> None:
    given = {"width": ["320,640", "640"], "rate": ["1,2.5"], "region": ["us-east-1", "EU-west-1"]}
    request = request_from(["a.jpg"], given)
    assert (request.sources, request.widths, request.rates) == (("a.jpg",), (320, 640), (1.0, 2.5))
    assert request.regions == ("us-east-1", "eu-west-1")


def test_a_comma_makes_one_set_of_attributes_and_the_flag_again_another() -> None:
    request = request_from([], {"attributes": ["emotions,age_range", "ALL"]})
    assert request.attributes == (("EMOTIONS", "AGE_RANGE"), ("ALL",))


def test_single_values_and_times_are_read() -> None:
    request = request_from(
        [], {"calls": None, "duration": "2m", "deadline": "500ms", "budget": "0.5", "seed": "7"}
    )
    assert request == Request(duration=120.0, deadline=0.5, budget=0.5, seed=7)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"width": ["wide"]}, "--width wide"),
        ({"width": ["320,,640"]}, "--width '320,,640'"),
        ({"rate": ["nan"]}, "--rate nan"),
        ({"in_flight": ["1.5"]}, "--in-flight 1.5"),
        ({"deadline": "soon"}, "--deadline soon"),
        ({"warm_up": "x"}, "--warm-up x"),
    ],
)
def test_what_cannot_be_read_is_named(given: dict[str, str | list[str]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        request_from([], given)
