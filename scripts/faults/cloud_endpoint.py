"""A local AWS endpoint in a process of its own, which can be made slow, wrong, deaf, and asked what it did.

Run as a program it is that process: `livecam local-aws -v`, with jobs that take longer where wanted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from livecam import logs
from livecam.clock import SystemClock
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup, environment_of
from livecam.local_aws.server import in_foreground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

REGION = "us-east-1"
CLOCK = SystemClock()
LOOK_EVERY = 0.02
"""Seconds between two looks at what another process does."""
STARTED_WITHIN = 30.0
_ENDED = re.compile(r"job ([0-9a-f]{64}) (SUCCEEDED|FAILED)")


class LocalEndpoint:
    """An endpoint that runs; `running` makes one.

    Args:
        url: its address.
        process: it.
        said: file with what it logs.
    """

    def __init__(self, url: str, process: subprocess.Popen[bytes], said: Path) -> None:
        self.url = url
        self._process = process
        self._said = said

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which livecam uses it."""
        return environment_of(self.url) | {"AWS_EC2_METADATA_DISABLED": "true"}

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 has no types
        """Return an unmodified boto3 client."""
        import boto3  # type: ignore[import-untyped]

        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  it guards nothing
        )

    def change(self, **plan: Any) -> None:  # noqa: ANN401  as the plan's JSON has it
        """Put another fault plan in force."""
        self._control("PUT", "faults", json.dumps(plan).encode())

    def answered(self, operation: str) -> list[str]:
        """Return the outcome of each request of an operation, in order."""
        record = self._control("GET", "requests", None)["requests"]
        return [each["outcome"] for each in record if each["operation"] == operation]

    def ended_jobs(self) -> dict[str, str]:
        """Return the status of each job that has ended, by id."""
        return dict(_ENDED.findall(self._said.read_text("utf-8", "replace")))

    @contextlib.contextmanager
    def deaf(self) -> Iterator[None]:
        """Stop it: connections are taken, and nothing is answered."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _control(self, method: str, what: str, body: bytes | None) -> dict[str, Any]:
        request = Request(f"{self.url}/_livecam/{what}", data=body, method=method)  # noqa: S310  our own
        with urlopen(request, timeout=STARTED_WITHIN) as answer:  # noqa: S310
            said: dict[str, Any] = json.load(answer)
        return said


@contextlib.contextmanager
def running(folder: Path, *, faces: int = 1, job_delay: float = 0.0) -> Iterator[LocalEndpoint]:
    """Run an endpoint.

    Args:
        folder: for what it logs.
        faces: that it sees in every picture.
        job_delay: seconds that every job takes longer.
    """
    said = folder / "endpoint.log"
    command = [sys.executable, __file__, "--faces", str(faces), "--job-delay", str(job_delay)]
    with said.open("wb") as file:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file)  # noqa: S603  this very file
    try:
        stdout = process.stdout
        url = stdout.readline().decode().strip() if stdout is not None else ""
        if not url:
            raise SystemExit(f"the local endpoint did not start: {said.read_text('utf-8', 'replace')}")
        yield LocalEndpoint(url, process, said)
    finally:
        process.kill()
        process.communicate()


def wait_until(condition: Callable[[], Any], *, within: float = STARTED_WITHIN) -> bool:
    """Wait for what other processes do; return whether it came about in time."""
    deadline, pause = CLOCK.now() + within, threading.Event()
    while not condition():
        if CLOCK.now() >= deadline:
            return False
        pause.wait(LOOK_EVERY)
    return True


def plain_environment(work: Path, more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment without a display or settings of this machine."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LIVECAM_", "AWS_")) and key != "DISPLAY"
    }
    nowhere = {name: str(work / "nowhere") for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}
    own = {"XDG_CONFIG_HOME": str(work / "config"), "XDG_DATA_HOME": str(work / "data")}
    return kept | nowhere | own | dict(more)


def _main() -> int:
    parser = argparse.ArgumentParser(description="Serve as AWS until a signal.")
    parser.add_argument("--faces", type=int, default=1)
    parser.add_argument("--job-delay", type=float, default=0.0)
    options = parser.parse_args()
    logs.configure(verbosity=1)
    setup = Setup(eyes=CannedEyes(options.faces), job_delay=options.job_delay)
    return in_foreground(setup, lambda endpoint: print(endpoint.url, flush=True))


if __name__ == "__main__":
    sys.exit(_main())
