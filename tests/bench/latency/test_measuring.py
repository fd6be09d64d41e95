from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from livecam.bench.latency.open_loop import Ending
from livecam.errors import CloudError, SourceFailed
from tests.bench.latency.stand_ins import (
    EXPIRED,
    THROTTLED,
    UNREACHED,
    FakeDetector,
    a_condition,
    a_measurement,
    pictures,
)

if TYPE_CHECKING:
    from livecam.bench.latency.measuring import Progress
    from livecam.detections import Detection
    from livecam.frames import Frame

TWO_REGIONS = (a_condition(region="us-east-1"), a_condition(region="eu-west-1"))


def test_every_planned_call_is_a_sample_in_the_order_in_which_it_was_due() -> None:
    seen: list[Progress] = []
    outcome = a_measurement(FakeDetector(), FakeDetector(), on_progress=seen.append).run()
    assert Counter(each.phase for each in outcome.samples) == {"cold": 1, "warm-up": 2, "measured": 8}
    due = [each.due_at for each in outcome.samples]
    assert due == sorted(due)
    assert all(each.began_at >= each.due_at and each.ended_at >= each.began_at for each in outcome.samples)
    assert outcome.ended == "complete"
    assert outcome.cost_usd == pytest.approx(0.011)
    assert [(each.region, each.in_flight, each.creation) for each in outcome.clients] == [
        ("us-east-1", 2, 0.25)
    ]
    assert (seen[-1].done, seen[-1].planned) == (11, 11)


def test_blocks_of_a_single_condition_go_on_without_a_pause() -> None:
    outcome = a_measurement(FakeDetector(), calls=12).run()
    measured = [each for each in outcome.samples if each.phase == "measured"]
    assert len({each.block for each in measured}) > 1
    gaps = [later.due_at - earlier.due_at for earlier, later in pairwise(measured)]
    assert gaps == pytest.approx([0.001] * 11)


def test_conditions_have_the_same_pictures_in_turn() -> None:
    outcome = a_measurement(FakeDetector(), FakeDetector()).run()
    for condition in (0, 1):
        measured = [
            each for each in outcome.samples if each.phase == "measured" and each.condition == condition
        ]
        assert [each.picture for each in measured] == [0, 1, 2, 0]


def test_an_answer_is_kept_with_all_that_is_known_of_it() -> None:
    sample = a_measurement(FakeDetector()).run().samples[-1]
    assert (sample.outcome, sample.bytes_sent, sample.request_id) == ("ok", 9, "r")
    assert dict(sample.parts) == {"wait": 0.1}
    assert sample.sent_at == pytest.approx(sample.due_at)
    assert sample.captured_at is None
    assert sample.faces is not None
    assert sample.faces[0].width == pytest.approx(0.2)


def test_errors_are_results_and_a_refused_call_costs_nothing() -> None:
    outcome = a_measurement(FakeDetector(lambda number: THROTTLED if number > 2 else None)).run()
    assert Counter(each.outcome for each in outcome.samples) == {"ok": 2, "ThrottlingException": 4}
    assert outcome.samples[-1].message == "fewer calls"
    assert outcome.ended == "complete"
    assert outcome.cost_usd == pytest.approx(0.002)


def test_a_lasting_fault_of_the_user_ends_the_run_and_keeps_what_was_measured() -> None:
    detector = FakeDetector(lambda number: EXPIRED if number > 3 else None)
    outcome = a_measurement(detector, calls=40).run()
    assert outcome.ended == "the session has expired"
    assert sum(each.is_ok for each in outcome.samples) == 3
    assert len(detector.frames) <= 5  # both that were in flight


def test_nothing_more_is_sent_when_the_first_call_of_every_region_is_refused() -> None:
    detectors = FakeDetector(lambda _: EXPIRED), FakeDetector(lambda _: EXPIRED)
    outcome = a_measurement(*detectors, conditions=TWO_REGIONS).run()
    assert [len(each.frames) for each in detectors] == [1, 1]
    assert [each.warmed for each in detectors] == [0, 0]
    assert outcome.ended == "the session has expired"


def test_a_region_that_is_not_reached_is_given_up_and_others_go_on() -> None:
    detectors = FakeDetector(lambda _: UNREACHED), FakeDetector()
    seen: list[Progress] = []
    outcome = a_measurement(*detectors, conditions=TWO_REGIONS, on_progress=seen.append).run()
    assert len(detectors[0].frames) == 3
    assert len(detectors[1].frames) == 6
    assert outcome.ended == "us-east-1 given up: it cannot be reached"
    assert seen[-1].done == seen[-1].planned


@pytest.mark.parametrize("code", ["EndpointConnectionError", "ConnectionError", "ProxyConnectionError"])
def test_calls_that_reached_nothing_are_made_again_and_cost_nothing(code: str) -> None:
    error = CloudError("it cannot be reached", code=code, blame="network")
    outcome = a_measurement(FakeDetector(lambda number: error if number < 3 else None)).run()
    assert len(outcome.samples) == 8  # two more than planned
    assert outcome.cost_usd == pytest.approx(0.006)


def test_a_client_that_cannot_be_made_gives_its_region_up() -> None:
    def make_client(_: int) -> float:
        raise CloudError("no credentials", code="NoCredentialsError", blame="user", is_lasting=True)

    detector = FakeDetector()
    outcome = a_measurement(detector, make_client=make_client).run()
    assert (outcome.samples, outcome.ended, detector.frames) == ((), "no credentials", [])


def test_a_call_that_takes_too_long_is_broken_off() -> None:
    detector = FakeDetector(hangs=True)
    outcome = a_measurement(detector, deadline=0.01).run()
    assert {each.outcome for each in outcome.samples} == {"DeadlineExceeded"}
    assert outcome.samples[0].message == "no answer within 0.01 s"
    assert outcome.cost_usd > 0


def test_what_is_interrupted_keeps_its_samples_and_ends_the_calls_under_way() -> None:
    ending = Ending()
    hanging = FakeDetector(hangs=True)

    class Detector(FakeDetector):
        def detect(self, frame: Frame) -> Detection:
            if len(self.frames) < 2:
                return super().detect(frame)
            hanging.frames.append(frame)
            ending.end("interrupted")
            return hanging.detect(frame)

        def abort(self, frame: Frame) -> None:
            hanging.abort(frame)

    outcome = a_measurement(Detector(), ending=ending).run()
    assert outcome.ended == "interrupted"
    assert [each.outcome for each in outcome.samples] == ["ok", "ok"]
    assert all(each.is_set() for each in hanging.aborted.values())
    assert outcome.cost_usd >= 0.003  # what was under way may be charged


def test_a_source_that_ends_ends_the_run() -> None:
    class Ended:
        shown = pictures().shown

        def frame(self, call: int, number: int, due_at: float) -> tuple[Frame, int]:
            if call > 2:
                raise SourceFailed("camera 0 has ended")
            return pictures().frame(call, number, due_at)

    outcome = a_measurement(FakeDetector(), pictures=Ended()).run()
    assert (outcome.ended, len(outcome.samples)) == ("camera 0 has ended", 2)


def test_a_live_frame_is_as_old_as_its_capture() -> None:
    class Live:
        shown = pictures().shown

        def frame(self, call: int, number: int, due_at: float) -> tuple[Frame, int]:
            return pictures().frame(call, number, due_at - 0.02)

    sample = a_measurement(FakeDetector(), pictures=Live()).run().samples[0]
    assert sample.captured_at == pytest.approx(sample.due_at - 0.02)
    assert sample.frame_age == pytest.approx(0.0)
