from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_whole_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"what was there")
    (tmp_path / "page.html.part").write_bytes(b"what a crash left")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"page\.html cannot be written: .*; name another file$"):
        write_whole(tmp_path / "no" / "page.html", b"new")
