"""A server in a process of its own, on a free loopback port, that can be hurt."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SYSTEM_PYTHON = "/usr/bin/python3"
_ROOT = Path(__file__).resolve().parents[2]
_RTSP_SERVER = Path(__file__).with_name("rtsp_server.py")
_NEEDED = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
_PACKAGES = "gir1.2-gst-rtsp-server-1.0, gstreamer1.0-plugins-{base,good,ugly} and python3-gi"


class Server:
    """A server process; use it as a context manager, and it is gone afterwards.

    Args:
        command: how to start it, without its port; it writes a line once it can be connected to.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        """Stays the same when it is started again."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it can be connected to."""
        command = [*self._command, "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", f"{command} did not start"

    def kill(self) -> None:
        """End it at once, as a power cut would; its clients see their connections reset."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def freeze(self) -> None:
        """Stop it where it is; its connections stay open and say nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, "the server is not running"
        os.kill(self._process.pid, number)


@cache
def _has_gstreamer() -> bool:
    if not Path(SYSTEM_PYTHON).exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", _NEEDED], capture_output=True, check=False).returncode == 0


def rtsp_server(*options: str) -> Server:
    """Return an RTSP server, not started yet; see rtsp_server.py for its options.

    The test is skipped where GStreamer's server is not installed.
    """
    skip_unless(_has_gstreamer(), f"no RTSP server: {SYSTEM_PYTHON} needs {_PACKAGES}")
    return Server([SYSTEM_PYTHON, str(_RTSP_SERVER), *options])


def mjpeg_server(*options: str) -> Server:
    """Return an HTTP server of pictures, not started yet; see mjpeg_server.py for its options."""
    return Server([sys.executable, "-m", "tests.servers.mjpeg_server", *options])


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def unanswering_port() -> Iterator[int]:
    """Give a port that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])
