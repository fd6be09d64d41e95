"""What a user sees of each fault of the cloud, and after how long; how many frames that cost.

Run as `.venv/bin/python -m scripts.bench.cloud_faults`, and nothing beside it; it takes about five minutes.
Each row is `livecam run demo --detector rekognition` in a process of its own for seven seconds, against
`livecam local-aws` in another, which does what the row says; "told" counts from the first call.
"""
# ruff: noqa: S106, S603  it starts livecam itself, and there is no real secret

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.servers import free_port, unanswering_port

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = "7"
ROW = "| {} | {} | {} | {} | {} |"
CODES = (
    "AccessDeniedException",
    "ImageTooLargeException",
    "InternalServerError",
    "InvalidImageFormatException",
    "InvalidParameterException",
    "InvalidS3ObjectException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InvalidSignatureException",
)
WIRE = (
    "bad-gateway", "reset-upload", "reset-body", "hang-up", "garbage", "truncate", "malformed", "not-object",
    "empty", "incomplete", "stall", "drip-head", "drip-body",
)  # fmt: skip


def main() -> None:
    """Print a row per fault."""
    print(ROW.format("fault", "what livecam says", "told after", "frames displayed", "in the summary"))
    print(ROW.format("---", "---", "---", "---", "---"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for fault in (*WIRE, *CODES):
            with endpoint("--fault", fault) as url:
                row(fault, url, folder)
        with endpoint() as url:
            row("none", url, folder)
            row("wrong secret key", url, folder, AWS_SECRET_ACCESS_KEY="wrong")
            row("no credentials", url, folder, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
            row("no Region", url, folder, AWS_DEFAULT_REGION="")
        with endpoint("--tls") as url:
            row("certificate that nobody trusts", url, folder)
        row("connection refused", f"http://127.0.0.1:{free_port()}", folder)
        row("no such host", "http://no-such-host.invalid", folder, "--yes")
        with unanswering_port() as port:
            row("accepts and says nothing", f"http://127.0.0.1:{port}", folder)
        with black_hole() as port:
            row("connections vanish", f"http://127.0.0.1:{port}", folder)


def row(fault: str, url: str, folder: Path, *arguments: str, **changes: str) -> None:
    """Run livecam against an endpoint and print what came of it."""
    events = folder / "events.jsonl"
    command = [sys.executable, "-m", "livecam", "run", "demo", "--detector", "rekognition", "--view", "none"]
    command += ["--endpoint-url", url, "--duration", SECONDS, "--json", "--events", str(events), *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    environment |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    environment |= {"AWS_CONFIG_FILE": str(folder / "no"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no")}
    environment = {key: value for key, value in (environment | changes).items() if value}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if not result.stdout:
        print(ROW.format(fault, result.stderr.strip().splitlines()[-1], "at once", "-", "-"), flush=True)
        return
    summary = json.loads(result.stdout)
    told = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    frames, calls = summary["frames"], summary["calls"]
    counts = ", ".join(f"{count} {code}" for code, count in calls["failed"].items())
    counted = ", ".join(filter(None, [f"{calls['ok']} ok" if calls["ok"] else "", counts]))
    sentence, after = _first_told(told)
    shown = f"{frames['displayed']} of {frames['captured']} (exit {result.returncode})"
    print(ROW.format(fault, sentence.replace(url, "URL"), after, shown, counted), flush=True)


def _first_told(events: list[dict[str, Any]]) -> tuple[str, str]:
    opened_at = next(event["at"] for event in events if event["type"] == "source_opened")
    for event in events:
        if event["type"] in ("circuit_opened", "detection_failed", "detector_unavailable"):
            return event["message"], f"{event['at'] - opened_at:.1f} s"
    return "nothing", ""


@contextmanager
def endpoint(*arguments: str) -> Iterator[str]:
    """Run the local endpoint, without what the rows do not need, and give its address."""
    command = [sys.executable, "-m", "livecam", "local-aws", "--port", "0", "--no-moto", "--canned", "1"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  it was asked for
        yield process.stdout.readline().split()[0]
        process.terminate()


@contextmanager
def black_hole() -> Iterator[int]:
    """Give a port whose queue of connections is full: what knocks there hears nothing."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            knocker = stack.enter_context(socket.socket())
            knocker.setblocking(False)
            knocker.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])


if __name__ == "__main__":
    main()
