from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.dashboard import clips as shelf_module
from livecam.dashboard.clips import ClipShelf, NotServed, ReportPage
from livecam.errors import UsageError
from tests.archive.samples import OPEN
from tests.dashboard.clip_samples import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.clips import Clip
    from livecam.stored_video import StoredVideo

STRANGE = [
    "",
    "last",
    "..",
    "../secret",
    "20261123-073012-k3f9qa",
    "20261123-073012-K3F9QA",
    "a\0b",
    "x" * 9000,
]


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    yield Recorded(tmp_path / "clips")
    while OPEN:
        OPEN.pop().close(None).lock.release()


def refusal(shelf: ClipShelf, clip: str) -> tuple[int, str]:
    with pytest.raises(NotServed) as refused:
        shelf.open_video(clip)
    return refused.value.status, str(refused.value)


def test_clips_are_listed_newest_first_with_what_can_be_done_with_them(recorded: Recorded) -> None:
    whole, begun = recorded.film(10), recorded.begin()
    listing = recorded.shelf.listing()
    assert (listing["schema"], listing["older"], listing["problem"]) == ("livecam.clips/1", 0, None)
    assert [clip["id"] for clip in listing["clips"]] == [begun.id, whole.id]
    assert [(clip["can_play"], clip["has_report"]) for clip in listing["clips"]] == [
        (False, False),
        (True, True),
    ]


def test_an_empty_folder_has_no_clips_and_no_problem(recorded: Recorded) -> None:
    assert recorded.shelf.listing() == {
        "schema": "livecam.clips/1",
        "clips": [],
        "older": 0,
        "problem": None,
    }


def test_older_clips_are_counted_and_not_listed(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "MOST", 2)
    films = [recorded.film(5) for _ in range(3)]
    listing = recorded.shelf.listing()
    assert [clip["id"] for clip in listing["clips"]] == [films[2].id, films[1].id]
    assert listing["older"] == 1


def test_a_ledger_that_cannot_be_read_is_told_in_a_sentence_without_its_folder(recorded: Recorded) -> None:
    path = recorded.archive.ledger.path
    path.parent.mkdir(exist_ok=True)
    path.mkdir()
    listing = recorded.shelf.listing()
    assert listing["clips"] == []
    assert "ledger" in listing["problem"]
    assert str(recorded.folder) not in listing["problem"]
    with pytest.raises(NotServed) as refused:
        recorded.shelf.details("20261123-073012-k3f9qa")
    assert refused.value.status == 503
    assert str(recorded.folder) not in str(refused.value)


def test_a_damaged_ledger_leaves_a_list_that_can_be_had(recorded: Recorded) -> None:
    recorded.film(5)
    recorded.archive.ledger.path.write_bytes(b"no database" * 1000)
    assert recorded.shelf.listing()["clips"] == []


def test_how_a_clip_stands_on_s3_is_told(recorded: Recorded) -> None:
    clip = recorded.film(5)
    recorded.upload(clip)
    recorded.analyse(clip, state="fetched", minutes=2.0, faces=3)
    (told,) = recorded.shelf.listing()["clips"]
    assert told["s3"] == f"s3://bucket/films/{clip.id}.mp4"
    assert told["usd"] == pytest.approx(0.2)
    assert [each["text"] for each in told["words"]["states"]] == [
        "recorded",
        "on S3",
        "results are here: 3 face entries",
    ]


