from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from livecam.errors import OutputError
from livecam.state.sqlite_file import NotOurs, SqliteFile
from livecam.testing.clock import FakeClock
from tests.requirements import skip_unless

TABLE = "CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL)"


def sqlite_file(path: Path, told: list[str] | None = None) -> SqliteFile:
    return SqliteFile(
        path,
        prepare=lambda file: file.execute(TABLE),
        cannot_be_kept="words cannot be kept in {path}: {why}",
        is_set_aside="words cannot be read ({error}): set aside as {aside}",
        clock=FakeClock(),
        on_set_aside=None if told is None else lambda: told.append("set aside"),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data {braces} 100%" / "words.sqlite"


def write(file: SqliteFile, word: str) -> None:
    file.run(lambda each: each.execute("INSERT INTO words VALUES (?)", (word,)), wait=5)


def words(file: SqliteFile, wait: float = 5) -> list[str]:
    sql = "SELECT word FROM words"
    return file.run(lambda each: [word for (word,) in each.execute(sql)], wait=wait, is_reading=True)


def forbid_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened for writing"))


def damage(path: Path) -> None:
    path.write_bytes(b"this is no database, is it? " * 300)


def test_what_was_written_is_there_for_the_next(path: Path) -> None:
    assert not sqlite_file(path).is_there()
    write(sqlite_file(path), "one")
    assert sqlite_file(path).is_there()
    assert words(sqlite_file(path)) == ["one"]


def test_work_that_fails_leaves_nothing_behind(path: Path) -> None:
    file = sqlite_file(path)

    def fail(each: sqlite3.Connection) -> None:
        each.execute("INSERT INTO words VALUES ('half')")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        file.run(fail, wait=5)
    assert words(file) == []


def test_a_damaged_file_is_set_aside_and_told_before_the_work_goes_on(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    file = sqlite_file(path, told)
    write(file, "one")
    damage(path)
    write(file, "two")
    assert words(file) == ["two"]
    assert told == ["set aside"]
    aside = f"{path}.damaged-20260101-000000"
    assert caplog.messages == [f"words cannot be read (file is not a database): set aside as {aside}"]
    assert Path(aside).read_bytes().startswith(b"this is no database")


def test_what_is_told_of_damage_may_use_the_file(path: Path) -> None:
    file = sqlite_file(path)
    file._on_set_aside = lambda: write(file, "rebuilt")
    write(file, "one")
    damage(path)
    assert words(file) == ["rebuilt"]


def test_work_of_another_kind_may_begin_the_new_file(path: Path) -> None:
    file = sqlite_file(path)
    write(file, "one")
    damage(path)
    assert file.run(lambda each: each.execute(TABLE).fetchall(), wait=5, again=lambda _: ["again"]) == [
        "again"
    ]


def test_a_second_damaged_file_of_the_same_second_does_not_replace_the_first(path: Path) -> None:
    file = sqlite_file(path)
    for number in range(3):
        write(file, str(number))
        path.write_bytes(f"damage number {number}".encode() * 100)
        assert words(file) == []
    kept = sorted(each.name for each in path.parent.glob("*.damaged-*"))
    stem = "words.sqlite.damaged-20260101-000000"
    assert kept == [stem, f"{stem}-2", f"{stem}-3"]


def test_a_new_file_in_place_of_a_damaged_one_is_not_set_aside_by_who_came_second(path: Path) -> None:
    told: list[str] = []
    first, second = sqlite_file(path), sqlite_file(path, told)
    write(first, "one")

    def come_second(_: sqlite3.Connection) -> str:
        # Between the second's look at the file and its moving it aside, the first does so.
        first._set_aside(NotOurs("what the first read"), first._identity())
        write(first, "of the new file")
        raise NotOurs("what the second read")

    assert second.run(come_second, wait=5, again=lambda _: "again") == "again"
    assert words(first) == ["of the new file"]
    assert told == []


def test_what_was_written_into_a_file_just_when_it_was_moved_aside_is_written_into_the_new_one(
    path: Path,
) -> None:
    first, second = sqlite_file(path), sqlite_file(path)
    write(first, "one")

    def write_too_late(each: sqlite3.Connection) -> None:
        each.execute("INSERT INTO words VALUES ('two')")
        if not list(path.parent.glob("*.damaged-*")):
            first._set_aside(NotOurs("what the first read"), first._identity())
            write(first, "of the new file")

    second.run(write_too_late, wait=5)
    assert words(first) == ["of the new file", "two"]


def test_what_is_written_into_the_new_file_is_not_moved_aside_with_the_rest_of_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sqlite_file(path), sqlite_file(path)
    write(first, "one")
    rename = Path.rename

    def rename_slowly(self: Path, target: str) -> Path:
        if self.name.endswith("-wal"):  # the file itself is away by now
            with pytest.raises(OutputError, match="could not be acquired"):
                write(second, "two")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr("livecam.state.sqlite_file.LOCK_WAIT", 0.01)
        patch.setattr(Path, "rename", rename_slowly)
        first._set_aside(NotOurs("what the first read"), first._identity())
    write(second, "two")
    assert words(first) == ["two"]


def test_a_file_that_is_moved_aside_just_before_it_is_opened_is_not_made_by_opening_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_file(path)
    found: list[object] = []
    write(file, "one")
    connect = sqlite3.connect

    def connect_late(*args: object, **options: object) -> sqlite3.Connection:
        if not found:
            found.append(identity := file._identity())
            file._set_aside(NotOurs("what another one read"), identity)
            with pytest.raises(sqlite3.OperationalError):
                connect(*args, **options)  # type: ignore[call-overload]
            assert not path.exists()
        return connect(*args, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", connect_late)
    write(file, "two")
    assert words(file) == ["two"]


def test_a_file_that_is_moved_aside_while_its_rights_are_looked_at_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_file(path)
    write(file, "one")
    access = os.access

    def look_late(name: Path, mode: int) -> bool:
        if not list(path.parent.glob("*.damaged-*")):
            file._set_aside(NotOurs("what another one read"), file._identity())
        return access(name, mode)

    monkeypatch.setattr(os, "access", look_late)
    write(file, "two")
    assert words(file) == ["two"]


def test_a_file_that_is_moved_aside_before_it_is_looked_at_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_file(path)
    write(file, "one")
    is_dir, late = Path.is_dir, [True]

    def look_late(self: Path) -> bool:
        if late and late.pop():
            file._set_aside(NotOurs("what another one read"), file._identity())
        return is_dir(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_dir", look_late)
        write(file, "two")
    assert words(file) == ["two"]


def test_a_disk_that_damages_every_new_file_is_told(path: Path) -> None:
    def damaged(_: sqlite3.Connection) -> None:
        raise NotOurs("still damaged")

    with pytest.raises(OutputError, match="still damaged"):
        sqlite_file(path).run(damaged, wait=5)
    assert len(list(path.parent.glob("*.damaged-*"))) <= 3


def test_two_that_come_across_damage_at_once_lose_nothing_of_the_new_file(path: Path) -> None:
    for attempt in range(10):
        write(sqlite_file(path), "old")
        damage(path)
        threads = [
            threading.Thread(target=write, args=(sqlite_file(path), f"{attempt}-{number}"))
            for number in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(words(sqlite_file(path))) == [f"{attempt}-{number}" for number in range(4)]
        damage(path)
        words(sqlite_file(path))


def test_programs_that_make_the_file_at_the_same_moment_wait_for_each_other(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.state.test_sqlite_file import sqlite_file, write\n"
        "for line in sys.stdin: write(sqlite_file(Path(line.strip())), 'mine')"
    )
    command = [sys.executable, "-c", program]
    runs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "123"
    ]
    paths = [tmp_path / str(number) / "words.sqlite" for number in range(20)]
    for run in runs:
        assert run.stdin
        run.stdin.write("".join(f"{path}\n" for path in paths))
        run.stdin.flush()
    assert [run.communicate()[1] for run in runs] == ["", "", ""]
    assert [len(words(sqlite_file(path))) for path in paths] == [3] * 20


UNREADABLE = b"CREATE TABLE words (word TEXT NOT NUL\xc4)".hex()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO words VALUES (CAST(x'ff41' AS TEXT))",
        "DROP TABLE words; CREATE TABLE words (other INTEGER)",
        # SQLite's own message about it is no text that Python can read.
        f"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = CAST(x'{UNREADABLE}' AS TEXT)",  # noqa: S608
    ],
)
def test_what_cannot_have_been_written_by_livecam_is_damage(path: Path, sql: str) -> None:
    file = sqlite_file(path)
    write(file, "one")
    with closing(sqlite3.connect(path)) as other, other:
        other.executescript(sql)
    assert words(file) == []
    assert len(list(path.parent.glob("*.damaged-*[0-9]"))) == 1


def test_a_header_that_says_read_only_of_a_file_that_can_be_written_is_damage(path: Path) -> None:
    file = sqlite_file(path)
    write(file, "one")
    content = bytearray(path.read_bytes())
    content[18] = 9  # the lowest version of SQLite that may write it
    path.write_bytes(content)
    write(file, "two")
    assert words(file) == ["two"]


def test_no_room_is_told_and_not_taken_for_damage(path: Path) -> None:
    file = sqlite_file(path)
    write(file, "one")

    def fill(each: sqlite3.Connection) -> None:
        each.execute("PRAGMA max_page_count = 2")
        each.execute("INSERT INTO words VALUES (?)", ("x" * 100_000,))

    with pytest.raises(OutputError, match=r"words cannot be kept in .*: database or disk is full"):
        file.run(fill, wait=5)
    assert words(file) == ["one"]


def test_a_full_disk_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sqlite_file(path)
    write(file, "one")

    def no_room(self: SqliteFile, *_: object) -> None:
        # What SQLite does where it cannot make the shared memory of a file in WAL mode.
        with closing(sqlite3.connect(path.parent)) as folder:
            folder.execute("SELECT 1 FROM sqlite_master")

    monkeypatch.setattr(SqliteFile, "_attempt", no_room)
    assert words(file) == ["one"]
    with pytest.raises(OutputError, match="unable to open database file"):
        write(file, "two")


def test_rights_that_are_missing_are_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sqlite_file(path)
    write(file, "one")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="Permission denied"):
        write(file, "two")


def test_reading_where_nothing_can_be_written_makes_no_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_file(path)
    write(file, "one")
    forbid_writing(monkeypatch)
    assert words(file) == ["one"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_reading_where_nothing_can_be_written_sees_what_another_program_wrote_ahead(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_file(path)
    write(file, "one")
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO words VALUES ('ahead')")
        other.commit()
        forbid_writing(monkeypatch)
        assert words(file) == ["one", "ahead"]


def test_other_threads_of_a_process_keep_their_locks_while_the_file_is_used(path: Path) -> None:
    """See `_making`: a program that closes the file would take what is written ahead for left over."""
    skip_unless(sys.platform != "win32", "Windows has other locks")
    file = sqlite_file(path)
    write(file, "one")
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM words').fetchall()"
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO words VALUES ('ahead')")
        other.commit()
        write(file, "two")
        subprocess.run([sys.executable, "-c", program, str(path)], check=True)
        assert Path(f"{path}-wal").exists()
