from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.state.spend import SpendStore, spend_file
from livecam.testing.clock import FakeClock
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

TODAY, TOMORROW = "2026-11-22", "2026-11-23"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "livecam" / "spend.sqlite3"


@pytest.fixture
def store(path: Path) -> SpendStore:
    return SpendStore(path, clock=FakeClock())


def test_what_was_put_down_is_there_for_every_run_of_that_day(store: SpendStore, path: Path) -> None:
    assert store.reserve(TODAY, 3, 10) == (True, 3)
    assert SpendStore(path).reserve(TODAY, 3, 10) == (True, 6)
    assert (SpendStore(path).spent(TODAY), SpendStore(path).spent(TOMORROW)) == (6, 0)


def test_nothing_is_put_down_beyond_the_limit(store: SpendStore) -> None:
    assert [store.reserve(TODAY, 3, 10)[0] for _ in range(5)] == [True, True, True, False, False]
    assert store.spent(TODAY) == 9
    assert store.reserve(TOMORROW, 3, 10) == (True, 3)


def test_what_is_taken_back_can_be_spent_again(store: SpendStore) -> None:
    store.reserve(TODAY, 6, 10)
    assert store.release(TODAY, 6) == 0
    assert store.reserve(TODAY, 10, 10) == (True, 10)
    assert store.release(TOMORROW, 6) == 0


def test_threads_together_spend_no_more_than_the_limit(path: Path) -> None:
    paid: list[bool] = []

    def spend() -> None:
        own = SpendStore(path)
        paid.extend(own.reserve(TODAY, 1, 30)[0] for _ in range(10))

    threads = [threading.Thread(target=spend) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(paid), sum(paid)) == (50, 30)
    assert SpendStore(path).spent(TODAY) == 30


def test_programs_together_spend_no_more_than_the_limit(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from livecam.state.spend import SpendStore;"
        "store = SpendStore(Path(sys.argv[1]));"
        f"print(sum(store.reserve('{TODAY}', 1, 50)[0] for _ in range(40)))"
    )
    command = [sys.executable, "-c", program, str(path)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(run.communicate()[0]) for run in runs) == 50
    assert SpendStore(path).spent(TODAY) == 50


def test_file_and_folder_are_for_their_owner_only(store: SpendStore, path: Path) -> None:
    skip_unless(sys.platform != "win32", "Windows has no such modes")
    store.reserve(TODAY, 1, 10)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", ["text", "cut", "columns", "row"])
def test_a_damaged_file_is_set_aside_and_told_and_the_run_goes_on_with_what_it_knew(
    store: SpendStore, path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.reserve(TODAY, 4, 10)
    if damage == "text":
        path.write_text("nothing was spent. " * 99, encoding="utf-8")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        path.unlink()
        row = "CREATE TABLE spend (day, nanodollars); INSERT INTO spend VALUES ('2026-11-22', 'much')"
        with closing(sqlite3.connect(path)) as file, file:
            file.executescript("CREATE TABLE spend (whatever INTEGER)" if damage == "columns" else row)
    assert store.reserve(TODAY, 4, 10) == (True, 8)
    assert store.reserve(TODAY, 4, 10) == (False, 8)
    (aside,) = path.parent.glob("spend.sqlite3.damaged-*[0-9]")
    (message,) = caplog.messages
    assert str(aside) in message


def test_a_file_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("no folder")
    with pytest.raises(OutputError, match=r"cannot be kept in .*no paid call is made until"):
        SpendStore(tmp_path / "a-file" / "spend.sqlite3").spent(TODAY)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Is a directory"):
        SpendStore(tmp_path).reserve(TODAY, 1, 10)


def test_a_file_that_another_program_keeps_is_told_and_not_set_aside(
    store: SpendStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livecam.state.spend.WAIT", 0.01)
    store.reserve(TODAY, 1, 10)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="locked"):
            store.reserve(TODAY, 1, 10)
    assert store.reserve(TODAY, 1, 10) == (True, 2)


def test_the_usual_file_is_in_the_user_s_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    skip_unless(sys.platform == "linux", "elsewhere it is in another place")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert spend_file() == tmp_path / "livecam" / "spend.sqlite3"


def test_what_was_looked_at_is_not_forgotten_when_the_file_is_damaged(store: SpendStore, path: Path) -> None:
    SpendStore(path).reserve(TODAY, 1900, 2000)
    assert store.spent(TODAY) == 1900
    path.write_bytes(b"no database at all" * 100)
    for companion in ("-wal", "-shm"):
        path.with_name(path.name + companion).unlink(missing_ok=True)
    assert store.reserve(TODAY, 200, 2000) == (False, 1900)
