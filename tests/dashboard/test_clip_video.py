from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import pytest
from starlette.requests import ClientDisconnect, Request

from livecam.dashboard import clip_video
from livecam.dashboard.clip_video import Unsatisfiable, byte_range, video_answer

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Message

CONTENT = bytes(range(200))


class Answer:
    """What a client gets."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")


class Film:
    """A file, and what asks for it."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(CONTENT)
        self.path = path
        self.opened: BinaryIO

    async def ask(self, method: str = "GET", **headers: str) -> Answer:
        lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "headers": lines, "asgi": {"spec_version": "2.4"}}
        answer, self.opened = Answer(), self.path.open("rb", buffering=0)
        response = video_answer(Request(scope), self.opened, self.path.stat())
        await response(scope, _gone, answer.take)
        assert self.opened.closed
        return answer


async def _gone() -> Message:
    return {"type": "http.disconnect"}


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return Film(tmp_path / "film.mp4")


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-1000", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-1000", (0, 99)),
        (" bytes=99-99 ", (99, 99)),
    ],
)
def test_a_range_is_read(header: str, wanted: tuple[int, int]) -> None:
    assert byte_range(header, 100) == wanted


@pytest.mark.parametrize(
    "header",
    [
        None,
        *(
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-1",
            "items=0-1",
            "bytes=0-1,5-6",
            "bytes=--1",
        ),
        *("bytes=" + "9" * 5000 + "-", "bytes=٣-٤"),
    ],
)
def test_what_is_no_single_range_asks_for_the_whole(header: str | None) -> None:
    assert byte_range(header, 100) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100)])
def test_a_range_behind_the_end_is_told(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        byte_range(header, size)


def test_an_empty_file_has_no_range() -> None:
    for header in ("bytes=0-", "bytes=-5"):
        with pytest.raises(Unsatisfiable):
            byte_range(header, 0)


async def test_all_of_a_video_is_sent_in_pieces(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_video, "CHUNK", 7)
    answer = await film.ask()
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == "200"


async def test_a_part_is_sent_with_where_it_lies(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_video, "CHUNK", 7)
    answer = await film.ask(range="bytes=5-24")
    assert (answer.status, answer.body) == (206, CONTENT[5:25])
    assert answer.headers["content-range"] == "bytes 5-24/200"
    assert answer.headers["content-length"] == "20"


async def test_what_is_not_there_is_answered_with_the_size(film: Film) -> None:
    answer = await film.ask(range="bytes=200-")
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == "bytes */200"


async def test_a_head_has_no_body(film: Film) -> None:
    answer = await film.ask("HEAD", range="bytes=0-9")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (206, b"", "10")


async def test_the_part_of_another_version_is_not_sent(film: Film) -> None:
    version = (await film.ask()).headers["etag"]
    assert (await film.ask(range="bytes=0-0", if_range=version)).status == 206
    assert (await film.ask(range="bytes=0-0", if_range='"another"')).status == 200


async def test_the_file_is_closed_when_its_reader_goes(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    async def take(self: Answer, message: Message) -> None:
        raise OSError("gone")

    monkeypatch.setattr(Answer, "take", take)
    with pytest.raises(ClientDisconnect):
        await film.ask()
    assert film.opened.closed
