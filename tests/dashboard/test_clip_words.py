from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from livecam.clips import Clip
from livecam.dashboard.clip_words import KEPT_JOBS, clip_told
from livecam.stored_video import Job, JobParameters, S3Place, StoredVideo

ID = "20261123-073012-k3f9qa"
PLACE = S3Place("bucket", "films/a.mp4")
AT = datetime(2026, 11, 23, 7, 30, 12, 345000, tzinfo=UTC)


def a_clip(**facts: Any) -> Clip:  # noqa: ANN401  of any field
    known: dict[str, Any] = {
        "id": ID,
        "file": Path("/home/me/clips") / f"{ID}.mp4",
        "source": "camera-0",
        "reason": "all",
        "state": "recorded",
        "started_at": AT,
        "duration": 62.4,
        "frames": 1872,
        "size": 3_100_000,
    }
    return Clip(**(known | facts))


def a_video(state: str, **facts: Any) -> StoredVideo:  # noqa: ANN401  of any field
    known: dict[str, Any] = {"name": ID, "state": state, "place": PLACE}
    return StoredVideo(**(known | facts))


def a_job(state: str, **facts: Any) -> Job:  # noqa: ANN401  of any field
    known: dict[str, Any] = {
        "number": 1,
        "video": ID,
        "place": PLACE,
        "parameters": JobParameters(),
        "attempt": 1,
        "token": "secret-token",
        "state": state,
        "began_at": AT,
    }
    return Job(**(known | facts))


def told(clip: Clip, video: StoredVideo | None = None, *jobs: Job) -> dict[str, Any]:
    return clip_told(clip, video, jobs, usd_per_minute=0.1)


def states(clip: Clip, video: StoredVideo | None = None, *jobs: Job) -> list[str]:
    return [each["text"] for each in told(clip, video, *jobs)["words"]["states"]]


def test_a_clip_is_told_with_length_size_reason_and_price() -> None:
    words = told(a_clip(), a_video("stored"), a_job("fetched", minutes=1.04, faces=12))["words"]
    assert (words["length"], words["size"]) == ("1:02", "3.1 MB")
    assert words["why"] == "everything is recorded"
    assert words["price"] == "analysis about $0.10"


def test_every_attempt_that_was_charged_counts() -> None:
    jobs = (a_job("expired", minutes=1.0), a_job("submitted"), a_job("fetched", minutes=1.0))
    assert told(a_clip(), None, *jobs)["usd"] == pytest.approx(0.2)


def test_what_is_not_known_yet_is_left_out() -> None:
    record = told(a_clip(state="recording", duration=None, frames=None, size=None))
    assert record["usd"] is None
    assert (record["words"]["length"], record["words"]["size"], record["words"]["price"]) == ("", "", "")


@pytest.mark.parametrize(
    ("clip", "video", "job", "wanted"),
    [
        (a_clip(state="recording"), None, None, ["being recorded"]),
        (a_clip(state="finalising"), None, None, ["being finished"]),
        (a_clip(), None, None, ["recorded"]),
        (a_clip(state="damaged", problem="no moov"), None, None, ["damaged: no moov"]),
        (a_clip(state="purging"), None, None, ["being deleted"]),
        (a_clip(), a_video("waiting"), None, ["recorded", "waits to be sent to S3"]),
        (
            a_clip(),
            a_video("waiting", problem="no network"),
            None,
            ["recorded", "waits to be sent to S3: no network"],
        ),
        (a_clip(), a_video("uploading"), None, ["recorded", "being sent to S3"]),
        (a_clip(), a_video("refused", problem="too long"), None, ["recorded", "not sent to S3: too long"]),
        (a_clip(), a_video("removing"), None, ["recorded", "being deleted from S3"]),
        (
            a_clip(),
            a_video("stored", wants_analysis=True),
            None,
            ["recorded", "on S3", "waits for its analysis"],
        ),
        (a_clip(), a_video("stored"), a_job("submitting"), None),
        (a_clip(), a_video("stored"), a_job("submitted"), ["recorded", "on S3", "being analysed"]),
        (
            a_clip(),
            a_video("stored"),
            a_job("failed", message="codec"),
            ["recorded", "on S3", "analysis failed: codec"],
        ),
        (
            a_clip(),
            a_video("stored"),
            a_job("fetched", faces=1),
            ["recorded", "on S3", "results are here: 1 face entry"],
        ),
    ],
)
def test_how_far_a_clip_has_come_is_told(
    clip: Clip, video: StoredVideo | None, job: Job | None, wanted: list[str] | None
) -> None:
    said = states(clip, video, *([job] if job else []))
    assert said == (wanted or ["recorded", "on S3", "being handed in for analysis"])


@pytest.mark.parametrize(
    ("clip", "video", "job", "is_trouble"),
    [
        (a_clip(), None, None, [False]),
        (a_clip(state="damaged"), None, None, [True]),
        (a_clip(), a_video("waiting"), None, [False, False]),
        (a_clip(), a_video("waiting", problem="no network"), None, [False, True]),
        (a_clip(), a_video("refused"), None, [False, True]),
        (a_clip(), a_video("stored"), a_job("submitted", message="waits for a free place"), [False] * 3),
        (a_clip(), a_video("stored"), a_job("failed"), [False, False, True]),
    ],
)
def test_what_went_wrong_stands_out(
    clip: Clip, video: StoredVideo | None, job: Job | None, is_trouble: list[bool]
) -> None:
    said = told(clip, video, *([job] if job else []))["words"]["states"]
    assert [each["is_trouble"] for each in said] == is_trouble


@pytest.mark.parametrize(
    ("clip", "video", "job", "is_under_way"),
    [
        (a_clip(), None, None, False),
        (a_clip(state="recording"), None, None, True),
        (a_clip(state="damaged"), None, None, False),
        (a_clip(), a_video("uploading"), None, True),
        (a_clip(), a_video("stored"), None, False),
        (a_clip(), a_video("stored", wants_analysis=True), None, True),
        (a_clip(), a_video("stored"), a_job("submitted"), True),
        (a_clip(), a_video("stored", wants_analysis=True), a_job("fetched"), False),
    ],
)
def test_what_will_change_by_itself_is_asked_for_again(
    clip: Clip, video: StoredVideo | None, job: Job | None, *, is_under_way: bool
) -> None:
    assert told(clip, video, *([job] if job else []))["is_under_way"] is is_under_way


def test_neither_folders_nor_secrets_are_told() -> None:
    clip = a_clip(
        source="rtsp://me:hunter2@host/live",
        problem="/home/me/clips/a.mp4 cannot be read",
        state="damaged",
    )
    video = a_video("waiting", problem="/home/me/clips/a.mp4 is gone")
    job = a_job("failed", message="/home/me/x", results=Path("/home/me/clips") / f"{ID}.results.jsonl")
    text = str(told(clip, video, job))
    assert "/home" not in text
    assert "hunter2" not in text
    assert "secret-token" not in text
    assert f"{ID}.results.jsonl" in text


def test_only_the_newest_jobs_are_told() -> None:
    jobs = [a_job("failed", attempt=number) for number in range(1, 20)]
    record = told(a_clip(), None, *jobs)
    assert [job["attempt"] for job in record["jobs"]] == list(range(20 - KEPT_JOBS, 20))
