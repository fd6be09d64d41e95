from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from livecam.archive.finishing import finish_clip
from livecam.archive.syncing import SyncReport, sync
from livecam.cli.clip_text import (
    clip_details,
    clip_table,
    details_lines,
    left_lines,
    length_text,
    record_of,
    report_lines,
    report_record,
    total_text,
)
from livecam.clips import Clip
from tests.archive.samples import an_archive, left_by_a_crash, record

if TYPE_CHECKING:
    from collections.abc import Sequence

CLIP = Clip(
    "20261123-073012-k3f9qa",
    Path("/clips/20261123-073012-k3f9qa.mp4"),
    "camera 0",
    "new face",
    "recorded",
    datetime(2026, 11, 23, 7, 30, 12, tzinfo=UTC),
    duration=62.4,
    frames=1871,
    size=9_300_000,
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (0.4, "0:00"), (59.6, "1:00"), (62.4, "1:02"), (3600.0, "1:00:00"), (7325.0, "2:02:05")],
)
def test_a_length_is_said_as_players_do(seconds: float | None, text: str) -> None:
    assert length_text(seconds) == text


def test_a_table_has_its_columns_below_each_other() -> None:
    waiting = dataclasses.replace(CLIP, state="recording", duration=None, frames=None, size=None)
    lines = clip_table([CLIP, waiting])
    assert (
        len({line.index(word) for line, word in zip(lines, ("state", "recorded", "recording"), strict=True)})
        == 1
    )
    assert lines[1].endswith("recorded   new face")
    assert "1:02" in lines[1]
    assert clip_table([]) == []


def test_how_much_there_is_is_said_in_one_line() -> None:
    assert total_text([CLIP, CLIP], Path("/clips")) == "2 clips, 2:05, 18.6 MB in /clips"
    assert total_text([], Path("/clips")) == "no clips in /clips; `livecam record` makes one"


def test_what_is_being_recorded_is_not_in_the_total() -> None:
    begun = dataclasses.replace(CLIP, state="recording", duration=None, frames=None, size=None)
    assert total_text([CLIP, begun], Path("/clips")) == "1 clip, 1:02, 9.3 MB in /clips, without 1 unfinished"


def test_what_is_left_on_s3_is_told_with_what_deletes_it() -> None:
    assert left_lines([]) == []
    assert left_lines([CLIP.id, "/my film.mp4"]) == [
        f"1 clip is gone here and left on S3: {CLIP.id}; `livecam clips purge {CLIP.id}` deletes it there",
        (
            "1 other video was to be deleted and left on S3: /my film.mp4;"
            " `livecam clips purge '/my film.mp4'` deletes it there"
        ),
    ]
    assert left_lines(["/a.mp4", "/b.mp4"])[0].startswith("2 other videos were to be deleted")


def test_details_tell_the_video_what_was_seen_and_the_files(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, 30)
    with writer.close(1.0).lock:
        clip = finish_clip(archive, writer.id, end=1.0, is_salvaged=False)
    assert clip is not None
    details = clip_details(archive, clip)
    assert details["video"]["codec"] == "h264"
    assert details["refused"] is None
    assert details["seen"] == {"faces": 1, "emotions": {"HAPPY": 1.0}}
    said = "\n".join(details_lines(details))
    for part in ("h264 64x48, 30.0 fps, yuv420p", "0:01, 30 frames", "1 face; appeared happy 100%", ".jsonl"):
        assert part in said


def test_details_of_a_clip_without_a_readable_file_say_so(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    details = clip_details(archive, dataclasses.replace(CLIP, problem="no room"))
    assert details["video"] is None
    assert details["seen"] is None
    assert "no room" in "\n".join(details_lines(details))
    assert record_of(archive, CLIP)["s3"] is None


def test_a_sync_says_what_it_did(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive, 30)
    report = sync(archive)
    assert report_lines(report, 1) == [
        f"finished: {archive.folder.clip(clip)} (0:01)",
        "1 clip in the ledger",
    ]
    assert [each["id"] for each in report_record(archive, report)["salvaged"]] == [clip]


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (SyncReport(added=[CLIP]), f"known again: {CLIP.file}"),
        (SyncReport(empty=["c"]), "nothing was in c"),
        (SyncReport(removed=["c"]), "deletion finished: c"),
        (SyncReport(forgotten=["c"]), "its video is gone: c"),
        (SyncReport(busy=["c"]), "somebody is at work on c"),
        (SyncReport(failed={"c": "no room"}), "not finished: no room"),
    ],
)
def test_every_outcome_has_its_words(report: SyncReport, line: str) -> None:
    lines: Sequence[str] = report_lines(report, 3)
    assert lines == [line, "3 clips in the ledger"]
