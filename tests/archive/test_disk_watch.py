from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from livecam.archive.disk_watch import LOOK_EVERY, DiskWatch

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TOTAL = 64_000_000_000
KEEP = 500_000_000


class Usage(NamedTuple):
    total: int
    used: int
    free: int


class Disk:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free = TOTAL // 2
        self.looks = 0
        monkeypatch.setattr(shutil, "disk_usage", self._usage)

    def _usage(self, _path: object) -> Usage:
        self.looks += 1
        return Usage(TOTAL, TOTAL - self.free, self.free)


def test_news_are_told_once_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, watch = Disk(monkeypatch), DiskWatch(tmp_path, keep_free=KEEP)
    told = []
    for step, free in enumerate((TOTAL // 2, 900_000_000, 900_000_000, 400_000_000, 2_000_000_000)):
        disk.free = free
        told.append(watch.look(step * LOOK_EVERY, unfinished_bytes=lambda: 0))
        if told[-1] == "full":
            assert f"free 400 MB of 64.0 GB on {tmp_path}" in watch.sentence
    assert told == [None, "low", None, "full", "ok"]


def test_what_finishing_the_open_clip_takes_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, watch = Disk(monkeypatch), DiskWatch(tmp_path, keep_free=KEEP)
    disk.free = 3_000_000_000
    assert watch.look(0.0, unfinished_bytes=lambda: 0) is None
    assert watch.look(LOOK_EVERY, unfinished_bytes=lambda: 2_600_000_000) == "full"


def test_the_disk_is_looked_at_every_few_seconds_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, watch = Disk(monkeypatch), DiskWatch(tmp_path, keep_free=KEEP)
    for frame in range(75):
        watch.look(frame / 30, unfinished_bytes=lambda: 0)
    assert disk.looks == 5


def test_time_that_goes_back_does_not_stop_the_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, watch = Disk(monkeypatch), DiskWatch(tmp_path, keep_free=KEEP)
    watch.look(1000.0, unfinished_bytes=lambda: 0)
    watch.look(0.0, unfinished_bytes=lambda: 0)
    assert disk.looks == 2


def test_a_folder_that_is_gone_is_no_verdict(tmp_path: Path) -> None:
    watch = DiskWatch(tmp_path / "gone", keep_free=KEEP)
    assert watch.look(0.0, unfinished_bytes=lambda: 0) is None
    assert watch.state == "ok"
