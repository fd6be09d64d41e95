from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.whole_file import make_anew, make_folder, owner_only, write_whole

if TYPE_CHECKING:
    from pathlib import Path

POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")


def test_a_file_is_replaced_whole_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"what was there")
    (tmp_path / "page.html.part").write_bytes(b"what a crash left")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@POSIX_ONLY
def test_a_new_file_is_its_owners_alone_and_one_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    new, shared = tmp_path / "new", tmp_path / "shared"
    shared.touch(mode=0o644)
    for path in (new, shared):
        with open(path, "w", encoding="utf-8", opener=owner_only) as file:
            file.write("x")
    assert (_rights(new), _rights(shared)) == (0o600, 0o644)


@POSIX_ONLY
def test_a_file_that_is_made_anew_does_not_go_through_a_link_that_somebody_laid(tmp_path: Path) -> None:
    treasure, trap = tmp_path / "treasure", tmp_path / "video.part.mp4"
    treasure.write_bytes(b"gold")
    trap.symlink_to(treasure)
    make_anew(trap)
    assert (trap.is_symlink(), _rights(trap), treasure.read_bytes()) == (False, 0o600, b"gold")


@POSIX_ONLY
def test_every_folder_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_folder(tmp_path / "livecam" / "clips")
    make_folder(tmp_path / "livecam" / "clips")
    modes = [_rights(tmp_path / name) for name in ("", "livecam", "livecam/clips")]
    assert modes == [0o755, 0o700, 0o700]


@POSIX_ONLY
def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    device = tmp_path / "device"
    os.mkfifo(device)
    reader = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(device, b"page")
    assert os.read(reader, 100) == b"page"
    assert stat.S_ISFIFO(device.stat().st_mode)
    os.close(reader)


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"page\.html cannot be written: .*; name another file$"):
        write_whole(tmp_path / "no" / "page.html", b"new")
