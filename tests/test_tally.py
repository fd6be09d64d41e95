from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from livecam.call_tally import LATENCY_WINDOW, RATE_WINDOW, TROUBLE_SHOWN_FOR
from livecam.cost_tally import CostTally, Price
from livecam.errors import DeadlineExceeded
from livecam.events import (
    BudgetReached,
    CircuitClosed,
    CircuitOpened,
    ClipEnded,
    ClipStarted,
    DetectionCompleted,
    DetectionFailed,
    DetectionPaused,
    DetectorUnavailable,
    FrameChosen,
    FrameDropped,
    FramesPassedOver,
    OutputFailed,
    PaceChanged,
    RecordingRecovered,
    RecordingTroubled,
    SourceEnded,
    SourceOpened,
    SourceRecovered,
    SourceTroubled,
)
from livecam.frames import SourceInfo
from livecam.pictures import FaceLabel, Picture, Status
from livecam.tally import Tally
from tests.builders import a_frame, a_label, a_picture, an_answer

PERCENTILES = {"p50", "p90", "p95", "p99", "max", "count"}
INFO = SourceInfo(source="test", description="camera 0", width=640, height=480, fps=30.0, notice="synthetic")


def a_tally() -> Tally:
    return Tally(detector="scripted")


def completed(
    sequence: int = 0, *, at: float = 100.0, latency: float = 0.3, timing: dict[str, float] | None = None
) -> DetectionCompleted:
    return DetectionCompleted(
        at=at,
        source="test",
        frame=sequence,
        detector="scripted",
        faces=1,
        captured_at=at - latency - 0.02,
        requested_at=at - latency,
        responded_at=at,
        timing=timing or {},
    )


def failed(error: str = "DeadlineExceeded", *, at: float = 100.0) -> DetectionFailed:
    return DetectionFailed(
        at=at, source="test", frame=0, detector="scripted", error=error, message="no answer within 3 s"
    )


def dropped(sequence: int = 0, *, reason: str = "picture path busy") -> FrameDropped:
    return FrameDropped(at=100.0, source="test", frame=sequence, reason=reason)


def shown(sequence: int, *labels: FaceLabel, at: float) -> Picture:
    picture = a_picture(a_frame(sequence), *labels)
    return dataclasses.replace(picture, displayed_at=at)


def test_the_summary_has_exactly_the_keys_that_were_promised() -> None:
    tally = a_tally()
    tally(completed(timing={"wait": 0.2}))
    summary = tally.summary()
    assert set(summary) == {
        "schema",
        "frames",
        "source",
        "display_fps",
        "calls",
        "latency",
        "timing",
        "cold",
        "frame_age",
        "selection",
        "capture_to_label",
        "label_age",
        "tracks",
        "cost_usd",
        "cost",
        "clips",
        "recording",
        "uploads",
        "jobs",
        "analysis",
    }
    assert summary["schema"] == "livecam.run/1"
    assert set(summary["frames"]) == {"captured", "displayed", "dropped"}
    assert set(summary["calls"]) == {"ok", "failed", "stood_in", "rate"}
    for key in ("latency", "cold", "frame_age", "capture_to_label", "label_age"):
        assert set(summary[key]) == PERCENTILES
    assert {part: set(figures) for part, figures in summary["timing"].items()} == {"wait": {"p50", "p95"}}


def test_the_summary_of_nothing_is_json_too() -> None:
    summary = a_tally().summary()
    assert json.loads(json.dumps(summary)) == summary
    assert summary["frames"] == {"captured": 0, "displayed": 0, "dropped": {}}
    assert summary["display_fps"] is None
    assert summary["calls"] == {"ok": 0, "failed": {}, "stood_in": {}, "rate": None}
    assert summary["latency"] == dict.fromkeys(PERCENTILES - {"count"}) | {"count": 0}


def test_frames_are_counted_with_the_reasons_for_which_they_were_dropped() -> None:
    tally = a_tally()
    for sequence in range(3):
        tally.displayed(shown(sequence, at=100 + sequence), [], 0)
    tally(dropped(3))
    tally(dropped(4))
    tally(dropped(2, reason="output busy"))
    tally(SourceEnded(at=105.0, source="test", reason="end of file", captured=5))
    assert tally.summary()["frames"] == {
        "captured": 5,
        "displayed": 3,
        "dropped": {"picture path busy": 2, "output busy": 1},
    }


