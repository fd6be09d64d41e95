"""Streams that break while the real command watches them: what it says, and that it goes on."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from livecam.clock import SystemClock
from tests import command_line, servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPOKEN = "Hunter2 @/%"
IN_A_URL = "Hunter2%20%40%2F%25"
MARK = b"Hunter2"
PATIENCE = 20.0
"""Seconds for something that takes 2 on an idle machine."""
LONG = 60.0
"""Seconds a run may take that is stopped once what it waits for has happened."""
POLL = 0.05
"""Seconds between looks at a file that another process writes."""


class Watching:
    """A `livecam run` of a stream that writes everything it can into a folder."""

    def __init__(self, url: str, folder: Path, *, duration: float) -> None:
        self._folder = folder
        outputs = ("--events", "events.jsonl", "--trace", "trace.jsonl", "--log-file", "log.txt", "--json")
        options = ("--detector", "none", "--view", "none", "--duration", str(duration), "--debug", *outputs)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livecam", "run", url, *options],
            cwd=folder,
            env=command_line.environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def events(self, type_: str) -> list[dict[str, Any]]:
        """Return the whole events of a type that were written so far."""
        path = self._folder / "events.jsonl"
        lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
        return [event for event in map(json.loads, lines) if event["type"] == type_]

    def wait_for(self, type_: str, count: int = 1) -> list[dict[str, Any]]:
        """Return the events of a type once there are so many."""
        clock, pause = SystemClock(), threading.Event()
        deadline = clock.now() + PATIENCE
        while len(found := self.events(type_)) < count:
            assert self.process.poll() is None, f"it ended: {self.process.communicate()}"
            assert clock.now() < deadline, f"{len(found)} of {count} {type_}"
            pause.wait(POLL)
        return found

    def wait_for_frames_after(self, at: float) -> None:
        """Wait until a frame that was captured later is in the trace."""
        clock, pause = SystemClock(), threading.Event()
        deadline = clock.now() + PATIENCE
        while not self.frames_after(at):
            assert clock.now() < deadline, f"no frame after {at}"
            pause.wait(POLL)

    def frames_after(self, at: float) -> int:
        """Return how many frames of the trace so far were captured later."""
        path = self._folder / "trace.jsonl"
        lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
        return sum(json.loads(line)["captured_at"] > at for line in lines)

    def stop(self) -> dict[str, Any]:
        """Stop it as Ctrl-C does and return its summary."""
        self.process.send_signal(signal.SIGINT)
        return self.finish(code=130)

    def finish(self, *, code: int = 0) -> dict[str, Any]:
        """Wait for its end and return its summary; nothing it wrote may hold the password."""
        output, errors = self.process.communicate(timeout=command_line.TIMEOUT)
        written = [file.read_bytes() for file in self._folder.rglob("*") if file.is_file()]
        assert len(written) >= 3
        assert not [text for text in (output, errors, *written) if MARK in text]
        assert self.process.returncode == code, errors
        summary: dict[str, Any] = json.loads(output)
        return summary


@contextlib.contextmanager
def watching(url: str, folder: Path, *, duration: float) -> Iterator[Watching]:
    watching = Watching(url, folder, duration=duration)
    try:
        yield watching
    finally:
        watching.process.kill()
        watching.process.communicate()


def test_an_rtsp_server_that_dies_and_one_that_freezes_are_outlived(tmp_path: Path) -> None:
    with servers.rtsp_server("--user", "me", "--password", SPOKEN) as server:
        url = f"rtsp://me:{IN_A_URL}@127.0.0.1:{server.port}/cam"
        with watching(url, tmp_path, duration=LONG) as run:
            run.wait_for("source_opened")
            server.kill()
            (lost, *_) = run.wait_for("source_troubled")
            server.start()
            (back,) = run.wait_for("source_recovered")
            told = len(run.events("source_troubled"))
            server.freeze()
            stalled = run.wait_for("source_troubled", told + 1)[told]
            server.thaw()
            (_, again) = run.wait_for("source_recovered", 2)
            run.wait_for_frames_after(again["at"])
            summary = run.stop()
    assert (lost["trouble"], back["trouble"]) == ("lost", "lost")
    assert (stalled["trouble"], again["trouble"]) == ("stalled", "stalled")
    assert lost["source"] == f"127.0.0.1:{server.port}/cam"
    assert f"rtsp://127.0.0.1:{server.port}/cam" in lost["message"]
    assert lost["at"] < back["at"] < stalled["at"] < again["at"]
    assert summary["frames"]["displayed"] > 0


def test_an_mjpeg_server_that_hangs_up_is_connected_to_again(tmp_path: Path) -> None:
    options = ("--user", "me", "--password", SPOKEN, "--frames", "30")
    with servers.mjpeg_server(*options) as server:
        url = f"http://me:{IN_A_URL}@127.0.0.1:{server.port}/closing?token=Hunter2"
        with watching(url, tmp_path, duration=LONG) as run:
            run.wait_for("source_recovered")
            summary = run.stop()
    assert run.events("source_troubled")[0]["trouble"] == "lost"
    assert summary["frames"]["captured"] > 30


def test_an_mjpeg_server_that_falls_silent_is_connected_to_again(tmp_path: Path) -> None:
    with (
        servers.mjpeg_server("--frames", "30") as server,
        watching(f"http://127.0.0.1:{server.port}/freezing", tmp_path, duration=LONG) as run,
    ):
        run.wait_for("source_recovered")
        summary = run.stop()
    assert run.events("source_troubled")[0]["trouble"] == "stalled"
    assert summary["frames"]["captured"] > 30


def test_garbage_between_the_pictures_is_no_trouble(tmp_path: Path) -> None:
    with (
        servers.mjpeg_server() as server,
        watching(f"http://127.0.0.1:{server.port}/garbage", tmp_path, duration=2) as run,
    ):
        summary = run.finish()
    assert not run.events("source_troubled")
    assert summary["frames"]["displayed"] > 10


def test_a_wrong_password_is_one_sentence_without_it(tmp_path: Path) -> None:
    with servers.mjpeg_server("--user", "me", "--password", "right") as server:
        url = f"http://me:{IN_A_URL}@127.0.0.1:{server.port}/video"
        result = command_line.livecam(
            "run", url, "--detector", "none", "--view", "none", "--debug", cwd=tmp_path
        )
    assert result.returncode == 1
    assert "does not accept the user name and password" in result.stderr
    assert MARK.decode() not in result.stdout + result.stderr


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_nothing_listening_is_one_sentence(scheme: str, tmp_path: Path) -> None:
    url = f"{scheme}://me:{IN_A_URL}@127.0.0.1:{servers.free_port()}/cam"
    result = command_line.livecam("run", url, "--detector", "none", "--view", "none", cwd=tmp_path)
    assert result.returncode == 1
    assert "refuses the connection" in result.stderr
    assert "Traceback" not in result.stderr
    assert MARK.decode() not in result.stdout + result.stderr