def test_the_ledger_is_read_again_only_where_it_has_changed(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = recorded.film(5)
    read: list[object] = []
    real = recorded.archive.ledger.videos.all

    def look() -> tuple[StoredVideo, ...]:
        read.append(None)
        return real()

    monkeypatch.setattr(recorded.archive.ledger.videos, "all", look)
    for _ in range(10):
        recorded.shelf.listing()
    assert len(read) <= 2  # the first reader may tidy up after the last writer
    clip.file.unlink()
    assert not recorded.shelf.listing()["clips"][0]["can_play"]
    recorded.upload(clip)
    assert recorded.shelf.listing()["clips"][0]["s3"]


def test_details_have_the_marks_of_the_clip_and_no_folder(recorded: Recorded) -> None:
    clip = recorded.film(70)
    told = recorded.shelf.details(clip.id)["clip"]
    assert told["id"] == clip.id
    assert [(round(mark["time"], 2), mark["text"]) for mark in told["marks"]] == [
        (1.0, "the door"),
        (2.0, "<b>again</b>"),
    ]
    assert str(recorded.folder) not in str(told)


def test_marks_are_bounded(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "MOST_MARKS", 3)
    clip = recorded.film(10, marks=dict.fromkeys(range(10), "x" * 1000))
    marks = recorded.shelf.details(clip.id)["clip"]["marks"]
    assert [len(mark["text"]) for mark in marks] == [shelf_module.LONGEST_MARK] * 3


def test_a_clip_without_a_sidecar_has_no_marks(recorded: Recorded) -> None:
    clip = recorded.film(5)
    recorded.archive.folder.sidecar(clip.id).unlink()
    told = recorded.shelf.details(clip.id)["clip"]
    assert (told["marks"], told["notice"], told["has_report"]) == ([], None, False)


def test_a_finished_clip_is_opened(recorded: Recorded) -> None:
    clip = recorded.film(5)
    file, facts = recorded.shelf.open_video(clip.id)
    with file:
        assert file.read() == clip.file.read_bytes()
    assert facts.st_size == clip.size


@pytest.mark.parametrize("clip", STRANGE)
def test_what_the_ledger_does_not_know_leads_to_no_file(recorded: Recorded, clip: str) -> None:
    recorded.film(5)
    (recorded.folder / "20261123-073012-k3f9qa.mp4").write_bytes(b"of nobody")
    assert refusal(recorded.shelf, clip) == (404, shelf_module.NO_CLIP)
    for asked in (recorded.shelf.details, recorded.shelf.report):
        with pytest.raises(NotServed, match="no such clip"):
            asked(clip)


def test_a_ledger_that_was_tampered_with_leads_to_no_other_file(recorded: Recorded) -> None:
    clip = recorded.film(5)
    (recorded.folder / "secret.mp4").write_bytes(b"not served")
    recorded.archive.ledger.add(replace(clip, id="secret", file=recorded.folder / "secret.mp4"))
    recorded.archive.ledger.add(replace(clip, file=recorded.folder / "secret.mp4"))
    assert refusal(recorded.shelf, "secret") == (404, shelf_module.NO_CLIP)
    assert refusal(recorded.shelf, clip.id) == (404, shelf_module.NOT_HERE)
    assert [each["id"] for each in recorded.shelf.listing()["clips"]] == [clip.id]


def test_a_clip_that_is_being_recorded_is_not_played(recorded: Recorded) -> None:
    status, sentence = refusal(recorded.shelf, recorded.begin().id)
    assert (status, "still being recorded" in sentence) == (409, True)


def test_a_link_in_the_place_of_a_clip_is_not_followed(recorded: Recorded, tmp_path: Path) -> None:
    clip = recorded.film(5)
    (tmp_path / "secret.txt").write_text("not served", encoding="utf-8")
    clip.file.unlink()
    clip.file.symlink_to(tmp_path / "secret.txt")
    assert refusal(recorded.shelf, clip.id) == (404, shelf_module.NOT_HERE)
    assert not recorded.shelf.listing()["clips"][0]["can_play"]


def test_a_pipe_in_the_place_of_a_clip_is_not_waited_for(recorded: Recorded) -> None:
    clip = recorded.film(5)
    clip.file.unlink()
    os.mkfifo(clip.file)
    assert refusal(recorded.shelf, clip.id) == (404, shelf_module.NOT_HERE)


def test_a_clip_whose_file_is_gone_is_listed_and_not_played(recorded: Recorded) -> None:
    clip = recorded.film(5)
    clip.file.unlink()
    assert refusal(recorded.shelf, clip.id) == (404, shelf_module.NOT_HERE)
    (told,) = recorded.shelf.listing()["clips"]
    assert (told["can_play"], told["has_report"]) == (False, True)


class Press:
    """Makes reports that say how many were made."""

    def __init__(self, recorded: Recorded, size: int = 10) -> None:
        self.made: list[tuple[str, str | None]] = []
        self.size = size
        self.shelf = ClipShelf(recorded.archive, usd_per_minute=0.1, make_report=self.make)

    def make(self, clip: Clip, address: str | None) -> ReportPage:
        self.made.append((clip.id, address))
        return ReportPage(f"{len(self.made)}".encode().ljust(self.size), "default-src 'none'")


def test_a_report_is_made_once_and_anew_when_a_file_changes(recorded: Recorded) -> None:
    clip, press = recorded.film(5), Press(recorded)
    assert press.shelf.report(clip.id) is press.shelf.report(clip.id)
    assert press.made == [(clip.id, f"../{clip.id}.mp4")]
    results = recorded.folder / f"{clip.id}.results.jsonl"
    results.write_text("{}\n", encoding="utf-8")
    press.shelf.report(clip.id)
    results.write_text("{} \n", encoding="utf-8")
    press.shelf.report(clip.id)
    recorded.analyse(clip, state="failed")
    press.shelf.report(clip.id)
    press.shelf.report(clip.id)
    assert len(press.made) == 4


def test_a_report_on_a_clip_whose_video_is_gone_has_no_address_of_it(recorded: Recorded) -> None:
    clip, press = recorded.film(5), Press(recorded)
    clip.file.unlink()
    press.shelf.report(clip.id)
    assert press.made == [(clip.id, None)]


def test_few_reports_are_kept_and_no_large_one(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "KEPT_REPORTS", 1)
    monkeypatch.setattr(shelf_module, "LARGEST_KEPT", 100)
    one, other, press = recorded.film(5), recorded.film(5), Press(recorded)
    for clip in (one, other, one):
        press.shelf.report(clip.id)
    assert len(press.made) == 3
    press.size = 101
    for _ in range(2):
        press.shelf.report(other.id)
    assert len(press.made) == 5


def test_why_there_is_no_report_is_told_without_a_folder(recorded: Recorded) -> None:
    clip = recorded.film(5)

    def refuse(_clip: Clip, _address: str | None) -> ReportPage:
        raise UsageError("/home/me/prices.json cannot be read")

    for make, wanted in (
        (refuse, "no report can be made: prices.json cannot be read\n"),
        (lambda *_: None, "nothing is known of what is seen in this clip: there is no report\n"),
    ):
        shelf = ClipShelf(recorded.archive, usd_per_minute=0.1, make_report=make)
        with pytest.raises(NotServed) as refused:
            shelf.report(clip.id)
        assert str(refused.value) == wanted
