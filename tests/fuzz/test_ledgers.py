"""Ledgers: whatever is wrong with the file, what is written into it is there, or it was set aside."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from livecam.errors import OutputError
from livecam.state.ledger import Ledger, ledger_file
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import DAMAGE, Damage, Whole
from tests.state.ledgers import clip, job, video


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Return a ledger of 60 clips and jobs, half of them written ahead only: the file and the log."""
    folder = tmp_path_factory.mktemp("ledger")
    ledger = Ledger(folder)
    for number in range(30):
        ledger.begin(clip(folder, f"clip-{number}"))
        ledger.jobs.add(job(f"clip-{number}"))
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("SELECT * FROM clips").fetchall()
        for number in range(30, 60):
            ledger.begin(clip(folder, f"clip-{number}"))
            ledger.videos.want(video(folder, f"clip-{number}"))
            ledger.jobs.add(job(f"clip-{number}"))
        return Whole((ledger.path.read_bytes(), Path(f"{ledger.path}-wal").read_bytes()))


def keeps_what_it_is_given(ledger: Ledger, folder: Path) -> bool:
    """Say whether what is written into a ledger is found there, and nothing goes that was there."""
    new = clip(folder, "new")
    before = ids(ledger)
    ledger.begin(new)
    recorded = replace(new, state="recorded")
    return all(
        (
            ledger.note("new", state="recorded") == recorded,
            {*ids(ledger)} >= {*before, "new"},
            ledger.get("new") == recorded,
            ledger.forget("new"),
            ledger.videos.want(video(folder, "new")) in ledger.videos.all(),
            ledger.jobs.add(job("new")) in ledger.jobs.all(),
        )
    )


def ids(ledger: Ledger) -> list[str]:
    return [each.id for each in ledger.all()]


def assert_goes_on(folder: Path) -> None:
    """See that a ledger takes what it is given; or it was set aside, and the new one does."""
    told: list[str] = []
    ledger = Ledger(folder, on_set_aside=lambda: told.append("set aside"))
    try:
        # Damage may show only while it is used; what is set aside then makes room for a whole one.
        assert keeps_what_it_is_given(ledger, folder) or told
        assert keeps_what_it_is_given(ledger, folder) or told[1:]
    except OutputError as error:
        assert_told(error, "newer livecam")  # any other damage is not an error


@fuzzed(50, damage=DAMAGE, log_damage=DAMAGE, is_log_there=st.booleans())
def test_a_ledger_with_any_damage_works_or_is_set_aside(
    whole: Whole, tmp_path: Path, damage: Damage, log_damage: Damage, *, is_log_there: bool
) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    path = ledger_file(folder)
    path.parent.mkdir()
    file, log = whole.content
    path.write_bytes(damage.of(file))
    if is_log_there:
        Path(f"{path}-wal").write_bytes(log_damage.of(log))
    assert_goes_on(folder)
    shutil.rmtree(folder)


VALUES = st.one_of(
    st.none(),
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=10),
    st.sampled_from(
        ["..", "../x.mp4", "/etc/passwd", "\x1b[31m", "clip-1", "2026-01-01", "s3://", "recorded"]
    ),
)


@fuzzed(
    25,
    table=st.sampled_from(["clips", "videos", "jobs"]),
    column=st.integers(0, 100),
    value=VALUES,
    is_every=st.booleans(),
)
def test_a_ledger_with_any_value_in_it_works_or_is_set_aside(
    tmp_path: Path, table: str, column: int, value: object, *, is_every: bool
) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    ledger = Ledger(folder)
    for number in range(3):
        ledger.begin(clip(folder, f"clip-{number}"))
        ledger.videos.want(video(folder, f"clip-{number}"))
        ledger.jobs.add(job(f"clip-{number}"))
    with closing(sqlite3.connect(ledger.path)) as file, file:
        names = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
        where = "" if is_every else " WHERE rowid = 2"
        name = names[column % len(names)]
        try:
            file.execute(f"UPDATE {table} SET {name} = ?{where}", (value,))  # noqa: S608  our own names
        except (sqlite3.Error, UnicodeEncodeError):
            return  # the table itself refuses it
    assert_goes_on(folder)
    shutil.rmtree(folder)
