from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from livecam.cli import running
from livecam.config import Settings
from tests import command_line
from tests.requirements import skip_unless


def test_missing_models_end_the_run_with_the_line_to_run(tmp_path: Path) -> None:
    env = {"LIVECAM_MODELS": str(tmp_path / "nowhere")}
    result = command_line.livecam("run", "demo", "--detector", "on-device", cwd=tmp_path, env=env)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "run: livecam models install" in result.stderr


def test_an_output_that_cannot_be_written_ends_the_run_before_it_starts(tmp_path: Path) -> None:
    result = command_line.livecam("run", "demo", "--detector", "none", "--output", "no/o.mp4", cwd=tmp_path)
    assert result.returncode == 1
    assert "no/o.mp4 cannot be written" in result.stderr.splitlines()[-1]


def test_a_log_file_that_another_output_would_overwrite_is_refused(tmp_path: Path) -> None:
    files = ("--events", "x.jsonl", "--log-file", str(tmp_path / "x.jsonl"))
    result = command_line.livecam("run", "demo", *files, cwd=tmp_path)
    assert result.returncode == 2
    assert "--log-file and --events are the same file, x.jsonl" in result.stderr


def test_what_keeps_a_run_from_starting_is_in_its_log_file_too(tmp_path: Path) -> None:
    result = command_line.livecam("run", "no-such.mp4", "--log-file", "l.log", cwd=tmp_path)
    assert result.returncode == 1
    *_, line = (tmp_path / "l.log").read_text().splitlines()
    assert " ERROR   livecam: " in line
    assert line.partition(" livecam: ")[2] in result.stderr


def test_settings_may_come_from_the_environment(tmp_path: Path) -> None:
    env = {"LIVECAM_SOURCE": "demo", "LIVECAM_DETECTOR": "none", "LIVECAM_DURATION": "0.2"}
    result = command_line.livecam("run", "--json", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["frames"]["displayed"] > 0


def test_an_output_that_was_lost_is_a_failure_although_the_picture_went_on(tmp_path: Path) -> None:
    skip_unless(Path("/dev/full").exists(), "there is no /dev/full")
    result = command_line.livecam(
        "run",
        "demo",
        "--detector",
        "none",
        "--duration",
        "0.3",
        "--trace",
        "/dev/full",
        "--json",
        cwd=tmp_path,
    )
    assert result.returncode == 1
    assert json.loads(result.stdout)["frames"]["displayed"] > 0
    assert "/dev/full cannot be written" in result.stderr


def test_names_that_are_not_utf_8_end_nothing(tmp_path: Path, media: Path) -> None:
    clip = os.fsencode(tmp_path) + b"/\xff:1.mp4"
    Path(os.fsdecode(clip)).write_bytes((media / "no_face_bottles.mp4").read_bytes())
    result = command_line.livecam(
        "run", os.fsdecode(clip), "--detector", "none", "--duration", "0.2", "--output", "o.mp4", cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "o.mp4").exists()


def test_standard_error_that_nobody_reads_ends_nothing(tmp_path: Path) -> None:
    skip_unless(Path("/dev/full").exists(), "there is no /dev/full")
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "livecam",
                "run",
                "demo",
                "--detector",
                "none",
                "--duration",
                "0.2",
                "--json",
            ],
            cwd=tmp_path,
            env=command_line.environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=full,
            timeout=command_line.TIMEOUT,
            check=False,
        )
    assert json.loads(result.stdout)["frames"]["displayed"] > 0


def test_an_interrupt_ends_a_run_whose_source_never_opens(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    process = subprocess.Popen(
        [sys.executable, "-m", "livecam", "run", "pipe.mp4", "--detector", "none", "-v", "--view", "none"],
        cwd=tmp_path,
        env=command_line.environment(tmp_path),
        stderr=subprocess.PIPE,
    )
    # Opening the other end returns once livecam waits at its own; nothing is ever written.
    writer = os.open(tmp_path / "pipe.mp4", os.O_WRONLY)
    process.send_signal(signal.SIGINT)
    assert process.wait(command_line.TIMEOUT) == 130
    os.close(writer)
    assert process.stderr is not None
    process.stderr.close()


def without_clips(*states: str, settings: Settings) -> bool:
    summary = {"clips": [{"state": state} for state in states]}
    return running._is_without_clips(summary, settings)


def test_a_clip_on_disk_is_enough() -> None:
    assert not without_clips("damaged", "recorded", settings=Settings(record="all"))


@pytest.mark.logs_errors
def test_that_no_clip_was_recorded_is_said_with_what_was_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert without_clips(settings=Settings(record="events", record_on=("new face", "nobody for 10 s")))
    assert without_clips("finalising", settings=Settings(record="events"))
    assert without_clips(settings=Settings(record="all"))
    assert caplog.messages == [
        "no clip was recorded: nothing met 'new face' or 'nobody for 10 s'",
        "no clip was recorded",
        "no clip was recorded",
    ]
