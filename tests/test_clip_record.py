from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from livecam.clip_record import clip_record, job_record
from tests.state.ledgers import clip, job, video

FOLDER = Path("clips")


def test_a_clip_says_where_it_is_and_how_far_it_has_come() -> None:
    it, sent = clip(FOLDER, "one"), video(FOLDER, "one")
    record = clip_record(it, sent, [job("one")])
    assert (record["id"], record["file"], record["state"]) == ("one", str(it.file), it.state)
    assert record["upload"] == {"state": sent.state, "problem": sent.problem}
    assert [each["clip"] for each in record["jobs"]] == ["one"]


def test_only_what_is_stored_is_on_s3() -> None:
    it, sent = clip(FOLDER, "one"), video(FOLDER, "one")
    place = job("one").place
    assert clip_record(it, replace(sent, state="stored", place=place), [])["s3"] == place.uri
    assert clip_record(it, replace(sent, state="uploading", place=place), [])["s3"] is None
    assert clip_record(it, None, [])["s3"] is None
    assert clip_record(it, None, [])["upload"] is None


def test_results_are_a_path() -> None:
    assert job_record(replace(job("one"), results=FOLDER / "r.jsonl"))["results"] == str(FOLDER / "r.jsonl")
    assert job_record(job("one"))["results"] is None
