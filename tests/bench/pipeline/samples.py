"""Figures of made-up runners."""

from __future__ import annotations

from typing import Any

from livecam.bench.pipeline.figures import STAGES, CameraFigures

FIGURES: dict[str, Any] = {
    "source": "demo scene",
    "width": 1280,
    "height": 720,
    "source_fps": 30.0,
    "displayed": 300,
    "fps": 30.0,
    "capture_to_display": {"p50": 0.004, "p90": 0.008, "p95": 0.009, "p99": 0.012, "max": 0.02},
    "longest_gap": 0.04,
    "dropped": {},
    "cpu_ms": dict.fromkeys(STAGES, 1.0),
    "cores": 0.27,
}


def a_camera(**changes: Any) -> CameraFigures:  # noqa: ANN401  fields
    return CameraFigures(**FIGURES | changes)