def test_what_went_wrong_is_counted_by_reason() -> None:
    tally = Tally(detector="on-device")
    tally(FrameDropped(at=1.0, source="s", frame=1, reason="output busy"))
    tally(DetectionFailed(at=1.0, source="s", frame=1, detector="d", error="E", message="no"))
    assert tally.counts() == {"dropped": {"output busy": 1}, "failed": {"E": 1}}


def test_before_the_end_captured_is_what_was_displayed_and_dropped_before_display() -> None:
    tally = a_tally()
    tally.displayed(shown(0, at=100.0), [], 0)
    tally(dropped(1))
    tally(dropped(0, reason="output busy"))  # displayed, but not written
    assert tally.summary()["frames"]["captured"] == 2


def test_the_display_rate_is_intervals_over_the_time_that_they_span() -> None:
    tally = a_tally()
    for sequence in range(31):
        tally.displayed(shown(sequence, at=100 + sequence / 30), [], 0)
    assert tally.summary()["display_fps"] == pytest.approx(30.0)


def test_calls_are_counted_with_their_rate_and_failures_by_name() -> None:
    tally = a_tally()
    for step in range(5):
        tally(completed(step, at=100 + step / 2))
    tally(failed())
    tally(failed("ThrottlingException"))
    tally(failed("ThrottlingException"))
    calls = tally.summary()["calls"]
    assert calls["ok"] == 5
    assert calls["rate"] == pytest.approx(2.0)
    assert calls["failed"] == {DeadlineExceeded.__name__: 1, "ThrottlingException": 2}


def test_latency_is_from_the_request_to_the_answer() -> None:
    tally = a_tally()
    for step in range(101):
        tally(completed(step, at=100 + step, latency=0.2 + step / 100))
    latency = tally.summary()["latency"]
    assert latency["count"] == 101
    assert latency["p50"] == pytest.approx(0.7)
    assert latency["p90"] == pytest.approx(1.1)
    assert latency["p95"] == pytest.approx(1.15)
    assert latency["p99"] == pytest.approx(1.19)
    assert latency["max"] == pytest.approx(1.2)


def test_the_parts_of_calls_are_told_one_by_one() -> None:
    tally = a_tally()
    for step in range(11):
        tally(completed(timing={"send": 0.01, "wait": step / 10}))
    assert tally.summary()["timing"] == {
        "send": {"p50": pytest.approx(0.01), "p95": pytest.approx(0.01)},
        "wait": {"p50": pytest.approx(0.5), "p95": pytest.approx(0.95)},
    }


def test_capture_to_label_ends_with_the_first_picture_that_shows_the_answer() -> None:
    tally = a_tally()
    tally.displayed(shown(0, at=100.0), [], 0)
    tally.displayed(shown(9, at=100.45), [an_answer(at=100.0), an_answer(at=100.1)], 1)
    tally.displayed(shown(10, at=100.5), [], 1)
    figures = tally.summary()["capture_to_label"]
    assert figures["count"] == 2
    assert figures["p50"] == pytest.approx(0.4)
    assert figures["max"] == pytest.approx(0.45)


def test_the_age_of_every_answered_label_on_every_picture_counts() -> None:
    tally = a_tally()
    unanswered = dataclasses.replace(a_label(3), emotion_source=None, age=None)
    only_found = dataclasses.replace(a_label(4), emotion_source=None, age=0.9)
    tally.displayed(shown(0, a_label(1, age=0.1), a_label(2, age=0.3), at=100.0), [], 2)
    tally.displayed(shown(1, a_label(1, age=0.2), unanswered, only_found, at=100.1), [], 4)
    figures = tally.summary()["label_age"]
    assert figures["count"] == 3
    assert figures["p50"] == pytest.approx(0.2)
    assert figures["max"] == pytest.approx(0.3)


def test_tracks_are_as_many_as_were_told_last() -> None:
    tally = a_tally()
    tally.displayed(shown(0, at=100.0), [], 1)
    tally.displayed(shown(1, at=100.1), [], 4)
    assert tally.summary()["tracks"] == 4


def test_before_anything_happened_the_status_says_so() -> None:
    assert Tally(detector="on-device, approximate").status(100.0) == Status(
        source="", source_state="opening", detector="on-device, approximate"
    )


def test_the_status_says_what_the_source_granted_and_when_it_ended() -> None:
    tally = a_tally()
    tally.opened(INFO)
    status = tally.status(100.0)
    assert (status.source, status.source_state, status.notice) == ("camera 0 640x480", "live", "synthetic")
    tally(SourceEnded(at=101.0, source="test", reason="end of file", captured=5))
    assert tally.status(101.0).source_state == "ended"


