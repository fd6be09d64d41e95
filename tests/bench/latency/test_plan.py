from __future__ import annotations

import itertools
from collections import Counter

from livecam.bench.latency.plan import plan_of
from livecam.bench.latency.request import Request
from tests.bench.latency.stand_ins import a_condition

THREE = tuple(a_condition(width=width) for width in (320, 640, 1280))


def test_each_round_has_one_block_of_every_condition() -> None:
    blocks = [each for each in plan_of(Request(calls=20), THREE).blocks if each.phase == "measured"]
    rounds = [tuple(each.condition for each in blocks[at : at + 3]) for at in range(0, len(blocks), 3)]
    assert all(sorted(each) == [0, 1, 2] for each in rounds)
    assert len(rounds) == 4
    assert len(set(rounds)) > 1


def test_a_seed_repeats_the_order_and_another_one_changes_it() -> None:
    plans = [plan_of(Request(seed=seed), THREE).blocks for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]


def test_first_calls_of_clients_come_first_and_then_the_warm_up() -> None:
    conditions = (*THREE, a_condition(in_flight=1), a_condition(region="eu-west-1"))
    plan = plan_of(Request(warm_up=2), conditions)
    assert [each.condition for each in plan.blocks[:3]] == [0, 3, 4]
    phases = [phase for phase, _ in itertools.groupby(each.phase for each in plan.blocks)]
    assert phases == ["cold", "warm-up", "measured"]
    assert (plan.calls_of("cold"), plan.calls_of("warm-up"), plan.calls_of("measured")) == (3, 10, 250)
    assert plan.calls == 263


def test_calls_that_fill_no_whole_blocks_are_spread_and_numbered_on() -> None:
    plan = plan_of(Request(duration=11, warm_up=0), (a_condition(rate=1.0), a_condition(rate=0.2)))
    calls = Counter[int]()
    for block in plan.blocks[1:]:
        assert block.first == calls[block.condition]
        assert 1 <= block.calls <= 5
        calls[block.condition] += block.calls
    assert calls == {0: 11, 1: 2}


def test_the_time_is_that_between_calls_and_the_last_answers() -> None:
    plan = plan_of(Request(calls=10, block=5, warm_up=0), (a_condition(rate=2.0),))
    assert 4.0 < plan.seconds < 6.0
