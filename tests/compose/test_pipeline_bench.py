from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam.bench.pipeline.request import Request
from livecam.clock import SystemClock
from livecam.compose import pipeline_bench
from livecam.compose.pipeline_bench import answer, composed, machine, measured
from livecam.errors import LivecamError, UsageError
from livecam.native import cv2
from livecam.sinks.clip_recorder import ClipRecorder
from tests.bench.pipeline.samples import FIGURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL = Request(size=(320, 180), duration=2.0, runners=(1,))


def begin(name: str) -> Callable[[int, int], None]:
    return lambda done, total: None


def let_workers(monkeypatch: pytest.MonkeyPatch, *said: dict[str, Any], then: str = "") -> None:
    """Let the processes say this, in turn with what they are told, in place of a run."""
    lines = "".join(f"sys.stdin.readline(); print({json.dumps(each)!r}, flush=True)\n" for each in said)
    monkeypatch.setattr(pipeline_bench, "WORKER", f"import sys, time\n{lines}{then}")


def test_the_run_is_a_real_one_and_watched(tmp_path: Path) -> None:
    bench = composed(SMALL, tmp_path, SystemClock())
    runner = bench.run.runner
    assert bench.watch in runner.sinks.sinks
    assert runner.detection is not None
    assert runner.selector is not None
    assert bench.run.window is None
    assert runner.duration == pytest.approx(4.0)
    assert bench.figures() is None


def test_the_users_own_settings_have_no_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = tmp_path / "trace.jsonl"
    monkeypatch.setenv("LIVECAM_TRACE", str(trace))
    (tmp_path / "livecam.toml").write_text('upload = "s3://bucket/clips"\nrecord = "all"\n', encoding="utf-8")
    composed(SMALL, tmp_path / "clips", SystemClock())
    assert not trace.exists()
    assert not (tmp_path / "clips").exists()


def test_recording_records(tmp_path: Path) -> None:
    bench = composed(Request(size=(320, 180), record=True), tmp_path / "clips", SystemClock())
    assert any(isinstance(sink, ClipRecorder) for sink in bench.run.runner.sinks.sinks)
    assert (tmp_path / "clips").is_dir()


def test_a_process_runs_and_tells_what_it_was_like() -> None:
    (found,) = measured(SMALL, begin)
    (camera,) = found.cameras
    assert (camera.width, camera.height, camera.source_fps) == (320, 180, 30.0)
    assert camera.displayed > 1
    assert camera.fps > 0
    assert camera.cpu_ms["draw"] > 0
    assert camera.cpu_ms["follow"] > 0
    assert camera.cpu_ms_total > 0


def test_several_processes_answer_for_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    let_workers(monkeypatch, {"ready": True}, {"figures": FIGURES})
    told: list[tuple[int, int]] = []
    rounds = measured(Request(runners=(1, 3)), lambda _: lambda done, total: told.append((done, total)))
    assert [each.runners for each in rounds] == [1, 3]
    assert told[-1] == (12, 12)


def test_a_process_that_has_answered_may_go_while_others_are_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.dumps({"figures": FIGURES})
    slow_but_for_the_first = f"""
try:
    os.mkdir({str(tmp_path / "first")!r})
except OSError:
    time.sleep(0.5)
sys.stdin.readline(); print({told!r}, flush=True)
"""
    let_workers(monkeypatch, {"ready": True}, then=f"import os\n{slow_but_for_the_first}")
    (found,) = measured(Request(runners=(2,)), begin)
    assert found.runners == 2


@pytest.mark.parametrize(
    ("said", "error", "match"),
    [
        (
            [{"ready": True}, {"error": "no such file: a.mp4", "is_usage": False}],
            LivecamError,
            "no such file",
        ),
        ([{"error": "--view window: no display", "is_usage": True}], UsageError, "no display"),
        ([{"ready": True}, {"figures": None}], LivecamError, "showed too few pictures"),
        ([{"ready": True}], LivecamError, "ended by itself"),
    ],
)
def test_what_went_wrong_in_a_process_is_told(
    said: list[dict[str, Any]], error: type[LivecamError], match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_workers(monkeypatch, *said)
    with pytest.raises(error, match=match):
        list(measured(SMALL, begin))


def test_a_process_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    let_workers(monkeypatch, then="time.sleep(60)")
    monkeypatch.setattr(pipeline_bench, "READY_WITHIN", 0.1)
    with pytest.raises(LivecamError, match="said nothing for 0 s"):
        list(measured(SMALL, begin))


def test_a_process_tells_its_errors_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Request(source="nowhere.mp4", runners=(1,))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{json.dumps(request.as_json())}\ngo\n"))
    answer()
    ready, failed = map(json.loads, capsys.readouterr().out.splitlines())
    assert ready == {"ready": True}
    assert failed["error"].startswith("no such file")


def test_a_process_whose_asker_has_gone_does_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{json.dumps(SMALL.as_json())}\n"))
    answer()
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"ready": True}]


def test_a_process_that_loads_leaves_ctrl_c_to_the_one_who_asked_and_ends_cleanly() -> None:
    begins = pipeline_bench.WORKER.splitlines()[0]
    for number, code in (("SIGINT", 0), ("SIGTERM", 143)):
        run = [sys.executable, "-c", f"{begins}; signal.raise_signal(signal.{number})"]
        assert subprocess.run(run, check=False).returncode == code


def test_a_camera_cannot_be_opened_twice() -> None:
    with pytest.raises(UsageError, match="camera 0 can be opened once"):
        list(measured(Request(source="0"), begin))


def test_stills_are_no_video(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), np.full((120, 160, 3), 90, np.uint8))
    with pytest.raises(UsageError, match="is no video"):
        list(measured(Request(source=str(photo)), begin))


def test_a_window_that_cannot_be_is_told_before_anything_is_started() -> None:
    with pytest.raises(UsageError, match=r"--view window: no display.*leave it out"):
        list(measured(Request(view="window"), begin))


def test_the_machine_is_told_without_a_name() -> None:
    assert set(machine()) == {"platform", "cpus", "python"}
