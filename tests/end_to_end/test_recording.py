"""Recording, tried with the real command: killed, on a full disk, without its folder, with odd input."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import command_line
from tests.end_to_end.recording_conditions import (
    an_odd_film,
    an_uneven_film,
    clips_in,
    ended,
    ledger,
    read_clip,
    record,
    start,
    wait_until,
)
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
EXACT = 0.001
"""Seconds."""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "uneven.mp4"
    an_uneven_film(path)
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Lend a disk of 5 MB, mounted where clips go."""
    folder = tmp_path / "clips"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(folder)]
    skip_unless(os.geteuid() == 0, "only root can mount a small disk")
    with contextlib.ExitStack() as undo:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        skip_unless(result.returncode == 0, f"a small disk cannot be mounted: {result.stderr.strip()}")
        undo.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=True)
        yield folder


def test_killed_at_random_moments_no_clip_loses_more_than_a_frame() -> None:
    command = [str(ROOT / "scripts" / "kill_test"), "--times", "6", "--seed", "7", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=55)
    told = json.loads(result.stdout)
    assert told["problems"] == []
    assert result.returncode == 0
    assert sum(told["kills"].values()) == 6
    assert told["frames_readable"] >= told["frames_said"] - told["frames_lost"] > 0
    assert told["most_lost_of_a_clip"] <= 1


@pytest.mark.parametrize("pace", [["--fast"], []], ids=["fast", "paced"])
def test_uneven_input_plays_in_real_time_and_segments_join(tmp_path: Path, pace: Sequence[str]) -> None:
    times = an_uneven_film(tmp_path / "film.mp4", seconds=4)
    run = record(tmp_path / "film.mp4", "--segment", "1.5", *pace, cwd=tmp_path)
    assert run.code == 0, run.said
    clips = clips_in(tmp_path / "clips")
    assert [number for clip in clips for number in clip.sequences] == list(range(len(times)))
    for clip in clips:
        expected = [times[number] - times[clip.sequences[0]] for number in clip.sequences]
        assert clip.times == pytest.approx(expected, abs=EXACT)
        assert clip.line_times == pytest.approx(expected, abs=EXACT)
    for clip, following in pairwise(clips):
        lasts = times[following.sequences[0]] - times[clip.sequences[0]]
        assert clip.duration == pytest.approx(lasts, abs=EXACT)


