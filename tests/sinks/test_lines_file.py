from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from livecam.errors import OutputError
from livecam.sinks.lines_file import LinesFile
from tests.requirements import skip_unless

FULL_DISK = Path("/dev/full")
PATIENCE = 10.0


def a_file(path: Path, failures: list[Exception] | None = None, *, capacity: int = 100) -> LinesFile[str]:
    on_failure = (lambda _: None) if failures is None else failures.append
    return LinesFile(path, as_line=lambda item: f"<{item}>\r\n", capacity=capacity, on_failure=on_failure)


def test_items_are_lines_in_order_and_end_as_the_item_says_on_every_system(tmp_path: Path) -> None:
    path, failures = tmp_path / "out.txt", list[Exception]()
    file = a_file(path, failures)
    assert file.put("one")
    assert file.put("Küche 台所")
    file.close()
    assert path.read_bytes() == "<one>\r\n<Küche 台所>\r\n".encode()
    assert failures == []


def test_a_name_that_is_not_utf8_does_not_stop_the_file(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    file = a_file(path)
    file.put(b"caf\xe9.mp4".decode("utf-8", "surrogateescape"))
    file.close()
    assert path.read_bytes() == b"<caf\\udce9.mp4>\r\n"


def test_a_line_is_out_before_the_file_is_closed(tmp_path: Path) -> None:
    path, lines, is_read = tmp_path / "pipe", list[str](), threading.Event()
    os.mkfifo(path)

    def read() -> None:
        with path.open(encoding="utf-8") as pipe:
            lines.append(pipe.readline())
            is_read.set()

    threading.Thread(target=read, daemon=True).start()
    file = a_file(path)
    file.put("first")
    assert is_read.wait(PATIENCE)
    assert lines == ["<first>\n"]
    file.close()


def test_what_finds_no_room_is_dropped_and_that_is_said(tmp_path: Path) -> None:
    is_writing, may_go_on = threading.Event(), threading.Event()

    def slowly(item: str) -> str:
        is_writing.set()
        assert may_go_on.wait(PATIENCE)
        return item

    path = tmp_path / "out.txt"
    file = LinesFile(path, as_line=slowly, capacity=1, on_failure=lambda _: None)
    assert file.put("a")
    assert is_writing.wait(PATIENCE)
    assert [file.put("b"), file.put("c")] == [True, False]
    may_go_on.set()
    file.close()
    assert path.read_text() == "ab"


def test_a_file_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no-folder/out\.txt cannot be written: No such file"):
        a_file(tmp_path / "no-folder" / "out.txt")


def test_a_full_disk_is_told_once_with_the_files_name() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    failures: list[Exception] = []
    file = a_file(FULL_DISK, failures)
    for number in range(20):
        file.put(str(number), waits=True)
    file.close()
    assert [(type(failure), str(failure)) for failure in failures] == [
        (OutputError, "/dev/full cannot be written: No space left on device")
    ]