def test_the_status_has_the_figures_of_the_last_seconds() -> None:
    tally = a_tally()
    for step in range(90):
        tally.displayed(shown(step, at=100 + step / 30), [], 0)
    for step in range(6):
        tally(completed(step, at=100 + step / 2, latency=0.2 + step / 10))
    tally(failed(at=102.5))
    tally(dropped())
    tally(dropped(reason="output busy"))
    status = tally.status(103.0)
    assert status.display_fps == pytest.approx(30.0)
    assert status.call_rate == pytest.approx(2.0)
    assert status.latency_p50 == pytest.approx(0.45)
    assert status.latency_p95 == pytest.approx(0.675)
    assert (status.calls, status.failed, status.dropped) == (6, 1, 2)


def test_the_status_forgets_rates_and_latencies_but_not_counts() -> None:
    tally = a_tally()
    for step in range(3):
        tally.displayed(shown(step, at=100 + step), [], 0)
        tally(completed(step, at=100.0 + step))
    status = tally.status(102 + max(RATE_WINDOW, LATENCY_WINDOW) + 1)
    assert (status.display_fps, status.call_rate, status.latency_p50) == (None, None, None)
    assert status.calls == 3
    assert tally.summary()["latency"]["count"] == 3


def test_trouble_is_shown_for_a_while_and_then_gone() -> None:
    tally = a_tally()
    assert tally.status(100.0).trouble is None
    tally(failed(at=100.0))
    assert tally.status(100.0).trouble == "scripted: no answer within 3 s"
    assert tally.status(100.0 + TROUBLE_SHOWN_FOR).trouble is not None
    assert tally.status(100.1 + TROUBLE_SHOWN_FOR).trouble is None


@pytest.mark.parametrize(
    "event",
    [
        OutputFailed(at=100.0, source="test", output="trace.jsonl", message="disk full"),
        DetectorUnavailable(at=100.0, source="", detector="on-device", error="E", message="disk full"),
    ],
)
def test_what_stays_broken_is_shown_to_the_end(event: OutputFailed | DetectorUnavailable) -> None:
    tally = a_tally()
    tally(event)
    assert tally.status(1_000_000.0).trouble == "disk full"


def test_an_opening_counts_nothing() -> None:
    tally = a_tally()
    before = tally.summary()
    tally(SourceOpened(at=1.0, source="test", description="c", width=1, height=1, fps=None))
    assert tally.summary() == before


def test_nothing_is_lost_when_several_threads_tell_at_once() -> None:
    tally = a_tally()

    def tell(thread: int) -> None:
        for step in range(500):
            tally(completed(step, at=100.0 + step))
            tally(failed(f"Error{thread % 2}"))
            tally(dropped())
            tally.displayed(shown(step, a_label(), at=100.0 + step), [an_answer()], 1)
            tally.status(100.0 + step)

    with ThreadPoolExecutor(4) as pool:
        for telling in [pool.submit(tell, thread) for thread in range(4)]:
            telling.result(60)
    summary = tally.summary()
    assert summary["calls"]["ok"] == 2000
    assert summary["calls"]["failed"] == {"Error0": 1000, "Error1": 1000}
    assert summary["frames"]["dropped"] == {"picture path busy": 2000}
    assert summary["frames"]["displayed"] == 2000
    assert summary["label_age"]["count"] == summary["capture_to_label"]["count"] == 2000


def test_what_has_a_known_end_is_playing() -> None:
    tally = a_tally()
    tally.opened(dataclasses.replace(INFO, duration=10.0))
    assert tally.status(100.0).source_state == "playing"


def test_a_lost_output_is_told_to_the_end_a_failed_call_only_for_a_while() -> None:
    tally = a_tally()
    tally(OutputFailed(at=100.0, source="test", output="o.mp4", message="disk full"))
    tally(DetectionFailed(at=101.0, source="test", frame=1, detector="scripted", error="E", message="no"))
    assert tally.status(102.0).trouble == "scripted: no"
    assert tally.status(1000.0).trouble == "disk full"


def troubled(trouble: str, message: str, *, at: float = 100.0) -> SourceTroubled:
    return SourceTroubled(at=at, source="test", trouble=trouble, message=message)