def test_the_largest_file_that_may_be_is_a_full_disk_and_the_picture_goes_on(
    tmp_path: Path, film: Path
) -> None:
    limit = 20_000
    process = start(
        film,
        "--fast",
        cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    run = ended(process)
    assert run.code == 1
    assert run.lost_no_picture
    assert "File too large; recording stopped" in run.trouble
    assert run.trouble in run.said
    assert "Traceback" not in run.said
    assert sum(len(clip.times) for clip in clips_in(tmp_path / "clips")) > 10


def test_on_a_full_disk_what_was_written_can_be_read(tmp_path: Path, small_disk: Path) -> None:
    an_uneven_film(tmp_path / "film.mp4", seconds=12, size=(640, 480))
    (small_disk / "others").write_bytes(bytes(4_000_000))
    run = record(tmp_path / "film.mp4", "--fast", cwd=tmp_path)
    assert run.code == 1
    assert run.lost_no_picture
    assert "the disk for clips is full" in run.trouble
    assert "livecam clips purge" in run.said
    (small_disk / "others").unlink()
    clips = clips_in(small_disk)
    assert sum(len(clip.times) for clip in clips) > 10
    assert [row["id"] for row in ledger(tmp_path)] == [clip.path.stem for clip in clips]


def test_a_folder_that_is_gone_stops_recording_and_not_the_picture(tmp_path: Path, film: Path) -> None:
    folder = tmp_path / "clips"
    process = start(film, "--segment", "1", cwd=tmp_path)
    wait_until(lambda: len(list(folder.glob("*.jsonl"))) > 1, process)
    folder.rename(tmp_path / "away")
    folder.touch()
    run = ended(process)
    assert run.code == 1
    assert run.lost_no_picture
    assert f"clips cannot be kept in {folder}" in run.trouble
    assert "Traceback" not in run.said
    folder.unlink()
    (tmp_path / "away").rename(folder)
    synced = command_line.livecam("clips", "sync", "--clip-dir", "clips", cwd=tmp_path)
    assert synced.returncode == 0, synced.stdout + synced.stderr
    assert sum(len(clip.times) for clip in clips_in(folder)) > 10


def test_a_folder_that_cannot_be_is_one_sentence_at_the_start(tmp_path: Path, film: Path) -> None:
    (tmp_path / "file").touch()
    run = record(film, cwd=tmp_path, where=("--clip-dir", "file/clips"))
    assert run.code == 1
    assert not run.summary
    assert run.said.count("\n") == 1
    assert "clips cannot be kept in" in run.said
    assert "--clip-dir" in run.said


def test_odd_sides_lose_a_row_and_a_column(tmp_path: Path) -> None:
    an_odd_film(tmp_path / "odd.avi", frames=30, size=(321, 241))
    assert record(tmp_path / "odd.avi", "--fast", cwd=tmp_path).code == 0
    (clip,) = clips_in(tmp_path / "clips")
    assert clip.size == (320, 240)
    assert len(clip.times) == 30


def test_4k_is_recorded_as_it_is(tmp_path: Path) -> None:
    times = an_uneven_film(tmp_path / "film.mp4", seconds=0.6, size=(3840, 2160))
    assert record(tmp_path / "film.mp4", "--fast", cwd=tmp_path).code == 0
    (clip,) = clips_in(tmp_path / "clips")
    assert clip.size == (3840, 2160)
    assert len(clip.times) == len(times)


def test_two_livecams_share_a_folder(tmp_path: Path, film: Path) -> None:
    processes = [start(film, "--segment", "1", cwd=tmp_path) for _ in range(2)]
    runs = [ended(process) for process in processes]
    assert [run.code for run in runs] == [0, 0]
    told = [[clip["id"] for clip in run.summary["clips"]] for run in runs]
    assert not set(told[0]) & set(told[1])
    assert len(clips_in(tmp_path / "clips")) == len(told[0]) + len(told[1]) > 10
    rows = ledger(tmp_path)
    assert {row["id"] for row in rows} == {*told[0], *told[1]}
    assert {row["state"] for row in rows} == {"recorded"}


def test_a_damaged_ledger_is_set_aside_told_and_made_anew(tmp_path: Path, film: Path) -> None:
    assert record(film, "--fast", "--segment", "2", cwd=tmp_path).code == 0
    before = {row["id"]: row for row in ledger(tmp_path)}
    file = tmp_path / "clips" / ".livecam" / "ledger.sqlite"
    file.write_bytes(os.urandom(4096))
    run = record(film, "--fast", "--segment", "2", cwd=tmp_path)
    assert run.code == 0
    assert "is set aside" in run.said
    after = {row["id"]: row for row in ledger(tmp_path)}
    assert {clip: after[clip] for clip in before} == before
    assert len(after) == 2 * len(before) == len(clips_in(tmp_path / "clips"))


def test_a_duration_is_kept_to_the_frame(tmp_path: Path) -> None:
    an_uneven_film(tmp_path / "film.mp4", seconds=5, fps=(20, 20))
    run = record(tmp_path / "film.mp4", "--duration", "3", cwd=tmp_path)
    assert run.code == 0
    (clip,) = clips_in(tmp_path / "clips")
    assert clip.duration == pytest.approx(3, abs=1 / 20 + EXACT)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_finishes_the_clip(tmp_path: Path, film: Path, sent: signal.Signals, code: int) -> None:
    process = start(film, cwd=tmp_path)
    wait_until(lambda: list((tmp_path / "clips").glob("*.part.mp4")), process)
    process.send_signal(sent)
    run = ended(process)
    assert run.code == code
    (told,) = run.summary["clips"]
    assert told["state"] == "recorded"
    assert told["frames"] == len(read_clip(Path(told["file"])).times) == run.summary["frames"]["displayed"]


def test_the_clip_of_an_event_begins_before_it(tmp_path: Path, media: Path, models: Path) -> None:
    watching = ("run", media / "webcam_single.mp4", "--detector", "on-device", "--view", "none")
    rule = ("--record", "events", "--record-on", "somebody for 0.5 s", "--pre-roll", "1", "--duration", "4")
    outputs = ("--clip-dir", "clips", "--events", "e.jsonl", "--trace", "t.jsonl", "--quiet")
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam(*watching, *rule, *outputs, cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    events = command_line.json_lines(tmp_path / "e.jsonl")
    (pre_roll,) = [event["pre_roll"] for event in events if event["type"] == "clip_started"]
    (clip,) = clips_in(tmp_path / "clips")
    trace = command_line.json_lines(tmp_path / "t.jsonl")
    begun = next(line["frame"] for line in trace if line["clip"])
    assert pre_roll >= min(1.0, begun / 25) - EXACT
    assert pre_roll == pytest.approx((begun - clip.sequences[0]) / 25, abs=EXACT)
    assert clip.sequences == list(range(clip.sequences[0], len(trace)))
    assert len(clip.times) == len(clip.sequences)
