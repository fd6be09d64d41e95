from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pytest

from livecam.local_aws.fault_plan import plan_from
from livecam.local_aws.faults import Faults
from livecam.testing.clock import FakeClock

if TYPE_CHECKING:
    from livecam.local_aws.faults import Ruling


def faults(clock: FakeClock | None = None, **plan: object) -> Faults:
    return Faults(plan_from(plan, "test"), clock or FakeClock())


def rule(faults: Faults, name: str = "DetectFaces") -> Ruling:
    return faults.rule(name, is_rekognition=True)


def stalls(seed: int) -> Faults:
    return faults(faults=[{"kind": "stall", "share": 0.5}], seed=seed)


def kinds(faults: Faults, count: int, name: str = "DetectFaces") -> list[str | None]:
    rulings = [rule(faults, name) for _ in range(count)]
    return [ruling.fault.kind if ruling.fault else None for ruling in rulings]


def test_a_fixed_latency_is_always_the_same() -> None:
    some = faults(latency={"seconds": 0.34})
    assert {rule(some).latency for _ in range(5)} == {0.34}


def test_a_lognormal_latency_has_its_median_and_its_spread() -> None:
    some = faults(latency={"seconds": 0.34, "sigma": 0.5})
    drawn = sorted(rule(some).latency for _ in range(4000))
    assert statistics.median(drawn) == pytest.approx(0.34, rel=0.05)
    assert drawn[int(0.8413 * 4000)] / 0.34 == pytest.approx(1.65, rel=0.07)  # one sigma: e^0.5


def test_a_region_may_have_a_median_of_its_own() -> None:
    some = faults(latency={"seconds": 0.1, "by_region": {"eu-west-1": 0.36}})
    regions = ("eu-west-1", "us-east-1", None)
    drawn = [some.rule("DetectFaces", is_rekognition=True, region=each).latency for each in regions]
    assert drawn == [0.36, 0.1, 0.1]
    some = faults(latency={"seconds": 0.1, "sigma": 0.3, "by_region": {"eu-west-1": 0.36}})
    rulings = [some.rule("DetectFaces", is_rekognition=True, region="eu-west-1") for _ in range(2000)]
    assert statistics.median(each.latency for each in rulings) == pytest.approx(0.36, rel=0.05)


def test_the_service_stands_still_with_every_so_many_th_request_and_for_all_that_arrive_meanwhile() -> None:
    clock = FakeClock()
    some = faults(clock, stall={"every": 3, "seconds": 2.0}, latency={"seconds": 0.34})
    began = clock.now()
    assert [rule(some).begins_at for _ in range(2)] == [0.0, 0.0]
    assert rule(some).begins_at == began + 2.0
    clock.advance(1.5)
    meanwhile = rule(some, "GetFaceDetection")
    assert (meanwhile.begins_at, meanwhile.latency) == (began + 2.0, 0.34)
    clock.advance(0.6)
    assert rule(some).begins_at < clock.now()


def test_a_stall_that_begins_in_a_stall_lasts_until_its_own_end() -> None:
    clock = FakeClock()
    some = faults(clock, stall={"every": 1, "seconds": 2.0})
    first = rule(some).begins_at
    clock.advance(0.5)
    assert rule(some).begins_at == first + 0.5


def test_what_a_quota_refuses_neither_counts_for_a_stall_nor_waits_for_it() -> None:
    some = faults(stall={"every": 2}, quota={"per_second": 1.0, "burst": 1})
    assert [rule(some).refusal for _ in range(2)] == [None, "ProvisionedThroughputExceededException"]
    assert some.rule("GetFaceDetection", is_rekognition=True).begins_at == 0.0
    assert [rule(some).begins_at for _ in range(4)] == [0.0] * 4


def test_another_plan_ends_a_stall() -> None:
    some = faults(stall={"every": 1})
    rule(some)
    some.change(plan_from({}, "test"))
    assert rule(some).begins_at == 0.0


def test_shares_add_up_and_the_rest_is_well() -> None:
    some = faults(faults=[{"kind": "stall", "share": 0.2}, {"kind": "empty", "share": 0.3}])
    seen = kinds(some, 4000)
    assert seen.count("stall") / 4000 == pytest.approx(0.2, abs=0.03)
    assert seen.count("empty") / 4000 == pytest.approx(0.3, abs=0.03)
    assert seen.count(None) / 4000 == pytest.approx(0.5, abs=0.03)


def test_the_same_seed_draws_the_same_and_another_draws_otherwise() -> None:
    first, again, other = (kinds(stalls(seed), 40) for seed in (1, 1, 2))
    assert first == again != other


def test_a_fault_happens_so_many_times_at_most() -> None:
    some = faults(faults=[{"kind": "stall", "times": 2}])
    assert kinds(some, 4) == ["stall", "stall", None, None]


def test_a_fault_may_be_for_one_operation_or_for_a_service_of_motos() -> None:
    some = faults(faults=[{"kind": "stall", "operation": "GetFaceDetection"}])
    assert kinds(some, 1) == [None]
    assert kinds(some, 1, "GetFaceDetection") == ["stall"]
    some = faults(faults=[{"kind": "stall"}, {"kind": "empty", "operation": "s3"}], latency={"seconds": 1})
    ruling = some.rule("s3", is_rekognition=False)
    assert ruling.fault is not None
    assert (ruling.fault.kind, ruling.latency, ruling.refusal) == ("empty", 0.0, None)


def test_more_calls_than_the_quota_are_refused_until_time_has_passed() -> None:
    clock = FakeClock()
    some = faults(clock, quota={"per_second": 2.0, "burst": 3})
    refused = "ProvisionedThroughputExceededException"
    assert [rule(some).refusal for _ in range(4)] == [None, None, None, refused]
    clock.advance(0.5)
    assert [rule(some).refusal for _ in range(2)] == [None, refused]
    assert rule(some, "GetFaceDetection").refusal is None


def test_an_operation_may_have_a_quota_of_its_own() -> None:
    some = faults(quota={"operations": {"GetFaceDetection": 1.0}, "code": "ThrottlingException"})
    assert [rule(some, "GetFaceDetection").refusal for _ in range(2)] == [None, "ThrottlingException"]
    assert [rule(some).refusal for _ in range(9)] == [None] * 9


def test_another_plan_begins_anew() -> None:
    some = faults(faults=[{"kind": "stall", "times": 1}], quota={"per_second": 1.0})
    rule(some), rule(some)
    some.change(some.plan)
    ruling = rule(some)
    assert ruling.fault is not None
    assert ruling.refusal is None
