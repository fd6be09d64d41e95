from __future__ import annotations

import base64
import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from livecam.aws.file_parts import FileInParts, composite_checksum, part_size_for
from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(os.urandom(2 * MIB + 7))
    return path


def test_the_parts_are_the_file_with_their_own_checksums(file: Path) -> None:
    with FileInParts(file) as opened:
        parts = opened.parts(MIB)
        pieces = [opened.read(part) for part in parts]
    assert [part.number for part in parts] == [1, 2, 3]
    assert b"".join(pieces) == file.read_bytes()
    assert [part.digest for part in parts] == [hashlib.sha256(piece).digest() for piece in pieces]
    assert base64.b64decode(parts[2].checksum) == hashlib.sha256(file.read_bytes()[-7:]).digest()


def test_the_checksum_of_parts_is_that_of_theirs_and_how_many(file: Path) -> None:
    data = file.read_bytes()
    digests = b"".join(hashlib.sha256(data[start : start + MIB]).digest() for start in (0, MIB, 2 * MIB))
    with FileInParts(file) as opened:
        checksum = composite_checksum(opened.parts(MIB))
    assert checksum == base64.b64encode(hashlib.sha256(digests).digest()).decode() + "-3"


def test_an_empty_file_is_one_part(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    with FileInParts(path) as opened:
        (part,) = opened.parts(MIB)
        assert (part.size, opened.read(part)) == (0, b"")


@pytest.mark.parametrize(
    ("size", "expected"), [(0, 8 * MIB), (80_000 * MIB, 8 * MIB), (80_000 * MIB + 1, 9 * MIB)]
)
def test_parts_grow_so_that_there_are_no_more_than_s3_takes(size: int, expected: int) -> None:
    assert part_size_for(size, 8 * MIB) == expected
    assert -(-size // expected) <= 10_000


@pytest.mark.parametrize("change", ["longer", "shorter", "touched", "another", "gone"])
def test_a_file_that_changes_is_noticed(file: Path, change: str) -> None:
    with FileInParts(file) as opened:
        if change == "longer":
            file.write_bytes(file.read_bytes() + b"x")
        elif change == "shorter":
            os.truncate(file, 5)
        elif change == "touched":
            os.utime(file, ns=(1, 1))
        else:
            data = file.read_bytes()
            file.unlink()
            if change == "another":
                file.write_bytes(data)
        with pytest.raises(OutputError, match="cannot be read" if change == "gone" else "changed while"):
            opened.check()


def test_a_part_that_is_not_what_it_was_is_not_given(file: Path) -> None:
    with FileInParts(file) as opened:
        parts = opened.parts(MIB)
        state = file.stat()
        with file.open("r+b") as writer:
            writer.seek(MIB + 3)
            writer.write(b"changed")
        os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
        assert opened.read(parts[0])
        with pytest.raises(OutputError, match="changed while it was uploaded"):
            opened.read(parts[1])


def test_a_file_that_shrank_is_not_read_to_a_wrong_end(file: Path) -> None:
    with FileInParts(file) as opened:
        os.truncate(file, 5)
        with pytest.raises(OutputError, match="changed"):
            opened.parts(MIB)


@pytest.mark.parametrize("name", ["nothing.mp4", ""])
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be read for its upload"):
        FileInParts(tmp_path / name)
