from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.events import ClipStored, JobEnded, JobSubmitted, ResultsFetched, SceneCut, UploadFailed
from livecam.job_tally import KEPT_JOBS, JobTally

if TYPE_CHECKING:
    from livecam.events import Event

WHEN: dict[str, Any] = {"at": 1.0, "source": ""}


def told(*events: Event) -> JobTally:
    tally = JobTally()
    for event in events:
        tally.note(event)
    return tally


def test_a_job_is_followed_from_its_start_to_its_results() -> None:
    tally = told(
        ClipStored(**WHEN, clip="a", uri="s3://b/a.mp4", size=5),
        JobSubmitted(**WHEN, clip="a", job_id="1"),
        JobEnded(**WHEN, clip="a", job_id="1", status="SUCCEEDED"),
        ResultsFetched(**WHEN, clip="a", job_id="1", file="a.jsonl", faces=7, minutes=0.5, cost_usd=0.05),
    )
    summary = tally.summary()
    assert summary["jobs"] == [
        {"id": "1", "clip": "a", "status": "SUCCEEDED", "faces": 7, "results": "a.jsonl", "message": None}
    ]
    assert summary["analysis"] == {"minutes": 0.5, "usd": 0.05}
    assert summary["uploads"] == {"stored": 1, "waiting": {}}
    assert tally.with_places([{"id": "a", "s3": None}, {"id": "b", "s3": None}]) == [
        {"id": "a", "s3": "s3://b/a.mp4"},
        {"id": "b", "s3": None},
    ]


def test_an_upload_that_failed_is_told_until_it_has_worked() -> None:
    failed = UploadFailed(**WHEN, clip="a", error="NoSuchBucket", message="there is no bucket b")
    tally = told(failed)
    assert tally.trouble == "there is no bucket b"
    tally.note(ClipStored(**WHEN, clip="a", uri="s3://b/a.mp4", size=5))
    assert tally.trouble is None


def test_a_job_that_could_not_be_started_is_one_too() -> None:
    tally = told(JobEnded(**WHEN, clip="a", job_id="", status="REFUSED", message="no permission"))
    assert tally.summary()["jobs"][0]["message"] == "no permission"


def test_only_the_newest_jobs_are_listed() -> None:
    tally = told(*(JobSubmitted(**WHEN, clip="a", job_id=str(n)) for n in range(KEPT_JOBS + 5)))
    assert len(tally.summary()["jobs"]) == KEPT_JOBS
    assert tally.summary()["jobs"][0]["id"] == "5"


def test_other_events_are_none_of_its_business() -> None:
    assert told(SceneCut(**WHEN, frame=1)).summary()["jobs"] == []
