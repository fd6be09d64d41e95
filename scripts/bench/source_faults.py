"""What a user sees of each fault of each source, and after how long: real servers, hurt for real.

Run as `.venv/bin/python -m scripts.bench.source_faults`, and nothing beside it; it takes about three minutes.
Streams and files are watched by `livecam run` in a process of its own; "told" is the instant of its event,
on the same monotonic clock as the fault. The camera has a stand-in for OpenCV's capture and for the kernel
below it, since no camera can be unplugged by a script; all above is what `livecam run 0` runs.
"""
# ruff: noqa: S603  it starts livecam itself

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import livecam
from livecam.backoff import Backoff
from livecam.clock import SystemClock
from livecam.compose.source import LONGEST_WITHOUT_CAMERA
from livecam.encoding.h264 import H264Writer
from livecam.events import Event, SourceRecovered, SourceTroubled
from livecam.sources.camera import open_camera
from livecam.sources.live import LiveSource
from tests.servers import free_port, mjpeg_server, rtsp_server, unanswering_port
from tests.sources.fakes import FakeCapture, FakeDevice, a_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from livecam.frames import Image

CLOCK = SystemClock()
GIVE_UP = 60.0
SETTLE = 6.0
"""Seconds of a good picture before something is done to it: the usual rate must be known."""
PAUSE = threading.Event()
ROW = "| {} | {} | {} | {} | {} |"


def main() -> None:
    """Print a row per fault."""
    print(ROW.format("source", "fault", "what livecam says", "told after", "well again after"))
    print(ROW.format("---", "---", "---", "---", "---"))
    with tempfile.TemporaryDirectory() as folder:
        cameras(Path(folder) / "host")
        rtsp(Path(folder))
        mjpeg(Path(folder))
        at_the_start(Path(folder))
        files(Path(folder))


# --- a camera ---------------------------------------------------------------------------------


class StandIn(FakeCapture):
    """What OpenCV would open: it does what it is told."""

    mood = "well"

    def __init__(self) -> None:
        super().__init__(is_open=StandIn.mood != "unplugged")
        self._random = np.random.default_rng(1)
        self._wait = threading.Event()

    def grab(self) -> bool:
        """Wait for the next picture."""
        self._wait.wait(0.2 if StandIn.mood == "slow" else 1 / 30)
        if StandIn.mood == "hangs":
            self._wait.wait(2)  # what OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT makes of ten
            return False
        return StandIn.mood != "unplugged"

    def retrieve(self) -> tuple[bool, Image]:
        """Return noise, the same grey, or next to nothing."""
        if StandIn.mood == "same":
            return True, np.full((360, 640, 3), 120, np.uint8)
        level = 6 if StandIn.mood == "black" else 200
        return True, self._random.integers(0, level, (360, 640, 3), np.uint8)


def _camera(folder: Path, publish: Callable[[Event], None]) -> LiveSource:
    """Return the source that `livecam run 0` reads, but for the capture and the kernel below it."""
    connect = functools.partial(
        open_camera,
        0,
        source="camera0",
        open_device=lambda _: StandIn(),
        host=a_host(folder, video0=FakeDevice()),
    )
    backoff = Backoff(longest=LONGEST_WITHOUT_CAMERA)
    return LiveSource(
        connect, source="camera0", name="camera 0", clock=CLOCK, publish=publish, backoff=backoff
    )


def cameras(folder: Path) -> None:
    """Show each fault of a camera."""
    for mood, fault in (
        ("unplugged", "unplugged, back after 5 s"),
        ("hangs", "its driver hangs for 5 s"),
        ("same", "the same pixels for 5 s"),
        ("black", "lens covered for 5 s"),
        ("slow", "5 pictures a second instead of 30"),
    ):
        _hurt_camera(folder, mood, fault)


def _hurt_camera(folder: Path, mood: str, fault: str) -> None:
    happenings: list[Event] = []
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(folder, happenings.append, stop))
    thread.start()
    PAUSE.wait(SETTLE)
    hurt_at = CLOCK.now()
    StandIn.mood = mood
    if mood == "unplugged":
        (folder / "dev" / "video0").unlink()
    PAUSE.wait(5)
    well_at = CLOCK.now()
    (folder / "dev" / "video0").touch()
    StandIn.mood = "well"
    _until(lambda: any(isinstance(event, SourceRecovered) for event in happenings))
    stop.set()
    thread.join()
    told = [event for event in happenings if isinstance(event, SourceTroubled)]
    back = next(event for event in happenings if isinstance(event, SourceRecovered))
    _row("camera (stand-in)", fault, told[0].message, told[0].at - hurt_at, back.at - well_at)


def _watch(folder: Path, listener: Callable[[Event], None], stop: threading.Event) -> None:
    source = _camera(folder, listener)
    for _ in livecam.watch(source, detector="none", annotated=False):
        if stop.is_set():
            return


# --- streams ----------------------------------------------------------------------------------


def rtsp(folder: Path) -> None:
    """Hurt an RTSP server."""
    with rtsp_server("--user", "viewer", "--password", "hunter2") as server:
        url = f"rtsp://viewer:hunter2@127.0.0.1:{server.port}/cam"
        _hurt("rtsp", "server killed, started again after 5 s", url, server.kill, server.start, folder)
        _hurt("rtsp", "server frozen (SIGSTOP) for 5 s", url, server.freeze, server.thaw, folder)


