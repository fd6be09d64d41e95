from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from livecam.clips import Clip
from livecam.pricing import US_EAST
from livecam.reports import facts
from livecam.reports.inputs import ReportInputs, gather
from livecam.stored_video import Job, JobParameters, S3Place
from tests.reports.files import MADE_AT, both_sources

BEGAN_AT = datetime(2026, 11, 23, 7, 30, 12, tzinfo=UTC)
JOB = Job(
    number=1,
    video="clip",
    place=S3Place("b", "clip.mp4"),
    parameters=JobParameters(),
    attempt=1,
    token="t",  # noqa: S106  no secret
    state="fetched",
    began_at=BEGAN_AT,
    job_id="job-1",
    minutes=2.0,
)


def as_dict(listed: list[facts.Fact]) -> dict[str, str]:
    return {fact.name: fact.text for fact in listed}


def test_a_clip_says_where_it_came_from(tmp_path: Path) -> None:
    clip = Clip("c", Path("c.mp4"), "camera-0", "new face", "recorded", BEGAN_AT)
    inputs = both_sources(tmp_path, clip=clip)
    assert as_dict(facts.video_facts(inputs, gather(inputs))) == {
        "Began": "2026-11-23 07:30:12+00:00",
        "Length": "0:04 (4.0 s)",
        "Source": "camera-0",
        "Recorded because of": "new face",
    }


def test_the_sidecar_says_the_same_where_the_ledger_does_not(tmp_path: Path) -> None:
    inputs = both_sources(tmp_path)
    told = as_dict(facts.video_facts(inputs, gather(inputs)))
    assert (told["Source"], told["Recorded because of"]) == ("camera-0", "all")


def test_the_analysis_is_told_from_the_results(tmp_path: Path) -> None:
    told = as_dict(facts.analysis_facts(gather(both_sources(tmp_path))))
    assert (told["Job"], told["Video on S3"]) == ("job-1", "s3://b/clip.mp4")
    assert told["Faces"] == "8 entries at 8 sampled instants, linked to 1"


def test_the_cost_is_of_the_minutes_of_all_jobs_and_says_what_is_not_confirmed(tmp_path: Path) -> None:
    failed = replace(JOB, attempt=2, state="failed", minutes=None)
    inputs = both_sources(tmp_path, jobs=(JOB, failed, replace(JOB, attempt=3)))
    (fact,) = facts.cost_facts(inputs, gather(inputs))
    note = "US East list price of 2026-10-07; not confirmed by AWS"
    assert fact == facts.Fact("Stored video", f"$0.40: 4.00 minutes at $0.10 ({note})")


def test_a_price_of_ones_own_is_confirmed(tmp_path: Path) -> None:
    prices = US_EAST.replaced({"clip_minute": 0.2}, "mine.json")
    inputs = both_sources(tmp_path, jobs=(JOB,), prices=prices)
    (fact,) = facts.cost_facts(inputs, gather(inputs))
    assert fact.text == "$0.40: 2.00 minutes at $0.20 (as mine.json says)"


def test_without_jobs_the_cost_is_of_the_results(tmp_path: Path) -> None:
    inputs = both_sources(tmp_path)
    (fact,) = facts.cost_facts(inputs, gather(inputs))
    assert fact.text.startswith("$0.007: 0.07 minutes")


def test_without_an_analysis_there_is_neither_job_nor_cost() -> None:
    inputs = ReportInputs(title="x", made_at=MADE_AT)
    assert facts.analysis_facts(gather(inputs)) == []
    assert facts.cost_facts(inputs, gather(inputs)) == []


def test_each_attempt_is_a_row() -> None:
    rows = facts.job_rows([replace(JOB, message="Unsupported codec/format.", state="failed")])
    assert rows == [
        ("1", "failed", "job-1", "2026-11-23 07:30:12+00:00 to ?", "Unsupported codec/format."),
    ]


def test_the_table_says_what_a_face_mostly_appeared_to_express(tmp_path: Path) -> None:
    live, stored = facts.face_rows(gather(both_sources(tmp_path)).persons)
    assert (live.appears, live.confidence, live.first, live.seconds) == (
        "happy, 75 % of its time",
        "80 %",
        "0.0 s",
        "4.0 s",
    )
    assert (stored.name, stored.emotion, stored.traits) == ("stored 1", "sad", "a face: 99 %")


def test_agreement_is_one_sentence(tmp_path: Path) -> None:
    text = facts.agreement_text(gather(both_sources(tmp_path)).persons)
    assert text is not None
    assert "(3.8 s, all persons together)" in text
    assert text.endswith("67 % of the time.")
    assert facts.agreement_text([]) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("camera-0", "camera-0"),
        ("rtsp://me:secret@cam/1", "rtsp://***@cam/1"),
        ("exe.\u202e4pm", "exe.\N{REPLACEMENT CHARACTER}4pm"),
        ("a\nb\x00", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"),
        ("x" * 301, "x" * 300 + "..."),
    ],
)
def test_anybodys_text_has_no_secret_and_no_trick(text: str, shown: str) -> None:
    assert facts.plain(text) == shown
