from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from livecam import consent
from livecam.consent import ConsentScope
from livecam.errors import OutputError
from livecam.state.consent import ConsentStore, consent_file
from livecam.testing.clock import FakeClock
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

HOME = ConsentScope("https://rekognition.us-east-1.amazonaws.com", "us-east-1", "default")
WORK = ConsentScope("https://rekognition.us-east-1.amazonaws.com", "us-east-1", "work")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "livecam" / "consent.sqlite3"


@pytest.fixture
def store(path: Path) -> ConsentStore:
    return ConsentStore(path, clock=FakeClock())


def test_what_is_given_is_there_for_the_next_run_and_for_nothing_else(
    store: ConsentStore, path: Path
) -> None:
    store.give(HOME)
    again = ConsentStore(path)
    assert again.has(HOME)
    assert not again.has(WORK)
    (remembered,) = again.list()
    assert remembered.scope == HOME
    assert remembered.given_at == FakeClock().wall()
    assert remembered.text_version == consent.TEXT_VERSION


def test_asking_makes_no_file(store: ConsentStore, path: Path) -> None:
    assert not store.has(HOME)
    assert not store.revoke(HOME)
    assert store.list() == ()
    assert not path.parent.exists()


def test_what_is_revoked_is_gone_and_the_rest_stays(store: ConsentStore) -> None:
    store.give(HOME)
    store.give(WORK)
    assert store.revoke(HOME)
    assert not store.revoke(HOME)
    assert [each.scope for each in store.list()] == [WORK]


def test_a_changed_text_is_asked_about_again_and_agreeing_replaces_the_old(
    store: ConsentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.give(HOME)
    monkeypatch.setattr("livecam.state.consent.TEXT_VERSION", consent.TEXT_VERSION + 1)
    assert not store.has(HOME)
    assert not store.list()[0].is_current
    store.give(HOME)
    assert store.has(HOME)
    assert len(store.list()) == 1


def test_file_and_folder_are_for_their_owner_only(store: ConsentStore, path: Path) -> None:
    skip_unless(sys.platform != "win32", "Windows has no such modes")
    store.give(HOME)
    with closing(sqlite3.connect(path)) as file:
        file.execute("SELECT * FROM consent").fetchall()
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_is_written_ahead(store: ConsentStore, path: Path) -> None:
    store.give(HOME)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def foreign_database(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.executescript(sql)


ROWS = (
    "CREATE TABLE consent (endpoint, region, profile, text_version, given_at);"
    "INSERT INTO consent VALUES ('e', 'r', 'p', 1, '{}')"
)


@pytest.mark.parametrize("damage", ["text", "cut", "columns", "date"])
def test_a_damaged_file_is_set_aside_and_told_and_counts_as_no_consent(
    store: ConsentStore, path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir(parents=True)
    if damage == "text":
        path.write_text("yes, I agree to everything. " * 99)
    elif damage == "cut":
        store.give(HOME)
        path.write_bytes(path.read_bytes()[:5000])
    elif damage == "columns":
        foreign_database(path, "CREATE TABLE consent (whatever INTEGER)")
    else:
        foreign_database(path, ROWS.format("yesterday"))
    before = path.read_bytes()
    assert not store.has(HOME)
    (aside,) = path.parent.glob("*.damaged-20260101-000000")
    assert aside.read_bytes() == before or damage in ("columns", "date")
    assert str(aside) in caplog.text
    assert "asked again" in caplog.text
    store.give(HOME)
    assert store.has(HOME)


def test_what_is_revoked_is_gone_from_a_file_whose_index_was_lost(store: ConsentStore, path: Path) -> None:
    store.give(HOME)
    content = path.read_bytes()
    path.write_bytes(content[:8198])  # of pages of 4096 bytes the third is the index
    store.give(HOME)
    store.revoke(HOME)
    assert not store.has(HOME)


def test_a_place_that_cannot_be_written_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = ConsentStore(tmp_path / "file" / "consent.sqlite3")
    with pytest.raises(OutputError, match=r"cannot be kept in .*: .*--yes for one run"):
        store.give(HOME)


def test_what_stands_in_a_folder_that_cannot_be_written_still_holds(
    store: ConsentStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.give(HOME)
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened for writing"))
    assert store.has(HOME)
    assert not store.has(WORK)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_another_program_keeps_is_not_taken_for_damaged(
    store: ConsentStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.give(HOME)
    monkeypatch.setattr("livecam.state.consent.WAIT", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutputError, match="locked"):
            store.give(WORK)
    assert [each.name for each in path.parent.glob("*damaged*")] == []
    assert store.has(HOME)


def test_several_may_agree_at_once(path: Path) -> None:
    scopes = [ConsentScope("https://e", "r", str(number)) for number in range(8)]
    threads = [threading.Thread(target=ConsentStore(path).give, args=[scope]) for scope in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.scope for each in ConsentStore(path).list()} == set(scopes)


def test_it_is_kept_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    skip_unless(sys.platform == "linux", "the variable is for Linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert consent_file() == tmp_path / "livecam" / "consent.sqlite3"
    assert ConsentStore().path == consent_file()
