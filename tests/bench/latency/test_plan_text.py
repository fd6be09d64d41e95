from __future__ import annotations

import json

from livecam.bench.latency.plan import plan_of
from livecam.bench.latency.plan_text import FREE, charge_by, plan_lines, plan_record
from livecam.bench.latency.request import Request
from livecam.bench.latency.samples import Picture
from livecam.pricing import US_EAST
from tests.bench.latency.stand_ins import a_condition

PICTURES = (Picture("a.jpg", 800, 600), Picture("b.jpg", 640, 480))
PLAN = plan_of(Request(), (a_condition(rate=2.0), a_condition(width=320, rate=2.0)))


def test_calls_time_and_price_are_told_with_their_date() -> None:
    text = "\n".join(plan_lines(PLAN, PICTURES, charge_by(US_EAST)))
    assert "conditions: 2, measured in 10 rounds" in text
    assert "widths: 640, 320" in text
    assert "calls: 107 (100 measured, 6 to warm up, 1 first of a client)" in text
    assert "time: about 52 s" in text
    assert "price: $0.11: $0.001 a call (US East list price of 2026-10-07" in text
    assert "pictures: 2, such as a.jpg (800x600), in turn" in text


def test_rounds_are_those_of_the_condition_with_the_most_calls() -> None:
    plan = plan_of(Request(duration=10), (a_condition(rate=1.0), a_condition(rate=10.0)))
    assert "conditions: 2, measured in 20 rounds" in plan_lines(plan, PICTURES, FREE)[0]


def test_an_endpoint_on_this_machine_is_free() -> None:
    assert "nothing is paid" in plan_lines(PLAN, PICTURES, FREE)[-1]
    assert FREE.of(1000) == 0


def test_many_conditions_are_told_to_be_many() -> None:
    plan = plan_of(Request(), tuple(a_condition(width=100 + each) for each in range(30)))
    lines = plan_lines(plan, PICTURES, FREE)
    assert "fewer tell more" in lines[-1]
    assert "107 and 22 more" in lines[1]


def test_the_record_is_json() -> None:
    record = json.loads(json.dumps(plan_record(PLAN, PICTURES, charge_by(US_EAST))))
    assert (record["schema"], record["calls"]) == ("livecam.bench.latency.plan/1", 107)
    assert record["cost_usd"] == 107 * 0.001
    assert record["conditions"][1]["width"] == 320
