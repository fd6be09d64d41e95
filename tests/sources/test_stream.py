"""Streams from real servers on loopback; the servers can do more than any fake would think of."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.clock import SystemClock
from livecam.errors import SourceFailed, SourceUnavailable
from livecam.native import av, cv2
from livecam.sources import address, stream
from livecam.sources.punctuality import Punctuality
from livecam.sources.stream import open_stream
from livecam.sources.timeline import Timeline
from livecam.testing.clock import FakeClock
from tests import servers
from tests.requirements import skip_unless
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.sources.stream import StreamConnection

MARK = "Hunter2"
"""Stands in passwords and queries; must be seen nowhere."""


@pytest.fixture(scope="module")
def mjpeg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server of pictures, with some files."""
    files = tmp_path_factory.mktemp("files")
    write_clip(files / "clip.mp4", [0.0, 0.1, 0.2])
    write_noise(files / "index_last.mp4", "mp4", {})
    film = (files / "clip.mp4").read_bytes()
    (files / "title.mp4").write_bytes(film.replace(b"Lavf", b"\xff\xfe\xc3\x28"))
    (files / "unknown.mp4").write_bytes(film.replace(b"avc1", b"zzzz"))
    write_noise(files / "live.m3u8", "hls", {"hls_flags": "omit_endlist", "hls_list_size": "0"})
    with wave.open(str(files / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    with servers.mjpeg_server("--files", str(files)) as server:
        yield f"http://me:{MARK}@127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def rtsp() -> Iterator[str]:
    """Give the address of an RTSP server that asks for a password, its scheme and user left out."""
    with servers.rtsp_server("--user", "me", "--password", f"{MARK} @/%") as server:
        yield f"127.0.0.1:{server.port}/cam"


def write_noise(path: Path, format_: str, options: dict[str, str]) -> None:
    """Write 40 pictures of noise, 100 per second: a large file for its length, its index at the end."""
    random = np.random.default_rng(1)
    with av.open(str(path), "w", format=format_, options=options) as output:
        video = output.add_stream("libx264", rate=100, options={"preset": "ultrafast", "g": "10"})
        video.width, video.height = 160, 120
        for _ in range(40):
            image = random.integers(0, 255, (120, 160, 3), np.uint8)
            output.mux(video.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        output.mux(video.encode())


@contextlib.contextmanager
def connected(url: str, clock: Clock | None = None) -> Iterator[StreamConnection]:
    connection = open_stream(url, source="test", clock=clock or SystemClock())
    try:
        yield connection
    finally:
        connection.close()


def read(connection: StreamConnection, count: int) -> list[Image]:
    images = []
    for _ in range(count):
        image = connection.read()
        assert image is not None
        images.append(image)
    return images


def read_to_the_end(connection: StreamConnection) -> int:
    count = 0
    while connection.read() is not None:
        count += 1
    return count


def refusal(url: str, clock: Clock | None = None) -> str:
    """Return why a URL cannot be opened; neither it nor what led to it may hold a secret."""
    with pytest.raises(SourceUnavailable) as caught:
        open_stream(url, source="test", clock=clock or SystemClock())
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert MARK not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_pictures_of_an_mjpeg_stream_come_in(mjpeg: str) -> None:
    with connected(f"{mjpeg}/video?token={MARK}") as connection:
        images = read(connection, 5)
        info = connection.info
    assert {image.shape for image in images} == {(240, 320, 3)}
    assert not any(np.shares_memory(images[0], image) for image in images[1:])
    assert not all(np.array_equal(images[0], image) for image in images[1:])
    assert (info.source, info.width, info.height, info.duration) == ("test", 320, 240, None)
    assert info.fps is None  # FFmpeg says 25 for want of anything better
    assert info.description == f"{mjpeg.replace(f'me:{MARK}@', '')}/video (MJPEG)"


def test_a_live_stream_that_ends_is_lost(mjpeg: str) -> None:
    with (
        connected(f"{mjpeg}/closing") as connection,
        pytest.raises(SourceFailed, match="broke off") as caught,
    ):
        read_to_the_end(connection)
    assert caught.value.__context__ is None
    assert MARK not in str(caught.value)


def test_a_stream_that_falls_silent_is_given_up(mjpeg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "READ_TIMEOUT", 0.3)
    with (
        connected(f"{mjpeg}/freezing") as connection,
        pytest.raises(SourceFailed, match=r"has sent nothing for 0\.3 s"),
    ):
        read_to_the_end(connection)


def test_damaged_pictures_are_skipped(mjpeg: str) -> None:
    with connected(f"{mjpeg}/garbage") as connection:
        images = read(connection, 10)
    for image in images:  # the same bar in the first row and in the last: none is torn
        assert abs(float(image[2].mean()) - float(image[-3].mean())) < 2


class JumpingClock(FakeClock):
    """A second passes whenever it is read."""

    def now(self) -> float:
        self.advance(1.0)
        return super().now()


def test_a_stream_of_nothing_but_damage_is_refused(mjpeg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "OPEN_TIMEOUT", 1.5)
    assert "sends data that cannot be decoded" in refusal(f"{mjpeg}/nothing-good", JumpingClock())


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/snapshot.jpg", "is a single picture: download it and give the file"),
        ("/page.html", "holds no video that can be read"),
        ("/files/sound.wav", "holds no video"),
        ("/forbidden", "may not be seen by this user (403)"),
        ("/nowhere", "is not there (404): check the path"),
        ("/broken", "cannot be delivered: its server reports an error of its own"),
    ],
)
def test_what_is_no_stream_is_told_as_what_it_is(mjpeg: str, path: str, reason: str) -> None:
    address = mjpeg.replace(f"me:{MARK}@", "")
    assert refusal(f"{mjpeg}{path}?token={MARK}") == f"{address}{path} {reason}"


@pytest.mark.parametrize("scheme", ["rtsp", "rtsps", "http", "https", "rtmp", "tcp"])
def test_a_server_that_never_answers_is_given_up(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "OPEN_TIMEOUT", 0.2)
    with servers.unanswering_port() as port:
        reason = refusal(f"{scheme}://me:{MARK}@127.0.0.1:{port}/cam")
    shown = address.shown(f"{scheme}://127.0.0.1:{port}/cam")
    assert reason.startswith(f"{shown} did not answer within 0.2 s")


@pytest.mark.parametrize("scheme", ["rtsp", "http", "rtmp"])
def test_nothing_listening_is_told(scheme: str) -> None:
    place = f"127.0.0.1:{servers.free_port()}/cam"
    shown = address.shown(f"{scheme}://{place}")
    assert refusal(f"{scheme}://me:{MARK}@{place}").startswith(f"{shown} refuses the connection")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"rtsp://me:{MARK}@nowhere.invalid/cam", "there is no host of that name"),
        (f"rtsp://me:x/{MARK}@127.0.0.1/cam", "write @ as %40"),
        (f"srt://me:{MARK}@127.0.0.1:1/cam", "use one of rtsp, rtsps, http"),
        ("not a url", "*** is of a kind that cannot be read"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(url: str, reason: str) -> None:
    assert reason in refusal(url)


def test_tls_to_a_server_that_has_none_is_told(mjpeg: str) -> None:
    assert "speaks TLS" in refusal(mjpeg.replace("http:", "https:") + "/video")


def test_a_recording_has_a_length_and_an_end(mjpeg: str) -> None:
    with connected(f"{mjpeg}/files/clip.mp4") as connection:
        assert connection.info.duration == pytest.approx(0.3, abs=0.1)
        assert connection.info.width == 64
        assert read_to_the_end(connection) == 3


def test_a_damaged_title_is_no_reason_not_to_play(mjpeg: str) -> None:
    with connected(f"{mjpeg}/files/title.mp4") as connection:
        assert read_to_the_end(connection) == 3


def test_a_recording_in_a_codec_that_nothing_knows_is_refused(mjpeg: str) -> None:
    assert "holds no video that can be decoded" in refusal(f"{mjpeg}/files/unknown.mp4")


def test_a_recording_whose_index_is_at_its_end_is_played_whole(mjpeg: str) -> None:
    with connected(f"{mjpeg}/files/index_last.mp4") as connection:
        assert connection.info.duration == pytest.approx(0.4, abs=0.02)
        assert read_to_the_end(connection) == 40


def test_a_live_playlist_has_no_length_and_is_played_at_its_own_pace(mjpeg: str) -> None:
    with connected(f"{mjpeg}/files/live.m3u8") as connection:
        assert connection.info.duration is None
        assert connection._pace is not None
        read(connection, 20)


class RecordedWaits(threading.Event):
    """Moves a clock instead of waiting."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(round(timeout, 3))
        self._clock.advance(timeout)
        return False


def test_a_recording_is_played_at_its_own_pace() -> None:
    clock = FakeClock()
    closed = RecordedWaits(clock)
    pace = stream._Pace(Timeline(duration=10), clock, closed)
    for presented in (7.0, 7.5, 7.6):
        pace.wait(presented)
    clock.advance(0.3)  # the network stutters
    for presented in (7.7, 8.0):
        pace.wait(presented)
    assert closed.waits == [0.0, 0.5, 0.1, 0.0, 0.1]


def test_an_rtsp_stream_with_a_password_comes_in(rtsp: str) -> None:
    with connected(f"rtsp://me:{MARK}%20%40%2F%25@{rtsp}") as connection:
        images = read(connection, 20)
        info = connection.info
    assert {image.shape for image in images} == {(360, 640, 3)}
    assert (info.width, info.height, info.fps, info.duration) == (640, 360, 30.0, None)
    assert info.description == f"rtsp://{rtsp} (H.264)"


class EverySecondIsLate(Punctuality):
    """Counts what it was asked about."""

    asked = 0

    def is_late(self, presented: float | None, now: float) -> bool:
        type(self).asked += 1
        return self.asked % 2 == 0


def test_late_pictures_of_a_live_stream_are_left_out(rtsp: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "Punctuality", EverySecondIsLate)
    with connected(f"rtsp://me:{MARK}%20%40%2F%25@{rtsp}") as connection:
        read(connection, 10)
    assert EverySecondIsLate.asked >= 19


def test_a_wrong_password_is_told(rtsp: str) -> None:
    assert refusal(f"rtsp://me:{MARK}@{rtsp}").endswith(
        "does not accept the user name and password in its URL (401)"
    )


def test_a_missing_password_is_told(rtsp: str) -> None:
    assert "asks for a user name and password (401)" in refusal(f"rtsp://{rtsp}")


def test_a_server_that_is_gone_and_back_is_connected_to_again() -> None:
    with servers.rtsp_server() as server:
        url = f"rtsp://127.0.0.1:{server.port}/cam"
        with connected(url) as connection:
            read(connection, 10)
            server.kill()
            with pytest.raises(SourceFailed, match=f"{url} (ended|broke off)"):
                read_to_the_end(connection)
        assert "refuses the connection" in refusal(url)
        server.start()
        with connected(url) as connection:
            read(connection, 10)


def test_a_frozen_rtsp_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "READ_TIMEOUT", 0.5)
    with servers.rtsp_server() as server, connected(f"rtsp://127.0.0.1:{server.port}/cam") as connection:
        read(connection, 10)
        server.freeze()
        with pytest.raises(SourceFailed, match=r"has sent nothing for 0\.5 s"):
            read_to_the_end(connection)


def test_what_an_rtsp_camera_sees_is_what_is_read(tmp_path: Path) -> None:
    scene = np.full((360, 640, 3), 40, np.uint8)
    scene[100:260, 200:440] = (30, 180, 220)
    cv2.imwrite(str(tmp_path / "scene.jpg"), scene)
    with (
        servers.rtsp_server("--picture", str(tmp_path / "scene.jpg")) as server,
        connected(f"rtsp://127.0.0.1:{server.port}/cam") as connection,
    ):
        images = read(connection, 45)
    assert max(float(np.abs(image.astype(int) - scene).mean()) for image in images) < 2


def test_a_server_that_only_sends_over_udp_is_understood() -> None:
    with (
        servers.rtsp_server("--udp-only") as server,
        connected(f"rtsp://127.0.0.1:{server.port}/cam") as connection,
    ):
        read(connection, 5)


def test_rtsp_over_tls_comes_in(tmp_path: Path) -> None:
    skip_unless(shutil.which("openssl") is not None, "no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-days", "1", "-nodes", "-newkey", "rsa:2048")
    subprocess.run(
        ["openssl", "req", "-x509", *subject, "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    both = tmp_path / "both.pem"
    both.write_text(certificate.read_text() + key.read_text())
    with (
        servers.rtsp_server("--certificate", str(both)) as server,
        connected(f"rtsps://127.0.0.1:{server.port}/cam") as connection,
    ):
        read(connection, 5)
