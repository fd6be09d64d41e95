"""The livecam that is soaked: `livecam run` with everything on, in a process of its own."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from cloud_endpoint import plain_environment, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BUCKET = "soak"
SEGMENT = 20
"""Seconds of a clip."""
KEEP = "30MB"
"""Of clips: two minutes, and so they are soon deleted as fast as they are made."""
COUNTED = {"PYTHONMALLOC": "malloc"}
"""So that Python's own objects are among what the C library counts."""
STOP_PATIENCE = 60.0
_ADDRESS = re.compile(r"http://\S+\?t=\S+")


class Soaked:
    """A livecam that runs; `soaked` makes one."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self.folder = folder
        self.pid = process.pid
        self.trace = folder / "trace.jsonl"
        self.events = folder / "events.jsonl"
        self.clips = folder / "clips"
        self.log = folder / "livecam.log"

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.poll() is not None

    @property
    def address(self) -> str | None:
        """Where its view is, with the token; None before it listens."""
        found = _ADDRESS.search((self.folder / "stderr.txt").read_text("utf-8", "replace"))
        return found and found[0]

    def stop(self) -> int:
        """End it as Ctrl-C does and return its exit code: 130, and what does not end is killed."""
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


@contextlib.contextmanager
def soaked(folder: Path, camera: str, environment: Mapping[str, str]) -> Iterator[Soaked]:
    """Run livecam until it has a view to be watched.

    Args:
        folder: for all that it writes.
        camera: address of its source.
        environment: variables that lead it to the endpoint.
    """
    command = [sys.executable, "-m", "livecam", "run", camera, "--yes", "--json"]
    command += ["--detector", "rekognition", "--view", "web", "--port", "0", "--no-open"]
    command += ["--record", "all", "--segment", str(SEGMENT), "--keep-size", KEEP, "--clip-dir", "clips"]
    command += ["--upload", f"s3://{BUCKET}/clips", "--analyze"]
    command += ["--trace", "trace.jsonl", "--events", "events.jsonl", "--log-file", "livecam.log"]
    with (folder / "stderr.txt").open("wb") as said, (folder / "summary.json").open("wb") as summary:
        process = subprocess.Popen(  # noqa: S603  livecam itself
            command,
            cwd=folder,
            stdout=summary,
            stderr=said,
            env=plain_environment(folder, {**environment, **COUNTED}),
        )
        run = Soaked(process, folder)
        try:
            if not wait_until(lambda: run.has_ended or run.address is not None) or run.has_ended:
                why = (folder / "stderr.txt").read_text("utf-8", "replace")
                raise SystemExit(f"livecam did not start: {why}")
            yield run
        finally:
            if not run.has_ended:
                process.kill()
                process.wait()
