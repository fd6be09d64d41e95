"""`livecam run --detector rekognition` as a user runs it, against the local endpoint over real HTTP."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.local_aws.server import Running, in_background
from livecam.native import cv2
from tests import command_line
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEAD_AFTER = 30


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with in_background(Setup(eyes=CannedEyes(faces=1), with_moto=False)) as running:
        yield running


@pytest.fixture
def endpoint(running: Running) -> Iterator[Running]:
    running.change_faults(FaultPlan())
    yield running
    running.change_faults(FaultPlan())


def faulty(endpoint: Running, **fault: Any) -> Running:  # noqa: ANN401
    endpoint.change_faults(plan_from({"faults": [fault]}, "the test"))
    return endpoint


def environment(endpoint: Running, folder: Path) -> dict[str, str]:
    nowhere = {"AWS_CONFIG_FILE": str(folder / "no"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no")}
    return endpoint.environment | nowhere | {"AWS_EC2_METADATA_DISABLED": "true"}


ALWAYS = ("--policy", "every")
"""The clips show nobody: no call about them would be worth it."""


def livecam(endpoint: Running, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return command_line.livecam(
        "run", *arguments, "--detector", "rekognition", "--json", "--events", "e.jsonl", cwd=folder,
        env=environment(endpoint, folder),
    )  # fmt: skip


def a_clip(folder: Path, seconds: float = 3.0) -> str:
    times = [index / 30 for index in range(int(seconds * 30))]
    return str(write_clip(folder / "clip.mp4", times, size=(320, 240)))


def events_of(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [event for event in command_line.json_lines(folder / "e.jsonl") if event["type"] == kind]


def test_every_call_is_taken_apart_and_the_endpoint_saw_as_many(endpoint: Running, tmp_path: Path) -> None:
    seen_before = len(endpoint.requests())
    result = livecam(endpoint, tmp_path, a_clip(tmp_path), *ALWAYS, "--rate", "5", "--attributes", "ALL")
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["frames"]["displayed"] == summary["frames"]["captured"] == 90
    seen = len(endpoint.requests()) - seen_before
    cut_off = summary["calls"]["failed"].get("DetectionAborted", 0)  # under way at the end
    assert 10 <= summary["calls"]["ok"] <= seen <= summary["calls"]["ok"] + cut_off
    assert summary["cost_usd"] == pytest.approx(0.001 * summary["calls"]["ok"])
    assert summary["cost"]["calls"] + summary["cost"]["maybe_charged"] == seen
    for event in events_of(tmp_path, "detection_completed"):
        parts, whole = event["timing"], event["responded_at"] - event["requested_at"]
        assert set(parts) == {
            "encode", "serialise", "sign", "connect", "send", "wait", "read", "parse", "retries", "other",
        }  # fmt: skip
        assert all(seconds >= 0 for seconds in parts.values())
        assert sum(parts.values()) <= whole * 1.02
        assert event["request_id"]
        assert event["frame_age"] >= 0
        assert event["bytes_sent"] > 500


@pytest.mark.parametrize("kind", ["truncate", "malformed", "not-object", "empty", "incomplete"])
def test_a_broken_answer_about_a_picture_is_never_no_face(
    kind: str, endpoint: Running, tmp_path: Path
) -> None:
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((240, 320, 3), 90, np.uint8))
    result = livecam(faulty(endpoint, kind=kind), tmp_path, "photo.png")
    assert result.returncode == 1, result.stderr
    (record,) = json.loads(result.stdout)["pictures"]
    assert record["faces"] is None
    assert "does not count as no face" in record["error"]


def test_a_lasting_fault_is_told_once_and_the_on_device_engine_answers_as_itself(
    endpoint: Running, tmp_path: Path, models: Path
) -> None:
    faulty(endpoint, kind="error", code="ExpiredTokenException")
    result = livecam(
        endpoint, tmp_path, a_clip(tmp_path), *ALWAYS, "--fallback", "on-device", "--trace", "t.jsonl"
    )
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["frames"]["displayed"] == 90
    assert summary["calls"]["failed"] == {"ExpiredTokenException": 1}
    (opened,) = events_of(tmp_path, "circuit_opened")
    assert "expired" in opened["message"]
    assert {event["detector"] for event in events_of(tmp_path, "detection_completed")} == {"on-device"}
    assert result.stderr.count("has expired") == 1
    assert models.is_dir()


def test_throttles_slow_the_pace_and_nothing_is_sent_twice(endpoint: Running, tmp_path: Path) -> None:
    faulty(endpoint, kind="error", code="ThrottlingException", times=1)
    result = livecam(endpoint, tmp_path, a_clip(tmp_path), *ALWAYS, "--rate", "5")
    summary = json.loads(result.stdout)
    assert summary["calls"]["failed"]["ThrottlingException"] == 1  # one may be under way at the end too
    assert summary["calls"]["ok"] > 3
    (slowed, *_) = events_of(tmp_path, "pace_changed")
    assert (slowed["reason"], round(slowed["rate"], 2)) == ("throttled", 3.5)
    sent = [event["frame"] for event in events_of(tmp_path, "detection_completed")]
    sent += [event["frame"] for event in events_of(tmp_path, "detection_failed")]
    assert len(sent) == len(set(sent))


def test_ctrl_c_during_a_call_that_hangs_ends_the_run_with_its_summary(
    endpoint: Running, tmp_path: Path
) -> None:
    faulty(endpoint, kind="stall")
    command = [sys.executable, "-m", "livecam", "run", a_clip(tmp_path, 60), "--detector", "rekognition"]
    command += ["--deadline", "20", "--json", "--view", "none"]
    kept = command_line.environment(tmp_path) | environment(endpoint, tmp_path)
    before = len(endpoint.requests())
    with subprocess.Popen(
        command, cwd=tmp_path, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "320x240" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=DEAD_AFTER)
    assert process.returncode == 130
    assert json.loads(output)["frames"]["displayed"] >= 0
    assert len(endpoint.requests()) - before <= 2


def test_nothing_is_sent_to_another_machine_without_consent(endpoint: Running, tmp_path: Path) -> None:
    result = command_line.livecam(
        "run", "demo", "--detector", "rekognition", "--endpoint-url", "http://192.0.2.1:9", cwd=tmp_path,
        env=environment(endpoint, tmp_path),
    )  # fmt: skip
    assert result.returncode == 2
    assert "you have not agreed to send pictures to http://192.0.2.1:9" in result.stderr
