from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.recording.disk_room import KEEP_FREE, DiskRoom, Room, room_text, size_text

MB = 1_000_000
GB = 1000 * MB


def judged(room: DiskRoom, *free: int, total: int = 64 * GB, needed: int = 0) -> list[Room]:
    return [room.judge(each, total, needed) for each in free]


def test_a_disk_with_room_is_ok_then_low_then_full() -> None:
    assert judged(DiskRoom(500 * MB), 20 * GB, 1000 * MB, 999 * MB, 500 * MB, 499 * MB) == [
        "ok", "ok", "low", "low", "full",
    ]  # fmt: skip


def test_what_it_takes_to_finish_the_clip_is_not_free() -> None:
    assert judged(DiskRoom(500 * MB), 1300 * MB, 1299 * MB, needed=300 * MB) == ["ok", "low"]
    assert judged(DiskRoom(500 * MB), 800 * MB, 799 * MB, needed=300 * MB) == ["low", "full"]


def test_a_full_disk_must_have_more_than_it_had_when_it_became_full() -> None:
    room = DiskRoom(500 * MB)
    assert judged(room, 400 * MB, 600 * MB, 999 * MB, 1000 * MB) == ["full", "full", "full", "low"]
    assert judged(room, 600 * MB, 499 * MB) == ["low", "full"]


def test_a_low_disk_must_have_more_than_it_had_when_it_became_low() -> None:
    room = DiskRoom(500 * MB)
    assert judged(room, 999 * MB, 1001 * MB, 1249 * MB, 1250 * MB) == ["low", "low", "low", "ok"]


def test_a_full_disk_that_is_emptied_is_ok_at_once() -> None:
    assert judged(DiskRoom(500 * MB), 0, 30 * GB) == ["full", "ok"]


@pytest.mark.parametrize("total", [5 * MB, 100 * MB, 2 * GB, 64 * GB])
def test_what_is_recorded_can_be_finished_on_any_disk(total: int) -> None:
    room, part, chunk = DiskRoom(), 0, total // 1000
    while room.judge(total - part, total, part) != "full":
        part += chunk
    assert part <= total - part, "the copy that finishing makes has room"
    assert part >= 0.4 * total - KEEP_FREE, "and most of the disk was used"


def test_a_disk_of_five_megabytes_takes_a_clip_of_two() -> None:
    room = DiskRoom()
    assert room.judge(3 * MB, 5 * MB, 2 * MB) != "full"
    assert room.judge(5 * MB // 2, 5 * MB, 5 * MB // 2) == "full"


def test_a_file_system_that_does_not_tell_is_not_judged() -> None:
    assert DiskRoom().judge(0, 0, 30 * MB) == "ok"


def test_with_nothing_kept_free_a_disk_without_a_byte_is_full() -> None:
    assert judged(DiskRoom(0), 1, 0) == ["ok", "full"]


@given(st.lists(st.integers(0, 3000), max_size=50), st.integers(0, 1000))
def test_it_does_not_go_to_and_fro_on_a_small_change(free: list[int], needed: int) -> None:
    room, kept = DiskRoom(500 * MB), 500 * MB
    before, at = room.judge(64 * GB, 64 * GB, 0), 0
    for each in free:
        now = room.judge(each * MB, 64 * GB, needed * MB)
        if (before, now) in {("full", "low"), ("full", "ok")}:
            assert each * MB - at >= kept, "free again by as much as is kept free"
        if each * MB - needed * MB < kept:
            assert now == "full"
        if now == "full" and before != "full":
            at = each * MB
        at = min(at, each * MB) if now == "full" else at
        before = now


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (-5, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (99_949, "99.9 kB"),
        (99_960, "100 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (2_400_000, "2.4 MB"),
        (412 * MB, "412 MB"),
        (64 * GB, "64.0 GB"),
        (1500 * GB, "1.5 TB"),
        (12_345_678_000 * GB, "12346 PB"),
    ],
)
def test_bytes_are_told_in_decimal_units(size: int, text: str) -> None:
    assert size_text(size) == text


@given(st.integers(0, 10**17))
def test_what_is_told_is_never_far_off(size: int) -> None:
    number, unit = size_text(size).split()
    factor = {"bytes": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}[unit]
    assert float(number) * factor == pytest.approx(size, rel=0.051, abs=0.5)
    assert float(number) < 1000


def test_the_sentences_say_what_is_free_what_that_means_and_what_to_do() -> None:
    where = {"free": 412 * MB, "total": 64 * GB, "folder": Path("clips")}
    low, full = (room_text(room, **where) for room in ("low", "full"))  # type: ignore[arg-type]
    for text in (low, full):
        assert "free 412 MB of 64.0 GB on clips" in text
        assert "livecam clips purge" in text
    assert "recording will stop soon" in low
    assert "recording has stopped, the picture goes on" in full
    assert "room for clips again" in room_text("ok", free=9 * GB, total=64 * GB, folder="clips")
