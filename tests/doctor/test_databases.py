from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from livecam.consent import ConsentScope
from livecam.doctor import databases
from livecam.state.consent import ConsentStore, consent_file
from livecam.state.ledger import Ledger, ledger_file
from tests.doctor.clip_rows import a_clip


@pytest.fixture(autouse=True)
def _data_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_none_is_no_trouble_and_makes_none(tmp_path: Path) -> None:
    assert databases.databases(databases.kept(tmp_path)).state == "ok"
    assert names(tmp_path) == []


def test_those_that_are_whole_are_named_and_left_as_they_are(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    Ledger(clips).add(a_clip(clips))
    ConsentStore().give(ConsentScope("https://x.example", "eu-west-1", "default"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    told = databases.databases(databases.kept(clips))
    assert (told.state, told.text) == ("ok", "the ledger of clips, what you agreed to: whole")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("damage", [b"no database at all", None])
def test_one_that_is_damaged_fails_and_is_not_moved(tmp_path: Path, damage: bytes | None) -> None:
    clips = tmp_path / "clips"
    ledger = Ledger(clips)
    for number in range(200):
        ledger.add(a_clip(clips, number))
    path = ledger_file(clips)
    content = damage or path.read_bytes()[:4096] + b"\xff" * 8192 + path.read_bytes()[12288:]
    path.write_bytes(content)
    told = databases.databases(databases.kept(clips))
    assert told.state == "fail"
    assert told.text.startswith("the ledger of clips cannot be read (")
    assert "\n" not in told.text
    assert "livecam clips sync" in str(told.advice)
    assert path.read_bytes() == content


def test_what_is_only_in_the_write_ahead_log_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (x)")
    try:
        assert Path(f"{path}-wal").exists()
        with databases.reading(path) as file:
            assert file.execute("SELECT count(*) FROM t").fetchone() == (0,)
        assert databases.why_not_whole(path) is None
    finally:
        writer.close()


def test_one_in_a_folder_that_takes_nothing_is_read_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sqlite"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE t (x)")
    writer.close()
    Path(f"{path}-wal").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert databases.why_not_whole(path) is None
    assert names(tmp_path) == ["a.sqlite", "a.sqlite-wal"]


def test_consent_that_is_damaged_needs_nothing_but_another_answer(tmp_path: Path) -> None:
    consent_file().parent.mkdir(parents=True)
    consent_file().write_bytes(b"rubbish")
    told = databases.databases(databases.kept(tmp_path))
    assert told.text.startswith("what you agreed to cannot be read (file is not a database)")
    assert told.advice == databases.OF_CONSENT
