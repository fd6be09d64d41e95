"""A file can name addresses; opening it makes no connection, with local-only or without."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.archive.film import Film
from livecam.errors import SourceError
from livecam.native import av
from livecam.sources.stills import read_picture
from livecam.sources.video_file import VideoFileSource
from livecam.testing.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Listener:
    """A port of this machine that takes note of whoever connects to it, or sends it anything."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind(("127.0.0.1", 0))
        self._datagrams.setblocking(False)
        self.datagram_port = self._datagrams.getsockname()[1]
        self._connections = 0
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def close(self) -> int:
        """Stop; return how often it was spoken to."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"end")
        self._thread.join()
        self._server.close()
        with self._datagrams, contextlib.suppress(BlockingIOError):
            self._datagrams.recv(1)
            self._connections += 1
        return self._connections

    def _accept(self) -> None:
        while True:
            connection, _ = self._server.accept()
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                if connection.recv(3) == b"end":
                    return
            self._connections += 1


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    with contextlib.suppress(OSError):
        listening.close()


def playlist(address: str) -> str:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}/a.ts\n#EXT-X-ENDLIST\n"


def with_a_key(address: str) -> str:
    key = f'#EXT-X-KEY:METHOD=AES-128,URI="{address}/key"\n'
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n{key}#EXTINF:9,\na.ts\n#EXT-X-ENDLIST\n"


def variants(address: str) -> str:
    return f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{address}/a.m3u8\n"


def concatenation(address: str) -> str:
    return f"ffconcat version 1.0\nfile '{address}/a.mp4'\n"


def presentation(address: str) -> str:
    return (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"'
        ' mediaPresentationDuration="PT9S" minBufferTime="PT1S"><Period><AdaptationSet mimeType="video/mp4">'
        f'<Representation id="1" bandwidth="9" codecs="avc1"><BaseURL>{address}/a.mp4</BaseURL>'
        "</Representation></AdaptationSet></Period></MPD>"
    )


def session(address: str) -> str:
    port = address.rpartition(":")[2]
    return (
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        f"m=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n"
    )


def redirection(address: str) -> str:
    return f"RTSPtext{address.replace('http', 'rtsp')}/a\r\n"


def playlist_of_a_player(address: str) -> str:
    return f"[playlist]\nFile1={address}/a.mp4\nNumberOfEntries=1\n"


def vector_picture(address: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/a.png"/></svg>'


def _box(kind: bytes, content: bytes, *, is_full: bool = True) -> bytes:
    head = b"\0\0\0\0" if is_full else b""
    return struct.pack(">I4s", 8 + len(head + content), kind) + head + content


def with_media_elsewhere(address: str, kind: bytes) -> bytes:
    """Return an MP4 whose pictures are said to lie at an address."""
    name = f"{address}/a.mp4".encode()
    entry = _box(b"url ", name + b"\0")
    if kind == b"alis":
        path = struct.pack(">hH", 18, len(name)) + name + b"\0" * (len(name) % 2)
        entry = _box(b"alis", b"\0" * 150 + path + struct.pack(">hH", -1, 0))
    sample = b"\0" * 6 + b"\0\1" + b"\0" * 16 + struct.pack(">HHII", 64, 48, 0x480000, 0x480000)
    table = _box(b"stsd", b"\0\0\0\1" + _box(b"jpeg", sample + b"\0" * 38, is_full=False))
    table += _box(b"stts", struct.pack(">III", 1, 1, 1000)) + _box(b"stsc", struct.pack(">IIII", 1, 1, 1, 1))
    table += _box(b"stsz", struct.pack(">II", 100, 1)) + _box(b"stco", struct.pack(">II", 1, 0))
    information = _box(b"vmhd", b"\0" * 8)
    information += _box(b"dinf", _box(b"dref", b"\0\0\0\1" + entry), is_full=False)
    media = _box(b"mdhd", struct.pack(">IIIII", 0, 0, 1000, 1000, 0)) + _box(
        b"hdlr", b"mhlrvide" + b"\0" * 14
    )
    media += _box(b"minf", information + _box(b"stbl", table, is_full=False), is_full=False)
    track = _box(b"tkhd", struct.pack(">IIIII", 0, 0, 1, 0, 1000) + b"\0" * 60)
    movie = _box(b"mvhd", struct.pack(">IIII", 0, 0, 1000, 1000) + b"\0" * 80)
    movie += _box(b"trak", track + _box(b"mdia", media, is_full=False), is_full=False)
    return _box(b"ftyp", b"qt  \0\0\0\0qt  ", is_full=False) + _box(b"moov", movie, is_full=False)


FILES: dict[str, Callable[[str], str | bytes]] = {
    "playlist.m3u8": playlist,
    "hidden playlist.mp4": playlist,
    "hidden playlist.avi": playlist,
    "tcp playlist.m3u8": lambda address: playlist(address.replace("http", "tcp")),
    "key.m3u8": with_a_key,
    "variants.m3u8": variants,
    "concatenation.ffconcat": concatenation,
    "hidden concatenation.mp4": concatenation,
    "presentation.mpd": presentation,
    "session.sdp": session,
    "redirection.mov": redirection,
    "player.pls": playlist_of_a_player,
    "media elsewhere.mov": lambda address: with_media_elsewhere(address, b"url "),
    "media under an alias.mov": lambda address: with_media_elsewhere(address, b"alis"),
    "vector picture.svg": vector_picture,
    "vector picture.png": vector_picture,
}


def open_as_a_source(path: Path) -> None:
    source = VideoFileSource(path, source="film", clock=FakeClock(), is_fast=True)
    with contextlib.closing(source):
        source.open()


def open_as_a_clip(path: Path) -> None:
    for _ in Film(path).pictures():
        pass


def read_as_a_still(path: Path) -> None:
    read_picture(path)


@pytest.mark.parametrize("use", [open_as_a_source, open_as_a_clip, read_as_a_still])
@pytest.mark.parametrize("name", FILES)
def test_no_file_makes_livecam_open_a_connection(
    name: str, use: Callable[[Path], None], listener: Listener, tmp_path: Path
) -> None:
    port = listener.datagram_port if name.endswith(".sdp") else listener.port
    content = FILES[name](f"http://127.0.0.1:{port}")
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with contextlib.suppress(SourceError):
        use(path)
    assert listener.close() == 0


def test_a_file_that_is_named_like_an_address_is_a_file(
    listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"tcp:127.0.0.1:{listener.port}"
    path.touch()
    for use in (open_as_a_source, open_as_a_clip, read_as_a_still):
        with contextlib.suppress(SourceError):
            use(path.relative_to(tmp_path))
    assert listener.close() == 0


def test_the_listener_would_have_heard_of_it(listener: Listener) -> None:
    with contextlib.suppress(av.FFmpegError):
        av.open(f"http://127.0.0.1:{listener.port}/a.mp4", timeout=5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", listener.datagram_port))
    assert listener.close() == 2
