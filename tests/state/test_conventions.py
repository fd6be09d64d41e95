from __future__ import annotations

import json
import stat
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.state.conventions import SCHEMA, ConventionStore, conventions_file
from livecam.testing.clock import FakeClock
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

LEARNT = Convention(Relation(0.01, -0.08, -0.083, 0.14), 12)
OTHER = Convention(Relation(-0.02, 0.0, 0.0, 0.05), 3)
FINDER = "centerface@384"
GOOD = {"detector": "d", "finder": "f", "count": 2, "dx": 0, "dy": 0.0, "log_width": 0.1, "log_height": 0.1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "livecam" / "box-conventions.json"


@pytest.fixture
def store(path: Path) -> ConventionStore:
    return ConventionStore(path, clock=FakeClock())


def document(*entries: object) -> bytes:
    return json.dumps({"schema": SCHEMA, "conventions": entries}).encode()


def test_what_is_learnt_is_there_for_the_next_run(store: ConventionStore, path: Path) -> None:
    store.save("rekognition", FINDER, LEARNT)
    assert ConventionStore(path).load("rekognition", FINDER) == LEARNT


def test_each_pair_of_detector_and_finder_has_its_own(store: ConventionStore) -> None:
    store.save("rekognition", FINDER, LEARNT)
    store.save("rekognition", "centerface@256", OTHER)
    assert store.load("rekognition", FINDER) == LEARNT
    assert store.load("rekognition", "centerface@256") == OTHER
    assert store.load("scripted", FINDER) is None
    store.save("rekognition", FINDER, OTHER)
    assert store.load("rekognition", FINDER) == OTHER


def test_asking_makes_no_file_and_what_was_not_learnt_is_not_kept(store: ConventionStore, path: Path) -> None:
    assert store.load("rekognition", FINDER) is None
    store.save("rekognition", FINDER, Convention())
    assert not path.parent.exists()


def test_file_and_folder_are_for_their_owner_only(store: ConventionStore, path: Path) -> None:
    skip_unless(sys.platform != "win32", "Windows has no such modes")
    store.save("rekognition", FINDER, LEARNT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_is_left_beside_the_file(store: ConventionStore, path: Path) -> None:
    for _ in range(3):
        store.save("rekognition", FINDER, LEARNT)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"yes, I agree",
        b"\xff\xfe\x00",
        b"[]",
        b"[" * 50_000,
        document(GOOD)[:-5],
        json.dumps({"schema": "livecam.box-conventions/9", "conventions": []}).encode(),
        json.dumps({"schema": SCHEMA, "conventions": {}}).encode(),
        document("x"),
        document({"detector": "d"}),
        document(GOOD, GOOD | {"count": 0}),
        document(GOOD | {"dx": None}),
        document(GOOD | {"dx": 10**400}),
        document(GOOD | {"dx": "0.1"}),
        document(GOOD | {"log_width": 9.0}),
        document(GOOD | {"dy": float("nan")}),
        document(GOOD) + b" " * 200_000,
    ],
)
def test_a_damaged_or_foreign_file_is_set_aside_and_told_and_counts_as_nothing(
    store: ConventionStore, path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert store.load("d", "f") is None
    aside = path.with_name(f"{path.name}.damaged-20260101-000000")
    assert aside.read_bytes() == content
    assert aside.name in caplog.text
    store.save("d", "f", LEARNT)
    assert store.load("d", "f") == LEARNT


def test_a_file_of_ours_is_read(store: ConventionStore, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(document(GOOD))
    assert store.load("d", "f") == Convention(Relation(0.0, 0.0, 0.1, 0.1), 2)


def test_a_place_that_cannot_be_written_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    store = ConventionStore(tmp_path / "file" / "box-conventions.json")
    store.save("rekognition", FINDER, LEARNT)
    assert store.load("rekognition", FINDER) is None
    assert "how rekognition draws boxes cannot be kept" in caplog.text
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_a_folder_in_the_place_of_the_file_stops_nothing(
    store: ConventionStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.mkdir(parents=True)
    assert store.load("rekognition", FINDER) is None
    assert "cannot be read" in caplog.text
    store.save("rekognition", FINDER, LEARNT)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_whoever_reads_while_others_write_sees_a_whole_file(
    store: ConventionStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.save("rekognition", FINDER, LEARNT)
    threads = [threading.Thread(target=store.save, args=("rekognition", FINDER, LEARNT)) for _ in range(10)]
    for thread in threads:
        thread.start()
    seen = {store.load("rekognition", FINDER) for _ in range(50)}
    for thread in threads:
        thread.join()
    assert seen == {LEARNT}
    assert caplog.text == ""


def test_it_is_kept_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    skip_unless(sys.platform.startswith("linux"), "the variable is Linux's")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert conventions_file() == tmp_path / "livecam" / "box-conventions.json"
    assert ConventionStore().path == conventions_file()
