from __future__ import annotations

from dataclasses import replace

from livecam.dashboard.metrics import Metrics
from livecam.events import DetectionCompleted, DetectionFailed, FrameDropped
from tests.builders import a_label, a_picture


def lines_of(metrics: Metrics, **status: object) -> list[str]:
    picture = a_picture(None, a_label())
    picture = replace(picture, status=replace(picture.status, **status))  # type: ignore[arg-type]
    return metrics.exposition(picture, 3).decode().splitlines()


def test_what_happened_is_counted() -> None:
    metrics = Metrics()
    completed = DetectionCompleted(
        at=1.0, source="t", frame=1, detector="rekognition", faces=1, captured_at=0.0, requested_at=0.1,
        responded_at=0.45, cost_usd=0.001,
    )  # fmt: skip
    metrics(completed)
    metrics(completed)
    metrics(DetectionFailed(at=1.0, source="t", frame=2, detector="rekognition", error="X", message="no"))
    metrics(FrameDropped(at=1.0, source="t", frame=3, reason="output busy"))
    metrics.displayed()
    lines = lines_of(metrics)
    assert 'livecam_calls_total{detector="rekognition",result="ok"} 2.0' in lines
    assert 'livecam_calls_total{detector="rekognition",result="failed"} 1.0' in lines
    assert 'livecam_call_latency_seconds_bucket{detector="rekognition",le="0.4"} 2.0' in lines
    assert 'livecam_frames_dropped_total{reason="output busy"} 1.0' in lines
    assert "livecam_frames_displayed_total 1.0" in lines
    assert "livecam_cost_usd_total 0.002" in lines


def test_the_present_state_is_told() -> None:
    lines = lines_of(Metrics(), display_fps=29.5, budget_usd=0.5)
    assert "livecam_display_fps 29.5" in lines
    assert "livecam_viewers 3.0" in lines
    assert any(line.startswith("livecam_memory_in_use_bytes ") for line in lines)
    assert "livecam_faces 1.0" in lines
    assert "livecam_budget_left_usd 0.5" in lines
    assert "livecam_source_live 1.0" in lines
    assert "livecam_source_live 0.0" in lines_of(Metrics(), source_state="lost")


def test_two_runs_in_one_process_are_counted_apart() -> None:
    one, other = Metrics(), Metrics()
    one.displayed()
    assert "livecam_frames_displayed_total 0.0" in lines_of(other)


def test_before_the_first_picture_there_is_an_answer_too() -> None:
    assert b"livecam_viewers 0.0" in Metrics().exposition(None, 0)
