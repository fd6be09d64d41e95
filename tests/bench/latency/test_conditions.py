from __future__ import annotations

from livecam.bench.latency.conditions import Condition, label, varied

SMALL = Condition(320, 80, ("EMOTIONS",), "us-east-1", 2.0, 4)
LARGE = Condition(1280, 80, ("EMOTIONS", "POSE"), "us-east-1", 0.5, 4)


def test_what_differs_is_found_in_the_order_in_which_it_is_told() -> None:
    assert varied([SMALL, LARGE]) == ("width", "attributes", "rate")
    assert varied([SMALL]) == ()


def test_a_label_says_what_differs_and_nothing_else() -> None:
    assert label(LARGE, varied([SMALL, LARGE])) == "1280 px, EMOTIONS+POSE, 0.5/s"
    assert label(SMALL, ("quality", "region", "in_flight")) == "q80, us-east-1, 4 in flight"
    assert label(SMALL, ()) == "all calls"
