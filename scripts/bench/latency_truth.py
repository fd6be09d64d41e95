"""Is `livecam bench latency` right? Its figures beside the endpoint's own record of the same calls.

Run as `.venv/bin/python scripts/bench/latency_truth.py [--calls 400] [--repeats 20]`, and nothing beside it.
The local endpoint runs in a process of its own with eyes that do not look. Prints Markdown tables:
percentiles beside the record's where it takes always the same time, a lognormal time, or stands still every
now and then; a closed loop of plain boto3 against the same stalls; how often planted differences are told.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3  # type: ignore[import-untyped]
import numpy as np

from livecam.bench.comparison.differences import compare_within
from livecam.bench.latency.reading import read_run
from livecam.clock import SystemClock
from livecam.latency import percentile
from livecam.local_aws.endpoint import environment_of
from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from livecam.bench.latency.samples import Run, Sample

CLOCK = SystemClock()
FIXED: dict[str, Any] = {"latency": {"seconds": 0.34}}
LOGNORMAL: dict[str, Any] = {"latency": {"seconds": 0.34, "sigma": 0.25}}
STALLS: dict[str, Any] = FIXED | {"stall": {"every": 50, "seconds": 2.0}}
RARE_STALLS: dict[str, Any] = FIXED | {"stall": {"every": 200, "seconds": 2.0}}
REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
PLANTED: dict[str, Any] = {
    "latency": {"seconds": 0.34, "sigma": 0.05, "by_region": {"us-west-2": 0.34, "eu-west-1": 0.36}}
}
"""The second Region takes as long as the first, the third 20 ms more."""
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def main() -> None:
    """Print the tables; or be the endpoint, for `--serve`."""
    if sys.argv[1:] == ["--serve"]:
        serve()
        return
    parser = argparse.ArgumentParser(
        description="Check `livecam bench latency` against the endpoint's record."
    )
    parser.add_argument("--calls", type=int, default=400, help="of each kind of service")
    parser.add_argument("--repeats", type=int, default=20, help="of the planted differences")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, endpoint() as url:
        os.environ.update(environment_of(url) | {"XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder})
        picture = Path(folder) / "picture.jpg"
        cv2.imwrite(str(picture), a_picture())
        bench = Bench(url, picture)
        accuracy(bench, options.calls)
        planted(bench, options.repeats)


def serve() -> None:
    """Be an endpoint until terminated; `PUT /_livecam/faults` says how long it takes."""
    from livecam.local_aws.canned_eyes import CannedEyes
    from livecam.local_aws.endpoint import Setup
    from livecam.local_aws.server import in_foreground

    in_foreground(Setup(eyes=CannedEyes(), with_moto=False), lambda running: print(running.url, flush=True))


@contextlib.contextmanager
def endpoint() -> Iterator[str]:
    """Run an endpoint in another process and return its URL."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  ourselves
        assert process.stdout  # noqa: S101
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def a_picture() -> np.ndarray:
    """Return blocks of noise: as many bytes as a real picture of this size."""
    image = np.random.default_rng(3).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    return image.repeat(4, 0).repeat(4, 1)


