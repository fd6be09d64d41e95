from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from tests.end_to_end.canaries import FACE, GIVEN, SECRET_KEY, STREAM_PASSWORD, Leak, contents, leaks

if TYPE_CHECKING:
    from pathlib import Path

MARK = SECRET_KEY.marks[1]
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF"


@pytest.mark.parametrize(
    ("hidden", "form"),
    [
        (f"password={MARK}!".encode(), "plain"),
        (quote(f"a {SECRET_KEY.text}&").encode(), "plain"),
        (f"..{MARK}".encode().hex().encode(), "hex"),
        *((base64.b64encode(b"x" * before + MARK.encode() + b"yy"), "base64") for before in range(7)),
    ],
)
def test_a_secret_is_found_in_every_disguise(hidden: bytes, form: str) -> None:
    assert Leak("AWS secret key", form, "log") in leaks({"log": hidden}, GIVEN)


def test_a_password_is_found_as_it_was_written_and_as_it_is_meant() -> None:
    meant = unquote(STREAM_PASSWORD.text)
    assert STREAM_PASSWORD.marks == ["CanaryStreamPassHead", "CanaryStreamPassTail"]
    for text in (STREAM_PASSWORD.text, meant, quote(meant), meant.rpartition("'")[2]):
        assert {leak.secret for leak in leaks({"log": text.encode()}, GIVEN)} == {"stream password"}


def test_what_is_no_secret_is_none() -> None:
    assert leaks({"log": b"AKIA*** rtsp://***@cam/door canary"}, GIVEN) == []


def test_every_file_is_searched(tmp_path: Path) -> None:
    (tmp_path / "a" / ".b").mkdir(parents=True)
    (tmp_path / "a" / ".b" / "ledger.db-wal").write_bytes(b"\0" + MARK.encode())
    assert [leak.where for leak in leaks(contents(tmp_path), GIVEN)] == ["a/.b/ledger.db-wal"]


@pytest.mark.parametrize(
    "content",
    [
        JPEG,
        base64.b64encode(JPEG),
        b"x" * 400,
        b"0.12, -3.4e-5, " * 32,
    ],
)
def test_a_picture_or_what_describes_a_face_is_known(content: bytes) -> None:
    assert FACE.search(b'{"event": "' + content)
