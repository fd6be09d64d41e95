"""Where livecam is used with marked secrets: a home of its own, and a note of all that comes out."""

from __future__ import annotations

import contextlib
import http.server
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from tests import command_line
from tests.end_to_end import canaries

if TYPE_CHECKING:
    from collections.abc import Iterator

POLLS = 1200
POLL = 0.05
"""Seconds."""
MOST_READ = 20_000
"""Bytes of an answer that has no end."""


class Stage:
    """Starts livecam as a user does and keeps what it says.

    Args:
        folder: home and current folder of all that is started.
        endpoint: address of a local endpoint that knows the marked keys.
    """

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.folder = folder
        self.said: dict[str, bytes] = {}
        """What was printed, answered and sent, and with what livecam started other programs, by name."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LIVECAM_", "AWS_"))}
        homes = {
            f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")
        }
        self.environment = (
            kept
            | homes
            | {
                "HOME": str(folder),
                "TMPDIR": str(folder),
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_ACCESS_KEY_ID": canaries.ACCESS_KEY.text,
                "AWS_SECRET_ACCESS_KEY": canaries.SECRET_KEY.text,
                "AWS_SESSION_TOKEN": canaries.SESSION_TOKEN.text,
                "AWS_DEFAULT_REGION": "us-east-1",
                "LIVECAM_WEBHOOK_SECRET": canaries.WEBHOOK_SECRET.text,
            }
        )
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            self.environment.pop(name, None)

    def run(self, name: str, *arguments: str | Path, env: dict[str, str] | None = None) -> int:
        """Run a command to its end, keep what it said as `name`, and return its exit code."""
        with self.started(name, *arguments, env=env) as process:
            return process.wait(120)

    @contextlib.contextmanager
    def started(
        self, name: str, *arguments: str | Path, env: dict[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a command; keep what it said once it has ended."""
        out, errors = self.folder / f"{name}.out", self.folder / f"{name}.err"
        command = [sys.executable, *(("-m", "livecam") if arguments[0] != "-c" else ()), *map(str, arguments)]
        with out.open("wb") as stdout, errors.open("wb") as stderr:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment | (env or {}), stdout=stdout, stderr=stderr
            )
            with self._watching(name, process.pid):
                try:
                    yield process
                finally:
                    process.kill()
                    process.wait()

    def address_in(self, name: str, process: subprocess.Popen[bytes]) -> str:
        """Wait for the address that a run prints."""
        return command_line.page_address(self.folder / f"{name}.err", process)

    def ask(self, address: str, *, token: str | None = None, body: bytes | None = None) -> int:
        """Ask the page for something, keep the answer, and return its status."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(address, body, headers)  # noqa: S310  this machine
        try:
            answer = urllib.request.urlopen(request, timeout=10)  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            has_end = "content-length" in answer.headers
            content = answer.read() if has_end else answer.read1(MOST_READ)
            heads = [f"{key}: {value}" for key, value in answer.headers.items() if key != "set-cookie"]
            path = address.partition("?")[0].rpartition(":")[2]
            self.said[f"answer to {path}"] = "\n".join(heads).encode() + content
            return int(answer.status)

    @contextlib.contextmanager
    def _watching(self, name: str, pid: int) -> Iterator[None]:
        """Note the command lines of all that a process starts meanwhile."""
        is_over = threading.Event()
        seen: set[bytes] = set()

        def watch() -> None:
            while not is_over.wait(POLL):
                seen.update(_command_lines_below(pid))

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            self.said[f"programs that {name} started"] = b"\n".join(seen)


def _command_lines_below(pid: int) -> Iterator[bytes]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                yield Path(f"/proc/{child}/cmdline").read_bytes()
                yield from _command_lines_below(int(child))


@contextlib.contextmanager
def webhook_receiver(said: dict[str, bytes]) -> Iterator[int]:
    """Receive webhooks, keep their bodies and headers, and give the port."""

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            del self.headers["authorization"]  # the user and password of the address, for this server alone
            said["webhook"] = said.get("webhook", b"") + str(self.headers).encode() + body
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