def test_trouble_of_the_source_is_on_the_hud_until_it_ends() -> None:
    tally = a_tally()
    tally.opened(INFO)
    tally(troubled("stalled", "camera 0 sends no picture"))
    status = tally.status(500.0)
    assert (status.source_state, status.trouble) == ("stalled", "camera 0 sends no picture")
    tally(troubled("stalled", "there is no camera 0; trying again"))
    assert tally.status(500.0).trouble == "there is no camera 0; trying again"
    tally(SourceRecovered(at=512.0, source="test", trouble="stalled", lasted=12.0))
    status = tally.status(512.0)
    assert (status.source_state, status.trouble) == ("live", None)


def test_the_summary_tells_what_was_wrong_with_the_source_and_for_how_long() -> None:
    tally = a_tally()
    tally.opened(INFO)
    tally(troubled("stalled", "camera 0 sends no picture"))
    tally(troubled("stalled", "there is no camera 0; trying again"))
    tally(SourceRecovered(at=112.0, source="test", trouble="stalled", lasted=12.0))
    tally(troubled("black", "camera 0 shows black"))
    source = tally.summary()["source"]
    assert source["times"] == {"stalled": 1, "black": 1}
    assert source["trouble"] == "camera 0 shows black"
    assert source["troubles"] == [
        {"trouble": "stalled", "message": "camera 0 sends no picture", "lasted": 12.0},
        {"trouble": "black", "message": "camera 0 shows black", "lasted": None},
    ]
    assert json.loads(json.dumps(source)) == source


def test_a_run_that_ended_is_ended_whatever_was_wrong() -> None:
    tally = a_tally()
    tally.opened(INFO)
    tally(troubled("lost", "camera 0 was unplugged"))
    tally(SourceEnded(at=105.0, source="test", reason="closed by user", captured=5))
    assert tally.status(105.0).source_state == "ended"


def test_the_hud_says_that_sending_is_paused() -> None:
    tally = a_tally()
    tally(DetectionPaused(at=100.0, source="test", is_paused=True))
    assert tally.status(100.0).is_paused
    tally(DetectionPaused(at=101.0, source="test", is_paused=False))
    assert not tally.status(101.0).is_paused


def test_a_call_that_paid_for_a_connection_counts_apart() -> None:
    tally = a_tally()
    tally(dataclasses.replace(completed(latency=0.9), is_cold=True))
    tally(completed(latency=0.3))
    summary = tally.summary()
    assert (summary["latency"]["count"], summary["latency"]["max"]) == (1, pytest.approx(0.3))
    assert (summary["cold"]["count"], summary["cold"]["max"]) == (1, pytest.approx(0.9))
    assert summary["calls"]["ok"] == 2


def test_the_age_of_the_frame_that_was_sent_is_told() -> None:
    tally = a_tally()
    tally(dataclasses.replace(completed(), frame_age=0.012))
    tally(completed())
    assert tally.summary()["frame_age"] == dict.fromkeys(PERCENTILES - {"count"}, 0.012) | {"count": 1}


def test_the_hud_splits_the_calls_of_the_last_minute() -> None:
    tally = a_tally()
    tally(completed(at=100.0, timing={"send": 0.02, "wait": 0.3}))
    tally(completed(at=101.0, timing={"send": 0.04, "wait": 0.3}))
    assert dict(tally.status(101.0).timing) == {"send": pytest.approx(0.03), "wait": pytest.approx(0.3)}
    assert tally.status(101.0 + 2 * LATENCY_WINDOW).timing == ()


def test_an_open_circuit_is_told_until_it_closes() -> None:
    tally = a_tally()
    tally(
        CircuitOpened(
            at=100.0, source="s", detector="d", error="E", message="run: aws sso login", retry_in=5.0
        )
    )
    assert tally.status(900.0).trouble == "run: aws sso login"
    tally(CircuitClosed(at=901.0, source="s", detector="d", lasted=801.0))
    assert tally.status(901.0).trouble is None


def test_a_pace_that_was_lowered_is_told_until_it_is_what_was_asked_for() -> None:
    tally = a_tally()
    assert tally.status(100.0).pace is None
    tally(PaceChanged(at=100.0, source="s", rate=1.4, reason="throttled"))
    tally(PaceChanged(at=101.0, source="s", rate=1.6, reason="recovering"))
    assert tally.status(101.0).pace == 1.6
    tally(PaceChanged(at=109.0, source="s", rate=5.0, reason="recovered"))
    assert tally.status(109.0).pace is None


def test_what_a_paid_detector_costs_is_not_said_to_be_nothing() -> None:
    assert a_tally().summary()["cost_usd"] == 0.0
    assert Tally(detector="rekognition", is_paid=True).summary()["cost_usd"] is None


