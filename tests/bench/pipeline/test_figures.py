from __future__ import annotations

import json

import pytest

from livecam.bench.pipeline.figures import STAGES, CameraFigures, Round, Snapshot, figures_of, most_carried
from livecam.frames import SourceInfo
from tests.bench.pipeline.samples import a_camera

INFO = SourceInfo(source="demo", description="demo scene", width=64, height=48, fps=10.0)


def test_a_rate_an_age_and_a_gap_come_from_the_instants() -> None:
    shown = [(0.0, 0.01), (0.1, 0.11), (0.2, 0.23), (0.3, 0.31)]
    snapshots = [Snapshot(0.01, 1, 1.0, {}), Snapshot(0.31, 4, 1.3, {})]
    figures = figures_of(INFO, shown, snapshots, {"picture path busy": 2})
    assert figures is not None
    assert figures.fps == pytest.approx(10.0)
    assert figures.capture_to_display["p50"] == pytest.approx(0.01)
    assert figures.capture_to_display["max"] == pytest.approx(0.03)
    assert figures.longest_gap == pytest.approx(0.12)
    assert figures.cores == pytest.approx(1.0)
    assert figures.dropped == {"picture path busy": 2}


def test_cpu_is_per_displayed_frame_between_the_snapshots_and_sums_to_the_process() -> None:
    snapshots = [
        Snapshot(1.0, 10, 5.0, {"draw": 1.0, "finder": 2.0}),
        Snapshot(2.0, 20, 5.5, {"draw": 1.1, "finder": 2.2, "record": 0.05}),
    ]
    figures = figures_of(INFO, [(0.0, 0.1), (1.0, 1.1)], snapshots, {})
    assert figures is not None
    assert figures.cpu_ms["draw"] == pytest.approx(10.0)
    assert figures.cpu_ms["finder"] == pytest.approx(20.0)
    assert figures.cpu_ms["record"] == pytest.approx(5.0)
    assert figures.cpu_ms["other"] == pytest.approx(15.0)
    assert figures.cpu_ms_total == pytest.approx(50.0)
    assert tuple(figures.cpu_ms) == STAGES


def test_too_little_tells_nothing() -> None:
    snapshot = Snapshot(0.0, 1, 0.0, {})
    assert figures_of(INFO, [(0.0, 0.1)], [snapshot, snapshot], {}) is None
    assert figures_of(INFO, [(0.0, 0.1), (0.1, 0.2)], [snapshot], {}) is None


def test_a_camera_is_carried_when_29_of_30_frames_are_displayed() -> None:
    assert a_camera(fps=29.0).is_carried
    assert not a_camera(fps=28.9).is_carried
    assert a_camera(fps=24.2, source_fps=25.0).is_carried


def test_a_round_is_as_good_as_its_worst_runner() -> None:
    late = {"p50": 0.1, "p90": 0.1, "p95": 0.1, "p99": 0.1, "max": None}
    both = Round((a_camera(), a_camera(fps=20.0, capture_to_display=late, cores=0.5)))
    assert (both.runners, both.is_carried, both.worst_fps) == (2, False, 20.0)
    assert (both.worst_age("p50"), both.worst_age("max")) == (0.1, 0.02)
    assert both.cores == pytest.approx(0.77)
    assert both.mean_cpu_ms("draw") == pytest.approx(1.0)


def test_the_most_that_were_carried_are_told() -> None:
    good, bad = a_camera(), a_camera(fps=11.0)
    assert most_carried([Round((good,)), Round((good, good)), Round((good, bad, good))]) == 2
    assert most_carried([Round((bad,))]) is None
    assert most_carried([Round((good, bad)), Round((good, good, good)), Round((good,))]) == 1  # 3 were luck


def test_figures_survive_json() -> None:
    assert CameraFigures.from_json(json.loads(json.dumps(a_camera().as_json()))) == a_camera()