def mjpeg(folder: Path) -> None:
    """Hurt an HTTP server of JPEG pictures."""
    with mjpeg_server() as server:
        url = f"http://127.0.0.1:{server.port}/video"
        _hurt(
            "http (MJPEG)", "server killed, started again after 5 s", url, server.kill, server.start, folder
        )
        _hurt("http (MJPEG)", "server frozen (SIGSTOP) for 5 s", url, server.freeze, server.thaw, folder)


def _hurt(
    source: str, fault: str, url: str, hurt: Callable[[], None], mend: Callable[[], None], folder: Path
) -> None:
    events = folder / "events.jsonl"
    with _running(url, "--events", str(events)) as process:
        _until(lambda: _told(events, "source_opened") is not None)
        PAUSE.wait(SETTLE)
        hurt_at = CLOCK.now()
        hurt()
        PAUSE.wait(5)
        mend()
        well_at = CLOCK.now()
        _until(lambda: _told(events, "source_recovered") is not None)
        process.terminate()
        process.wait()
    troubled, recovered = _told(events, "source_troubled"), _told(events, "source_recovered")
    if troubled is None or recovered is None:
        raise RuntimeError(f"{source}, {fault}: never told")
    _row(source, fault, troubled["message"], troubled["at"] - hurt_at, recovered["at"] - well_at)


# --- what is wrong from the start -------------------------------------------------------------


def at_the_start(folder: Path) -> None:
    """Ask for what cannot be opened."""
    (folder / "text.mp4").write_text("no video at all\n" * 100, encoding="utf-8")
    (folder / "empty").mkdir(exist_ok=True)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    with ExitStack() as stack:
        secured = stack.enter_context(rtsp_server("--user", "viewer", "--password", "hunter2"))
        pictures = stack.enter_context(mjpeg_server())
        mute = stack.enter_context(unanswering_port())
        for source, fault, name in (
            ("camera", "there is none", "0"),
            ("rtsp", "nothing listens there", f"rtsp://127.0.0.1:{free_port()}/cam"),
            ("rtsp", "accepts and never answers", f"rtsp://127.0.0.1:{mute}/cam"),
            ("rtsp", "wrong password", f"rtsp://viewer:guess@127.0.0.1:{secured.port}/cam"),
            ("rtsp", "wrong path", f"rtsp://viewer:hunter2@127.0.0.1:{secured.port}/door"),
            ("http", "host not found", "http://no-such-host.invalid/video"),
            ("http", "404", f"http://127.0.0.1:{pictures.port}/nothing"),
            ("http", "a web page", f"http://127.0.0.1:{pictures.port}/page.html"),
            ("http", "a single picture", f"http://127.0.0.1:{pictures.port}/snapshot.jpg"),
            ("file", "there is none", str(folder / "nowhere.mp4")),
            ("file", "text that calls itself a video", str(folder / "text.mp4")),
            ("picture", "damaged", str(folder / "broken.jpg")),
            ("folder", "no picture in it", str(folder / "empty")),
        ):
            began_at = CLOCK.now()
            result = subprocess.run(_command(name), capture_output=True, text=True, check=False, cwd=folder)
            sentence = result.stderr.strip().splitlines()[-1].removeprefix("livecam: ").partition(" (`")[0]
            shown = sentence.replace(f"{folder}/", "")
            _row(source, fault, f"{shown} (exit {result.returncode})", CLOCK.now() - began_at, None)


# --- files ------------------------------------------------------------------------------------


def files(folder: Path) -> None:
    """Damage files, and let one grow."""
    clip = folder / "clip.mp4"
    pictures = np.random.default_rng(1).integers(0, 255, (30, 240, 320, 3), np.uint8)
    writer = H264Writer(clip)
    for index in range(150):
        writer.write(pictures[index % 30], index / 30)
    writer.close()
    whole = clip.read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 3 : len(whole) // 2] = bytes(len(whole) // 2 - len(whole) // 3)
    (folder / "damaged.mp4").write_bytes(bytes(damaged))
    for name, fault in (("clip.mp4", "none"), ("damaged.mp4", "a sixth of its bytes zeroed")):
        began_at = CLOCK.now()
        command = [*_command(str(folder / name)), "--fast", "--json"]
        result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        frames = json.loads(result.stdout)["frames"]
        said = [line for line in result.stderr.splitlines() if "damaged" in line]
        sentence = said[-1].replace(f"{folder}/", "") if said else "nothing"
        shown = f"{sentence}; {frames['displayed']} of 150 pictures shown (exit {result.returncode})"
        _row("file", fault, shown, CLOCK.now() - began_at, None)


# --- small things -----------------------------------------------------------------------------


def _command(source: str) -> Sequence[str]:
    return [sys.executable, "-m", "livecam", "run", source, "--detector", "none", "--view", "none"]


@contextmanager
def _running(source: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    with subprocess.Popen([*_command(source), "-q", *arguments], env=environment) as process:
        yield process


def _told(events: Path, kind: str) -> dict[str, Any] | None:
    if not events.exists():
        return None
    lines = events.read_text(encoding="utf-8").splitlines()
    return next((event for event in map(_parsed, lines) if event.get("type") == kind), None)


def _parsed(line: str) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError:  # the line that is being written
        return {}


def _until(has_happened: Callable[[], bool]) -> None:
    give_up_at = CLOCK.now() + GIVE_UP
    while not has_happened():
        if CLOCK.now() > give_up_at:
            raise RuntimeError("it never happened")
        PAUSE.wait(0.05)


def _row(source: str, fault: str, sentence: str, told: float, back: float | None) -> None:
    well = "" if back is None else f"{back:.1f} s"
    print(ROW.format(source, fault, sentence, f"{told:.1f} s", well), flush=True)


if __name__ == "__main__":
    main()