def test_what_paid_calls_cost_is_on_the_hud_and_in_the_summary() -> None:
    tally = Tally(detector="rekognition", cost=CostTally(Price(0.001, "2026-10-07", "list price")))
    tally.displayed(shown(0, at=100.0), [], 0)
    for second in range(10):
        tally(dataclasses.replace(completed(second, at=101.0 + second), cost_usd=0.001))
    status = tally.status(110.0)
    assert status.cost_usd == 0.01
    assert status.cost_per_hour == pytest.approx(3.6)
    tally.displayed(shown(1, at=110.0), [], 0)
    summary = tally.summary()
    assert summary["cost_usd"] == 0.01
    assert summary["cost"]["calls"] == 10
    assert summary["cost"]["per_hour_usd"] == pytest.approx(3.6)


def test_a_spent_budget_is_a_trouble_and_another_detector_stands_in() -> None:
    tally = Tally(detector="scripted", name="scripted", cost=CostTally(Price(0.001, "2026-10-07", "list")))
    tally(BudgetReached(at=100.0, source="s", budget="run", share=0.8, spent_usd=0.4, budget_usd=0.5))
    assert tally.status(100.0).trouble is None
    tally(BudgetReached(at=100.0, source="s", budget="run", share=1.0, spent_usd=0.5, budget_usd=0.5))
    tally(dataclasses.replace(completed(), detector="on-device"))
    status = tally.status(100.0)
    assert status.trouble == "budget of $0.50 spent: no more paid calls"
    assert status.stand_in == "on-device"
    tally(dataclasses.replace(completed(), cost_usd=0.001))
    assert tally.status(100.0).trouble is None


def test_why_frames_were_sent_and_why_not_is_counted() -> None:
    tally = Tally(detector="scripted")
    tally(FrameChosen(at=1.0, source="cam", frame=1, reason="changed"))
    tally(FrameChosen(at=1.0, source="cam", frame=9, reason="changed"))
    tally(FramesPassedOver(at=1.0, source="cam", reason="unchanged", frames=7))
    assert tally.summary()["selection"] == {"chosen": {"changed": 2}, "passed_over": {"unchanged": 7}}


def test_the_status_tells_for_how_long_the_present_clip_has_been_recorded() -> None:
    tally = a_tally()
    tally(ClipStarted(at=100.0, source="test", clip="c", file="c.mp4", reason="all", pre_roll=5.0))
    assert tally.status(110.0).recording == pytest.approx(15.0)
    tally(ClipEnded(at=112.0, source="test", clip="c"))
    assert tally.status(113.0).recording is None
    assert [clip["id"] for clip in tally.summary()["clips"]] == ["c"]


def test_recording_that_has_stopped_is_told_and_is_a_lost_output_until_it_goes_on() -> None:
    tally = a_tally()
    tally(OutputFailed(at=99.0, source="test", output="o.mp4", message="o.mp4 cannot be written"))
    tally(RecordingTroubled(at=100.0, source="test", has_stopped=True, message="the disk is full"))
    assert tally.status(1000.0).trouble == "the disk is full"
    assert tally.lost_outputs == 2
    tally(troubled("lost", "camera 0 was unplugged"))
    assert tally.status(1000.0).trouble == "camera 0 was unplugged"
    tally(SourceRecovered(at=101.0, source="test", trouble="lost", lasted=1.0))
    tally(RecordingRecovered(at=102.0, source="test", lasted=2.0))
    assert tally.status(1000.0).trouble == "o.mp4 cannot be written"
    assert tally.lost_outputs == 1


def test_the_detector_that_the_user_has_chosen_is_told_before_it_has_answered() -> None:
    chosen: list[str] = []
    tally = Tally(detector="rekognition", name="rekognition", stand_in=lambda: next(iter(chosen), None))
    assert tally.status(100.0).stand_in is None
    chosen.append("on-device")
    assert tally.status(100.0).stand_in == "on-device"


def test_a_trouble_that_became_another_one_is_over() -> None:
    tally = a_tally()
    tally(SourceTroubled(at=100.0, source="test", trouble="stalled", message="no picture"))
    tally(SourceTroubled(at=102.5, source="test", trouble="lost", message="unplugged"))
    tally(SourceRecovered(at=110.0, source="test", trouble="lost", lasted=7.5))
    assert [each["lasted"] for each in tally.summary()["source"]["troubles"]] == [2.5, 7.5]
