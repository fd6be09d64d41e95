from __future__ import annotations

import json
import os
import queue
import threading
from pathlib import Path

import pytest

from livecam.errors import OutputError
from livecam.sinks.json_lines import JsonLinesFile
from tests.requirements import skip_unless

FULL_DISK = Path("/dev/full")
PATIENCE = 10.0


def test_each_object_is_one_line_in_order(tmp_path: Path) -> None:
    path, failures = tmp_path / "out.jsonl", list[Exception]()
    file = JsonLinesFile(path, on_failure=failures.append)
    assert file.put({"a": 1, "text": "two\nlines"})
    assert file.put({"a": 2, "list": [1.5, None, True]})
    file.close()
    lines = path.read_text(encoding="utf-8").split("\n")
    assert [json.loads(line) for line in lines[:-1]] == [
        {"a": 1, "text": "two\nlines"},
        {"a": 2, "list": [1.5, None, True]},
    ]
    assert lines[-1] == ""
    assert failures == []


def test_text_of_any_language_is_kept_readable(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    file = JsonLinesFile(path, on_failure=lambda _: None)
    file.put({"source": "Küche 台所 🙂"})
    file.close()
    assert path.read_bytes().decode("utf-8") == '{"source":"Küche 台所 🙂"}\n'


def test_a_name_that_is_not_utf8_does_not_stop_the_file(tmp_path: Path) -> None:
    path, failures = tmp_path / "out.jsonl", list[Exception]()
    name = b"caf\xe9.mp4".decode("utf-8", "surrogateescape")
    file = JsonLinesFile(path, on_failure=failures.append)
    file.put({"source": name})
    file.put({"source": "next"})
    file.close()
    sources = [json.loads(line)["source"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert sources == [name, "next"]
    assert failures == []


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old\n" * 100)
    JsonLinesFile(path, on_failure=lambda _: None).close()
    assert path.read_text() == ""


def test_a_line_is_out_before_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        with path.open(encoding="utf-8") as pipe:
            for line in pipe:
                lines.put(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    file = JsonLinesFile(path, on_failure=lambda _: None)
    file.put({"first": True})
    assert lines.get(timeout=PATIENCE) == '{"first":true}\n'
    file.close()
    reader.join(PATIENCE)
    assert not reader.is_alive()


def test_a_file_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no-folder" / "out.jsonl"
    with pytest.raises(OutputError, match=r"no-folder/out\.jsonl cannot be written: No such file"):
        JsonLinesFile(path, on_failure=lambda _: None)


def test_a_full_disk_is_told_once_with_the_files_name() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    failures: list[Exception] = []
    file = JsonLinesFile(FULL_DISK, on_failure=failures.append)
    for number in range(20):
        file.put({"a": number}, waits=True)
    file.close()
    assert [(type(failure), str(failure)) for failure in failures] == [
        (OutputError, "/dev/full cannot be written: No space left on device")
    ]


def test_nothing_is_taken_after_closing(tmp_path: Path) -> None:
    file = JsonLinesFile(tmp_path / "out.jsonl", on_failure=lambda _: None)
    file.close()
    file.close()
    assert not file.put({"a": 1})
