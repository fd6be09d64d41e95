from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.state import ledger_file as module
from livecam.state.ledger import Ledger, ledger_file
from tests.state.ledgers import PLACE, asides, change, clip, job, video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LAYOUT_1 = """
CREATE TABLE clips (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL,
    started_at TEXT NOT NULL, width INTEGER, height INTEGER, duration REAL, frames INTEGER, size INTEGER,
    problem TEXT, updated_at TEXT NOT NULL
);
INSERT INTO clips VALUES ('a', 'a.mp4', 'camera 0', 'all', 'recorded', '2026-11-23T12:00:00.000000+00:00',
    1280, 720, 12.04, 301, 2000000, NULL, '2026-11-23T12:00:13.000000+00:00');
PRAGMA user_version = 1;
"""
"""What the first livecam with a ledger wrote."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clips"


def layout(folder: Path) -> int:
    with closing(sqlite3.connect(ledger_file(folder))) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def write_layout_1(folder: Path) -> None:
    ledger_file(folder).parent.mkdir(parents=True)
    change(folder, LAYOUT_1)


KEPT = {
    "state": "recorded",
    "width": 1280,
    "height": 720,
    "duration": 12.04,
    "frames": 301,
    "size": 2_000_000,
}


def test_a_ledger_of_clips_alone_is_brought_up_to_date_and_keeps_its_rows(folder: Path) -> None:
    write_layout_1(folder)
    ledger = Ledger(folder)
    assert ledger.all() == (clip(folder, "a", **KEPT),)
    assert ledger.videos.all() == ()
    assert ledger.jobs.all() == ()
    assert ledger.videos.want(video(folder, "a")) == video(folder, "a")
    assert ledger.jobs.add(job("a")) == job("a")
    assert ledger.get("a") == clip(folder, "a", **KEPT)
    assert layout(folder) == 2
    assert asides(folder) == []


def test_an_older_ledger_that_cannot_be_written_is_read_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_layout_1(folder)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert Ledger(folder).all() == (clip(folder, "a", **KEPT),)
    assert Ledger(folder).videos.all() == ()
    assert Ledger(folder).jobs.unfinished() == ()
    assert layout(folder) == 1


def test_a_layout_is_reached_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_layout_1(folder)
    fails = ("CREATE TABLE more (it TEXT)", "INSERT INTO clips SELECT * FROM clips")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_MIGRATIONS", (*module._MIGRATIONS, fails))
        with pytest.raises(OutputError, match="UNIQUE"):
            Ledger(folder).all()
    assert layout(folder) == 1
    assert Ledger(folder).all() == (clip(folder, "a", **KEPT),)
    assert asides(folder) == []


def test_a_later_layout_is_added_to_this_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger(folder).begin(clip(folder, "a"))
    monkeypatch.setattr(
        module, "_MIGRATIONS", (*module._MIGRATIONS, ("ALTER TABLE clips ADD COLUMN stored_at TEXT",))
    )
    Ledger(folder).begin(clip(folder, "b"))
    with closing(sqlite3.connect(ledger_file(folder))) as file:
        assert file.execute("SELECT id, stored_at FROM clips").fetchall() == [("a", None), ("b", None)]
    assert layout(folder) == 3


ASK: list[Callable[[Ledger], object]] = [
    Ledger.all,
    lambda ledger: ledger.begin(clip(ledger.folder, "b")),
    lambda ledger: ledger.videos.want(video(ledger.folder)),
    lambda ledger: ledger.jobs.unfinished(),
]


@pytest.mark.parametrize("ask", ASK)
def test_the_ledger_of_a_newer_livecam_is_left_as_it_is(
    folder: Path, ask: Callable[[Ledger], object]
) -> None:
    ledger = Ledger(folder)
    ledger.begin(clip(folder, "a"))
    change(folder, "PRAGMA user_version = 9")
    for each in (ledger, Ledger(folder)):
        with pytest.raises(
            OutputError, match=r"written by a newer livecam \(layout 9, this one knows 2\): update"
        ):
            ask(each)
    assert asides(folder) == []
    change(folder, "PRAGMA user_version = 2")
    assert [each.id for each in ledger.all()] == ["a"]


def test_a_layout_that_no_livecam_will_have_is_damage(folder: Path) -> None:
    Ledger(folder).begin(clip(folder, "a"))
    change(folder, "PRAGMA user_version = 256")
    assert Ledger(folder).all() == ()
    assert len(asides(folder)) == 1


def test_a_layout_that_is_too_high_in_a_file_that_is_damaged_elsewhere_too_is_damage(folder: Path) -> None:
    writer = Ledger(folder)
    for number in range(200):
        writer.begin(clip(folder, f"clip-{number:03}"))
    change(folder, "PRAGMA user_version = 9")
    content = bytearray(writer.path.read_bytes())
    content[5 * 4096 : 7 * 4096] = bytes(2 * 4096)
    writer.path.write_bytes(content)
    told: list[str] = []
    rebuilt = Ledger(folder, on_set_aside=lambda: told.append("set aside"))
    rebuilt.begin(clip(folder, "a"))
    assert [each.id for each in rebuilt.all()] == ["a"]
    assert told == ["set aside"]


def test_damage_to_one_table_has_all_of_the_ledger_rebuilt(folder: Path) -> None:
    """A ledger of which half is to be believed would be one that lies."""
    Ledger(folder).begin(clip(folder))
    Ledger(folder).jobs.add(job())
    change(folder, "UPDATE jobs SET state = 'forgotten'")
    fetched = job(state="fetched", job_id="j", results=folder / f"{job().video}.results.jsonl")

    def rebuild() -> None:
        again = Ledger(folder)
        again.add(clip(folder, state="recorded"))
        again.videos.add(video(folder, state="stored", place=PLACE))
        again.jobs.add(replace(fetched, number=77))

    rebuilt = Ledger(folder, on_set_aside=rebuild)
    assert rebuilt.jobs.all() == (fetched,)
    assert rebuilt.all() == (clip(folder, state="recorded"),)
    assert rebuilt.videos.all() == (video(folder, state="stored", place=PLACE),)
    assert len(asides(folder)) == 1
