"""What the policies must go on to save and to see, on the office scene and its variants, in virtual time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.request import Request
from livecam.bench.selection.simulation import simulate
from tests.requirements import installed_models

if TYPE_CHECKING:
    from livecam.bench.selection.results import Scores

MOST_CALLS = {"office": 0.15, "always": 0.35}
"""Share of the calls of a fixed 2/s; measured 0.09 to 0.11 and 0.17."""
MOST_CALLS_OF_A_STILL_FACE = 15.0
"""A minute; measured 7."""


def smart_on(variant: str, *, minutes: float) -> Scores:
    installed_models()
    request = Request(policies=("every", "smart"), variant=variant, minutes=minutes)
    by_name = {result.policy: result.scores for result in simulate(request, None).policies}
    return by_name["smart"]


@pytest.mark.parametrize("variant", MOST_CALLS)
def test_a_fraction_of_the_calls_sees_the_changes_that_a_fixed_pace_sees(variant: str) -> None:
    scores = smart_on(variant, minutes=2.5)
    assert scores.calls_share is not None
    assert scores.calls_share <= MOST_CALLS[variant]
    assert scores.seen_share is not None
    assert scores.seen_share >= 0.95
    assert scores.delay_median is not None
    assert scores.delay_median <= 0.8


def test_a_face_that_does_not_change_is_hardly_asked_about() -> None:
    scores = smart_on("still", minutes=1.0)
    assert 2 <= scores.calls <= MOST_CALLS_OF_A_STILL_FACE
