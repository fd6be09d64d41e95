from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from livecam import log_file
from livecam.errors import OutputError
from livecam.log_file import OLD_FILES, LogFile
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


FULL = Path("/dev/full")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], LogFile]]:
    """Return what opens a log file among the handlers of a logger of its own."""
    logger = logging.getLogger("livecam")
    handlers: list[LogFile] = []

    def make() -> LogFile:
        handler = LogFile(tmp_path / "livecam.log")
        handlers.append(handler)
        logger.addHandler(handler)
        return handler

    yield make
    for handler in handlers:
        logger.removeHandler(handler)
        handler.close()


def say(text: str) -> None:
    logging.getLogger("livecam.test").warning("%s", text)


def test_lines_are_added_to_what_is_there_and_only_its_owner_may_read_them(
    opened: Callable[[], LogFile], tmp_path: Path
) -> None:
    file = tmp_path / "livecam.log"
    file.touch(mode=0o600)
    file.write_text("of the run before\n")
    opened()
    say("now")
    assert file.read_text() == "of the run before\nnow\n"


def test_a_file_that_is_full_is_set_aside_and_the_oldest_goes(
    opened: Callable[[], LogFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "MOST_BYTES", 30)
    opened()
    for number in range(20):
        say(f"line number {number:02}")
    files = [tmp_path / "livecam.log", *(tmp_path / f"livecam.log.{age + 1}" for age in range(OLD_FILES))]
    kept = [line for file in reversed(files) for line in file.read_text().splitlines()]
    assert kept == [f"line number {number:02}" for number in range(20 - len(kept), 20)]
    assert sorted(each for each in tmp_path.iterdir() if each.suffix != ".lock") == sorted(files)
    if os.name == "posix":
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_file_that_cannot_be_set_aside_grows_on_and_loses_nothing(
    opened: Callable[[], LogFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(log_file, "MOST_BYTES", 200)
    monkeypatch.setattr(os, "rename", refuse)
    opened()
    for number in range(20):
        say(f"line number {number:02}")
    lines = (tmp_path / "livecam.log").read_text().splitlines()
    assert [line for line in lines if line.startswith("line")] == [f"line number {n:02}" for n in range(20)]
    assert any("cannot be rotated and grows on: Permission denied" in line for line in lines)
    assert len(lines) < 25


@pytest.mark.logs_errors
def test_a_disk_that_is_full_for_a_while_costs_its_lines_and_is_told_once(
    opened: Callable[[], LogFile],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    skip_unless(FULL.exists(), "there is no /dev/full")
    handler = opened()
    say("before")
    assert handler.stream is not None
    handler.stream.close()
    handler.stream = FULL.open("a")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(handler, "_open", lambda: FULL.open("a"))
        say("lost")
        say("lost too")
    say("after")
    say("and on")
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "going on without it until it can" in errors[0]
    # Two, and the line about it.
    missing = "3 lines are missing here: the disk would not take them"
    assert (tmp_path / "livecam.log").read_text().splitlines() == ["before", "after", missing, "and on"]


def test_a_file_that_another_process_writes_is_refused(opened: Callable[[], LogFile], tmp_path: Path) -> None:
    opened()
    code = "import sys, pathlib; from livecam.log_file import LogFile; LogFile(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(tmp_path / "livecam.log")]
    other = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert "is written by another livecam; give each its own" in other.stderr


def test_once_it_is_closed_the_next_may_write(opened: Callable[[], LogFile], tmp_path: Path) -> None:
    opened().close()
    assert [file.name for file in tmp_path.iterdir()] == ["livecam.log"]
    opened()
    say("again")


@pytest.mark.parametrize("name", ["no-folder/x.log", "."])
def test_what_cannot_be_written_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        LogFile(tmp_path / name)


def test_a_device_may_be_written_by_many_at_once() -> None:
    skip_unless(os.name == "posix", "there are no devices")
    first, second = LogFile(Path(os.devnull)), LogFile(Path(os.devnull))
    first.close()
    second.close()
