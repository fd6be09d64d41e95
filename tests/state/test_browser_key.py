from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from livecam.clock import SystemClock
from livecam.state.browser_key import KEPT_FOR, browser_key

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "livecam" / "browser-key"


def test_it_is_the_same_for_the_next_run_and_its_owners_alone(path: Path) -> None:
    key = browser_key(SystemClock(), path)
    assert browser_key(SystemClock(), path) == key
    assert len(key) == 43
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["browser-key"]


@pytest.mark.parametrize("age", [KEPT_FOR, -60.0])
def test_an_old_one_and_one_from_the_future_are_replaced(path: Path, age: float) -> None:
    key = browser_key(SystemClock(), path)
    made = SystemClock().wall().timestamp() - age
    os.utime(path, (made, made))
    assert browser_key(SystemClock(), path) != key


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 44, b"\xff" * 43])
def test_a_damaged_one_is_replaced(path: Path, content: bytes) -> None:
    browser_key(SystemClock(), path)
    path.write_bytes(content)
    key = browser_key(SystemClock(), path)
    assert key.encode() != content
    assert path.read_text() == key


def test_one_that_others_may_read_is_replaced(path: Path) -> None:
    key = browser_key(SystemClock(), path)
    path.chmod(0o640)
    assert browser_key(SystemClock(), path) != key
    assert path.stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_kept_it_is_good_for_one_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "browser-key"
    assert browser_key(SystemClock(), path) != browser_key(SystemClock(), path)


def test_it_is_among_the_users_own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    key = browser_key(SystemClock())
    assert [each.read_text() for each in tmp_path.rglob("browser-key")] == [key] or os.name != "posix"
