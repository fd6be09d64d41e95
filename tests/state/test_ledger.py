from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from livecam.errors import OutputError
from livecam.state.ledger import Ledger, ledger_file
from livecam.testing.clock import FakeClock
from tests.requirements import skip_unless
from tests.state.ledgers import NOON, asides, change, clip

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clips"


@pytest.fixture
def ledger(folder: Path) -> Ledger:
    return Ledger(folder, clock=FakeClock())


def ids(ledger: Ledger) -> list[str]:
    return [each.id for each in ledger.all()]


def test_a_clip_is_there_for_the_next_livecam_with_all_that_is_known_of_it(
    ledger: Ledger, folder: Path
) -> None:
    whole = clip(
        folder,
        state="recorded",
        width=1280,
        height=720,
        duration=12.04,
        frames=301,
        size=2_000_000,
        problem="the last frame was lost",
        reason="HAPPY >= 80 for 1 s",
        started_at=NOON + timedelta(microseconds=1),
    )
    ledger.add(whole)
    assert Ledger(folder).get(whole.id) == whole
    assert Ledger(folder).all() == (whole,)


def test_a_clip_that_is_begun_is_being_recorded(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder, state="recorded"))
    (begun,) = ledger.all()
    assert begun == clip(folder, state="recording")


def test_what_is_begun_twice_is_told(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    with pytest.raises(OutputError, match="UNIQUE"):
        ledger.begin(clip(folder))
    assert asides(folder) == []


def test_what_becomes_known_is_noted_and_the_rest_stays(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    noted = ledger.note(clip(folder).id, state="finalising", width=640, height=480)
    assert noted == clip(folder, state="finalising", width=640, height=480)
    assert ledger.note(clip(folder).id, duration=2, problem="cut short") == replace(
        noted, duration=2.0, problem="cut short"
    )
    assert ledger.note(clip(folder).id, problem=None) == replace(noted, duration=2.0)
    assert ledger.get(clip(folder).id) == replace(noted, duration=2.0)


def test_nothing_is_noted_of_a_clip_that_is_not_there(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    assert ledger.note("another", state="recorded") is None
    assert ids(ledger) == [clip(folder).id]


def test_what_no_clip_has_cannot_be_noted(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    unknown: dict[str, Any] = {"id = 'x' --": 1}
    with pytest.raises(TypeError):
        ledger.note(clip(folder).id, **unknown)
    for wrong in ({"duration": float("nan")}, {"duration": -1.0}, {"frames": -1}, {"width": 1.5}):
        facts: dict[str, Any] = wrong
        with pytest.raises(ValueError, match="is no "):
            ledger.note(clip(folder).id, **facts)
    assert ledger.all() == (clip(folder),)


def test_what_is_added_takes_the_place_of_the_old(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    ledger.add(clip(folder, state="recorded", frames=3))
    assert ledger.all() == (clip(folder, state="recorded", frames=3),)


def test_clips_come_by_their_start_then_by_their_id(ledger: Ledger, folder: Path) -> None:
    elsewhere = timezone(timedelta(hours=2))
    ledger.begin(clip(folder, "c", started_at=(NOON + timedelta(seconds=0.5)).astimezone(elsewhere)))
    ledger.begin(clip(folder, "b"))
    ledger.begin(clip(folder, "d", started_at=NOON - timedelta(days=1)))
    ledger.begin(clip(folder, "a"))
    assert ids(ledger) == ["d", "a", "b", "c"]
    assert [each.id for each in ledger.all(newest_first=True)] == ["c", "b", "a", "d"]
    assert {each.started_at.tzinfo for each in ledger.all()} == {UTC}


def test_what_is_forgotten_is_gone_and_the_rest_stays(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder, "a"))
    ledger.begin(clip(folder, "b"))
    assert ledger.forget("a")
    assert not ledger.forget("a")
    assert ids(ledger) == ["b"]


def test_looking_makes_no_file(ledger: Ledger, folder: Path) -> None:
    assert not ledger.is_there()
    assert ledger.get("a") is None
    assert ledger.all() == ()
    assert ledger.note("a", state="recorded") is None
    assert not ledger.forget("a")
    assert not folder.exists()


def test_a_folder_that_was_moved_takes_its_ledger_along(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    folder.rename(folder.with_name("moved"))
    (found,) = Ledger(folder.with_name("moved")).all()
    assert found.file == folder.with_name("moved") / f"{found.id}.mp4"


def test_a_folder_may_be_named_in_several_ways(ledger: Ledger, folder: Path) -> None:
    ledger.begin(replace(clip(folder), file=folder / ".." / "clips" / "a.mp4"))
    assert ledger.all()[0].file == folder / "a.mp4"


@pytest.mark.parametrize(
    "name", ["../b/x.mp4", "sub/x.mp4", ".hidden.mp4", "a\nb.mp4", "C:x.mp4", "a\\b.mp4"]
)
def test_a_clip_outside_of_the_folder_is_no_clip(ledger: Ledger, folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"is not in|is no name"):
        ledger.begin(replace(clip(folder), file=folder / name))
    with pytest.raises(ValueError, match="is no name"):
        ledger.begin(clip(folder, name) if "/" not in name else replace(clip(folder), id=name))
    assert not ledger.is_there()


def test_a_source_whose_name_is_no_text_is_kept_as_far_as_it_is(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder, source="caf\udce9.mp4", reason='"all"; DROP TABLE clips'))
    (found,) = ledger.all()
    assert (found.source, found.reason) == ("caf\\udce9.mp4", '"all"; DROP TABLE clips')


def test_file_and_folder_are_for_their_owner_only(ledger: Ledger, folder: Path) -> None:
    skip_unless(sys.platform != "win32", "Windows has no such modes")
    ledger.begin(clip(folder))
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ledger.path.parent.stat().st_mode) == 0o700


def test_when_a_row_was_changed_is_written_down(ledger: Ledger, folder: Path) -> None:
    ledger.begin(clip(folder))
    with closing(sqlite3.connect(ledger.path)) as file:
        row = file.execute("SELECT updated_at, file FROM clips").fetchone()
    assert row == ("2026-01-01T00:00:00.000000+00:00", f"{clip(folder).id}.mp4")


def test_what_is_written_is_on_disk_also_when_the_power_fails(
    ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    prepare = ledger._file._prepare

    def look(file: sqlite3.Connection) -> None:
        prepare(file)
        (mode,), (sync,) = (
            file.execute(f"PRAGMA {each}").fetchone() for each in ("journal_mode", "synchronous")
        )
        seen.append((mode, sync))

    monkeypatch.setattr(ledger._file._file, "_prepare", look)
    ledger.begin(clip(folder))
    assert seen == [("wal", 2)]


HOSTILE = {
    "another id": "UPDATE clips SET id = '../../elsewhere'",
    "another folder": "UPDATE clips SET file = '../elsewhere.mp4'",
    "another disk": "UPDATE clips SET file = '/etc/passwd'",
    "the folder": "UPDATE clips SET file = '..'",
    "no name": "UPDATE clips SET file = ''",
    "bytes": "UPDATE clips SET source = x'00ff'",
    "no utf-8": "UPDATE clips SET source = CAST(x'ff41' AS TEXT)",
    "state": "UPDATE clips SET state = 'uploading'",
    "time": "UPDATE clips SET started_at = 'yesterday'",
    "local time": "UPDATE clips SET started_at = '2026-11-23T12:00:00'",
    "far time": "UPDATE clips SET started_at = '0001-01-01T00:00:00+23:00'",
    "count": "UPDATE clips SET frames = 'many'",
    "negative": "UPDATE clips SET size = -1",
    "infinite": "UPDATE clips SET duration = 9e999",
    "problem": "UPDATE clips SET problem = 7.5; UPDATE clips SET width = 1.5",
    "columns": "DROP TABLE clips; CREATE TABLE clips (whatever INTEGER)",
    "no table": "DROP TABLE clips",
    "layout": "PRAGMA user_version = -3",
    "another program": "PRAGMA user_version = 0",
}


@pytest.mark.parametrize("sql", HOSTILE.values(), ids=HOSTILE)
def test_what_livecam_never_writes_is_damage_and_the_ledger_is_rebuilt(
    folder: Path, sql: str, caplog: pytest.LogCaptureFixture
) -> None:
    Ledger(folder).begin(clip(folder))
    change(folder, sql)
    rebuilt = Ledger(folder, on_set_aside=lambda: Ledger(folder).add(clip(folder, state="recorded")))
    assert rebuilt.all() == (clip(folder, state="recorded"),)
    (aside,) = asides(folder)
    (message,) = caplog.messages
    assert str(aside) in message
    assert "rebuilt from the clips' files" in message


def test_what_was_asked_of_a_damaged_ledger_is_done_on_the_rebuilt_one(folder: Path) -> None:
    Ledger(folder).begin(clip(folder, "a"))
    ledger_file(folder).write_bytes(b"no database " * 500)
    rebuilt = Ledger(folder, on_set_aside=lambda: Ledger(folder).add(clip(folder, "a")))
    assert rebuilt.note("a", state="finalising") == clip(folder, "a", state="finalising")
    assert len(asides(folder)) == 1


def test_damage_that_rebuilding_comes_across_is_told_no_second_time(folder: Path) -> None:
    told: list[str] = []

    def rebuild() -> None:
        told.append("rebuild")
        ledger_file(folder).write_bytes(b"a failing disk " * 500)
        owned[0].add(clip(folder, "rebuilt"))

    owned = [Ledger(folder, on_set_aside=rebuild)]
    owned[0].begin(clip(folder, "a"))
    ledger_file(folder).write_bytes(b"a failing disk " * 500)
    owned[0].begin(clip(folder, "b"))
    assert told == ["rebuild"]
    assert ids(owned[0]) == ["b", "rebuilt"]


def test_damage_beside_the_clip_that_was_asked_for_is_found_at_first(folder: Path) -> None:
    writer = Ledger(folder)
    for number in range(200):
        writer.begin(clip(folder, f"clip-{number:03}"))
    content = bytearray(writer.path.read_bytes())
    content[3 * 4096 : 4 * 4096] = bytes(4096)
    writer.path.write_bytes(content)
    Ledger(folder).begin(clip(folder, "one-more"))
    assert len(asides(folder)) == 1


def test_what_stands_in_a_read_only_volume_can_be_read(
    ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.begin(clip(folder))
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened for writing"))
    assert ledger.all() == (clip(folder),)
    assert ledger.get(clip(folder).id) == clip(folder)
    assert [each.name for each in ledger.path.parent.iterdir()] == ["ledger.sqlite"]
    with pytest.raises(OutputError, match="Permission denied; see that"):
        ledger.note(clip(folder).id, state="recorded")


def test_a_place_that_cannot_be_written_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(OutputError, match=r"cannot be kept in .*a-file.*: .*; see that .*--clip-dir$"):
        Ledger(tmp_path / "a-file").begin(clip(tmp_path / "a-file"))


def test_a_file_that_another_program_keeps_is_told_and_not_set_aside(
    ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livecam.state.ledger_file.WAIT", 0.01)
    ledger.begin(clip(folder, "a"))
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match=r"is locked; .*that no other program keeps the file"):
            ledger.begin(clip(folder, "b"))
    assert asides(folder) == []
    ledger.begin(clip(folder, "b"))
    assert ids(ledger) == ["a", "b"]


RECORD = """
import sys
from pathlib import Path
from datetime import datetime, UTC
from livecam.clips import Clip
from livecam.state.ledger import Ledger
folder, name, most = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ledger = Ledger(folder)
for number in range(most):
    id = f"{name}-{number}"
    file, start = folder / f"{id}.mp4", datetime(2026, 11, 23, tzinfo=UTC)
    ledger.begin(Clip(id=id, file=file, source="s", reason="all", state="recording", started_at=start))
    print("begun", id, flush=True)
    assert ledger.note(id, state="recorded", frames=number).state == "recorded"
    print("recorded", id, flush=True)
"""


def recording(folder: Path, name: str, most: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RECORD, str(folder), name, str(most)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_programs_share_a_ledger(folder: Path) -> None:
    runs = [recording(folder, name, 30) for name in "ab"]
    assert [run.communicate()[1] for run in runs] == ["", ""]
    clips = Ledger(folder).all()
    assert sorted(each.id for each in clips) == sorted(f"{n}-{i}" for n in "ab" for i in range(30))
    assert {each.state for each in clips} == {"recorded"}
    assert asides(folder) == []


def test_what_a_killed_program_was_told_is_written_is_there(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    skip_unless(sys.platform != "win32", "Windows has no kill -9")
    told: dict[str, str] = {}
    for attempt in range(6):
        run = recording(folder, str(attempt), 1_000_000)
        assert run.stdout
        for _ in range(random.Random(attempt).randint(1, 40)):  # noqa: S311  # no secret
            state, id_ = run.stdout.readline().split()
            told[id_] = state
        run.send_signal(signal.SIGKILL)
        told |= {
            line.split()[1]: line.split()[0] for line in run.communicate()[0].splitlines() if " " in line
        }
        known = {each.id: each.state for each in Ledger(folder).all()}
        assert told.keys() <= known.keys()
        assert all(known[id_] == "recorded" for id_, state in told.items() if state == "recorded")
        assert len(known) - len(told) <= attempt + 1
    with closing(sqlite3.connect(ledger_file(folder))) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert caplog.messages == []
