"""What livecam's call of DetectFaces costs above a bare boto3 call and a bare HTTP request.

Bare is what a short script does: the same JPEG is made, boto3 is called, its answer is left as it is. The
making of the JPEG is taken out of both: what comes right after it finds cold caches in either.

Run as `.venv/bin/python scripts/bench/aws_overhead.py [ROUNDS]`, and nothing beside it. The local endpoint
runs in a process of its own with eyes that do not look, once at once and once with 340 ms. Each round makes
one call of each kind about the same JPEG, in random order, so that whatever else the machine does hits all
alike; differences are taken within a round. The endpoint's own record is the truth about its time.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
import numpy as np
from botocore.config import Config  # type: ignore[import-untyped]

from livecam.aws.clients import AwsAccess, live_client, target_of
from livecam.aws.live_calls import LiveCall
from livecam.clock import SystemClock
from livecam.detectors.rekognition import RekognitionDetector
from livecam.encoding.jpeg import encode_jpeg
from livecam.frames import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLOCK = SystemClock()
LATENCIES = {0.0: 600, 0.34: 90}
"""Seconds that the endpoint takes at least -> rounds."""
WARM_UP = 10
TEST_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def main() -> None:
    """Print the figures for each latency; or be the endpoint, for `--serve SECONDS`."""
    if sys.argv[1:2] == ["--serve"]:
        serve(float(sys.argv[2]))
        return
    os.environ.update(TEST_ENVIRONMENT)
    for latency, rounds in LATENCIES.items():
        with endpoint(latency) as url:
            report(latency, Bench(url).run(int(sys.argv[1]) if len(sys.argv) > 1 else rounds))


def serve(latency: float) -> None:
    """Be an endpoint that takes this long, until terminated."""
    from livecam.local_aws.canned_eyes import CannedEyes
    from livecam.local_aws.endpoint import Setup
    from livecam.local_aws.fault_plan import FaultPlan, Latency
    from livecam.local_aws.server import in_foreground

    plan = FaultPlan(latency=Latency(seconds=latency))
    setup = Setup(plan=plan, eyes=CannedEyes(), with_moto=False)
    in_foreground(setup, lambda running: print(running.url, flush=True))


@contextlib.contextmanager
def endpoint(latency: float) -> Iterator[str]:
    """Run an endpoint in another process and return its URL."""
    command = [sys.executable, __file__, "--serve", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  ourselves
        assert process.stdout  # noqa: S101
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Bench:
    """The three ways to call one endpoint."""

    def __init__(self, url: str) -> None:
        image = np.random.default_rng(3).integers(0, 256, (90, 160, 3), dtype=np.uint8)
        image = image.repeat(4, 0).repeat(4, 1)  # blocks: as many bytes as a real picture of this size
        self.frame = Frame("bench", 0, 0.0, 0.0, image)
        self.access = AwsAccess(region="us-east-1", endpoint_url=url)
        self.detector = RekognitionDetector(self.access, clock=CLOCK)
        settings = Config(retries={"mode": "standard", "total_max_attempts": 1}, tcp_keepalive=True)
        self.boto3 = boto3.client("rekognition", "us-east-1", endpoint_url=url, config=settings)
        self.plain = http.client.HTTPConnection(url.removeprefix("http://"))
        self.requests: list[Any] = []
        self.boto3.meta.events.register("before-send.rekognition", self._keep)
        kinds = ("http", "boto3", "call", "livecam", "detections", "boto3 encoding", "call encoding")
        self.figures: dict[str, list[Any]] = {kind: [] for kind in kinds}

    def run(self, rounds: int) -> dict[str, list[Any]]:
        """Return the seconds of every call by kind, livecam's detections, and the endpoint's record."""
        self.detector.warm()
        calls: list[tuple[str, Callable[[], Any]]] = [
            ("boto3", self._boto3),
            ("http", self._http),
            ("call", self._call),
            ("livecam", self._livecam),
        ]
        for number in range(WARM_UP + rounds):
            if number:  # in the first round, boto3 signs what the bare request repeats
                random.shuffle(calls)
            for kind, call in calls:
                began_at = CLOCK.now()
                call()
                self.figures[kind].append(CLOCK.now() - began_at)
        self.plain.request("GET", "/_livecam/requests")
        record = json.loads(self.plain.getresponse().read())["requests"]
        self.plain.close()
        kept = {kind: figures[WARM_UP:] for kind, figures in self.figures.items()}
        return kept | {"record": record}

    def _keep(self, request: Any, **_: object) -> None:  # noqa: ANN401  botocore has no types
        self.requests[:] = [request]

    def _boto3(self) -> None:
        self.boto3.detect_faces(**self._parameters("boto3 encoding"))

    def _call(self) -> None:
        """Call as the detector does, but leave the answer as it is."""
        client = live_client("rekognition", self.access, in_flight=2, clock=CLOCK)
        parameters = self._parameters("call encoding")
        target = target_of(client, self.access, "DetectFaces")
        LiveCall(CLOCK).make(client.detect_faces, parameters, target=target)

    def _parameters(self, kind: str) -> dict[str, Any]:
        began_at = CLOCK.now()
        data = encode_jpeg(self.frame.image).data
        self.figures[kind].append(CLOCK.now() - began_at)
        return {"Image": {"Bytes": data}, "Attributes": ["EMOTIONS"]}

    def _http(self) -> None:
        (request,) = self.requests
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
        }
        self.plain.request("POST", "/", request.body, headers)
        answer = self.plain.getresponse()
        answer.read()
        assert answer.status == http.client.OK, answer.status  # noqa: S101

    def _livecam(self) -> None:
        self.figures["detections"].append(self.detector.detect(self.frame))


def report(latency: float, figures: dict[str, list[Any]]) -> None:
    """Print what was measured at one latency."""
    print(f"endpoint takes {latency * 1000:.0f} ms, {len(figures['boto3'])} rounds; ms: p50 (least)")
    for kind in ("http", "boto3", "call", "livecam"):
        print(f"  {kind}: {text(figures[kind])}")
    detections = figures["detections"]
    bare = without(figures["boto3"], figures["boto3 encoding"])
    call = without(figures["call"], figures["call encoding"])
    whole = without(figures["livecam"], [detection.timing["encode"] for detection in detections])
    print(f"  without encoding: boto3 {text(bare)}, call {text(call)}, livecam {text(whole)}")
    for what, mine in (("the call", call), ("the call and making faces of its answer", whole)):
        added = statistics.median(without(mine, bare))
        print(f"  added to boto3 by {what}: {added * 1000:+.3f} ms ({added / statistics.median(bare):+.2%})")
    for part in detections[0].timing:
        print(f"    {part}: {text([detection.timing[part] for detection in detections])}")
    gaps = [
        abs(sum(detection.timing.values()) / took - 1)
        for took, detection in zip(figures["livecam"], detections, strict=True)
    ]
    print(f"  parts against the whole: {statistics.median(gaps):.3%} apart, at most {max(gaps):.3%}")
    against_record(figures)


def without(figures: list[float], taken: list[float]) -> list[float]:
    """Return each figure less what is taken out of it."""
    return [figure - less for figure, less in zip(figures, taken, strict=True)]


def against_record(figures: dict[str, list[Any]]) -> None:
    """Print how far livecam's figures are from what the endpoint says of the same calls."""
    by_id = {entry["request_id"]: entry for entry in figures["record"]}
    pairs = [(detection, by_id[detection.request_id]) for detection in figures["detections"]]
    theirs = [entry["service_time"] for _, entry in pairs]
    waits = [detection.timing["wait"] for detection, _ in pairs]
    trips = [sum(detection.timing[part] for part in ("send", "wait", "read")) for detection, _ in pairs]
    known = [entry["done_at"] - entry["arrived_at"] for _, entry in pairs]
    print(f"  endpoint's own service time: {text(theirs)}; livecam's wait: {text(waits)}")
    print(f"  endpoint's own arrival to done: {text(known)}; livecam's send, wait and read: {text(trips)}")


def text(seconds: list[float]) -> str:
    """Return the median and the least in milliseconds."""
    return f"{statistics.median(seconds) * 1000:.3f} ({min(seconds) * 1000:.3f})"


if __name__ == "__main__":
    main()