class Bench:
    """Measures one endpoint.

    Args:
        url: its address.
        picture: what is sent.
    """

    def __init__(self, url: str, picture: Path) -> None:
        self._url = url
        self._picture = picture

    def change(self, plan: Mapping[str, Any]) -> None:
        """Put a fault plan in force, and forget the requests before it."""
        self._ask("/_livecam/faults", "PUT", json.dumps(plan).encode())
        self._ask("/_livecam/requests", "DELETE")

    def record(self) -> dict[str, dict[str, Any]]:
        """Return the endpoint's own record by request id."""
        told: dict[str, Any] = json.loads(self._ask("/_livecam/requests", "GET"))
        return {entry["request_id"]: entry for entry in told["requests"]}

    def run(self, *flags: str) -> Run:
        """Carry out `livecam bench latency` as a user would, and return what it saved."""
        saved = self._picture.with_name("run.json")
        saved.unlink(missing_ok=True)
        command = [sys.executable, "-m", "livecam", "bench", "latency", str(self._picture), *flags]
        outputs = ["--endpoint-url", self._url, "--save", str(saved), "--quiet"]
        subprocess.run([*command, *outputs], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  ourselves
        return read_run(saved)

    def closed_loop(self, calls: int) -> list[float]:
        """Return what the usual experiment measures: each call begins when the one before has ended."""
        client = boto3.client("rekognition", endpoint_url=self._url)
        data = self._picture.read_bytes()
        took = []
        for _ in range(calls + 1):
            began_at = CLOCK.now()
            client.detect_faces(Image={"Bytes": data}, Attributes=["DEFAULT"])
            took.append(CLOCK.now() - began_at)
        return took[1:]  # the first one opened the connection

    def _ask(self, path: str, method: str, body: bytes | None = None) -> bytes:
        request = Request(self._url + path, data=body, method=method)  # noqa: S310  the local endpoint
        if body is not None:
            request.add_header("Content-Type", "application/json")
        with urlopen(request) as answer:  # noqa: S310
            told: bytes = answer.read()
        return told


def accuracy(bench: Bench, calls: int) -> None:
    """Print percentiles beside the record's."""
    print("| the endpoint takes | ms | p50 | p95 | p99 | calls |\n|---|---|---|---|---|---|")
    for name, plan, flags in (
        ("always 340 ms", FIXED, ("--rate", "5", "--in-flight", "4")),
        ("lognormal, median 340 ms, sigma 0.25", LOGNORMAL, ("--rate", "5", "--in-flight", "6")),
        ("340 ms, stands still for 2 s every 50 calls", STALLS, ("--rate", "5", "--in-flight", "12")),
        ("340 ms, stands still for 2 s every 200 calls", RARE_STALLS, ("--rate", "5", "--in-flight", "12")),
    ):
        bench.change(plan)
        run = bench.run("--calls", str(calls), *flags)
        told = bench.record()
        samples = [each for each in run.samples if each.phase == "measured" and each.is_ok]
        entries = [told[each.request_id or ""] for each in samples]
        print(row(name, "livecam's send, wait and read", [transport(each) for each in samples]))
        print(row("", "record: arrived to done", [each["done_at"] - each["arrived_at"] for each in entries]))
        print(row("", "livecam's latency, from when due", [each.latency for each in samples]))
        print(row("", "record: due to done", truth(samples, entries)))
        if "stall" in plan:
            bench.change(plan)
            print(row("", "a closed loop of plain boto3", bench.closed_loop(calls)), flush=True)


def transport(sample: Sample) -> float:
    """Return the seconds that the request was on its way, and its answer."""
    return sum(sample.parts[name] for name in ("connect", "send", "wait", "read"))


def truth(samples: Sequence[Sample], entries: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return how long after they were due the endpoint was done with calls.

    Both stamp the same machine's monotonic clock, livecam from the run's beginning: that is never later than
    the arrival of what was sent less the instant of its sending, and for the quickest call about then.
    """
    begin = min(
        entry["arrived_at"] - sample.sent_at
        for sample, entry in zip(samples, entries, strict=True)
        if sample.sent_at is not None
    )
    return [entry["done_at"] - begin - sample.due_at for sample, entry in zip(samples, entries, strict=True)]


def row(name: str, what: str, seconds: Sequence[float]) -> str:
    """Return a row of the table."""
    ordered = sorted(seconds)
    cells = [f"{(percentile(ordered, share) or 0.0) * 1000:.1f}" for share in SHARES.values()]
    return f"| {name} | {what} | {' | '.join(cells)} | {len(seconds)} |"


def planted(bench: Bench, repeats: int) -> None:
    """Print how often differences between Regions are told that are there, and that are not."""
    verdicts: dict[str, dict[str, list[str]]] = {region: {"p50": [], "p95": []} for region in REGIONS[1:]}
    bench.change(PLANTED)
    flags = ("--region", ",".join(REGIONS), "--calls", "100", "--rate", "20", "--in-flight", "12")
    for number in range(repeats):
        run = bench.run(*flags, "--warm-up", "1", "--block", "10", "--seed", str(number))
        for pair in compare_within(run, "run").pairs:
            for difference in pair.differences:
                verdicts[pair.second.condition.region][difference.percentile].append(difference.verdict)
    print("\n| planted | percentile | slower | can't tell | faster |\n|---|---|---|---|---|")
    for region, name in zip(REGIONS[1:], ("nothing", "20 ms"), strict=True):
        for part, found in verdicts[region].items():
            counts = [found.count(verdict) for verdict in ("slower", "can't tell", "faster")]
            print(f"| {name} | {part} | {' | '.join(map(str, counts))} |")


if __name__ == "__main__":
    main()
