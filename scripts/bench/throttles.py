"""What a service that throttles gives to whom: livecam's pace beside hammering and botocore's own retries.

Run as `.venv/bin/python scripts/bench/throttles.py [SECONDS]`. The local endpoint, in a process of its own,
answers 2.5 calls a second after 0.34 s; 5 a second are asked for. All policies run at the same time, each
against an endpoint of its own, through the same loop and plain boto3; five runs.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import boto3  # type: ignore[import-untyped]
import numpy as np
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from livecam.clock import SystemClock
from livecam.detections import Detection, DetectorInfo
from livecam.errors import CloudError
from livecam.events import DetectionCompleted, DetectionFailed, Event
from livecam.frames import Frame
from livecam.latency import percentiles
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import KEY, REGION, SECRET, Endpoint, Setup
from livecam.local_aws.fault_plan import FaultPlan, Latency, Quota
from livecam.native import cv2
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.throttled_pacer import ThrottledPacer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from livecam.protocols import Pacer

CLOCK = SystemClock()
ASKED, QUOTA, BURST, LATENCY = 5.0, 2.5, 3.0, 0.34
RUNS, IN_FLIGHT, DEADLINE, FPS = 5, 4, 20.0, 30.0
IMAGE = np.full((360, 640, 3), 127, np.uint8)
THROTTLES = {"ProvisionedThroughputExceededException", "ThrottlingException"}


class FixedPacer(ThrottledPacer):
    """Keeps its rate whatever the service says."""

    def throttled(self, sent_at: float) -> None:
        """Take no notice."""


class PlainRekognition:
    """Fits `FaceDetector`: what a script with boto3 does, throttles told as livecam wants them told."""

    info = DetectorInfo(name="rekognition", is_approximate=False, unclear_below=50.0)

    def __init__(self, url: str, retries: dict[str, Any]) -> None:
        self._jpeg = cv2.imencode(".jpg", IMAGE)[1].tobytes()
        config = Config(retries=retries, max_pool_connections=IN_FLIGHT)
        self._client = boto3.client(
            "rekognition",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=config,
        )

    def warm(self) -> None:
        """Nothing is slow but making the client."""

    def detect(self, frame: Frame) -> Detection:  # noqa: ARG002  every picture is the same
        """Ask the endpoint."""
        try:
            self._client.detect_faces(Image={"Bytes": self._jpeg})
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise CloudError(str(error), code=code, blame="service", is_throttle=code in THROTTLES) from error
        return Detection(())

    def abort(self, frame: Frame) -> None:
        """Leave it: nothing here is that late."""


@dataclass
class Policy:
    """A way to call, and what came of it."""

    name: str
    pacer: type[ThrottledPacer]
    retries: dict[str, Any]
    answers: list[int] = field(default_factory=list)
    throttles: list[int] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)

    def row(self) -> str:
        """Return its row of the table."""
        return (
            f"| {self.name} | {_spread(self.answers)} | {_spread(self.throttles)} | {_spread(self.requests)}"
            f" | {_spread([1000 * s for s in self.p95])} | {_spread([1000 * s for s in self.longest])} |"
        )


def _spread(values: list[Any]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def serve(ports: Connection, count: int) -> None:
    """Run endpoints until the other end of the pipe is closed."""

    async def run() -> None:
        plan = FaultPlan(latency=Latency(seconds=LATENCY), quota=Quota(per_second=QUOTA, burst=BURST))
        endpoints = [Endpoint(Setup(plan=plan, eyes=CannedEyes(), with_moto=False)) for _ in range(count)]
        for endpoint in endpoints:
            await endpoint.__aenter__()
        ports.send([endpoint.url for endpoint in endpoints])
        await asyncio.to_thread(ports.poll, None)
        for endpoint in endpoints:
            await endpoint.__aexit__()

    asyncio.run(run())


async def one_run(policy: Policy, url: str, seconds: float) -> None:
    """Call for some seconds and note what came of it."""
    ages: list[float] = []
    throttles: list[str] = []

    def note(event: Event) -> None:
        match event:
            case DetectionCompleted():
                ages.append(event.responded_at - event.captured_at)
            case DetectionFailed(error=code):
                throttles.append(code)
            case _:
                pass

    pacer: Pacer = policy.pacer(ASKED)
    detector = await asyncio.to_thread(PlainRekognition, url, policy.retries)
    loop = DetectionLoop(
        detector=detector, pacer=pacer, in_flight=IN_FLIGHT, deadline=DEADLINE, clock=CLOCK, publish=note
    )
    running = asyncio.create_task(loop.run())
    began_at = CLOCK.now()
    sequence = 0
    while (now := CLOCK.now()) < began_at + seconds:
        loop.offer(Frame("camera", sequence, now, now - began_at, IMAGE))
        sequence += 1
        await asyncio.sleep(began_at + sequence / FPS - CLOCK.now())
    # What is under way now may end, as it does against the other policies.
    await asyncio.sleep(2 * LATENCY)
    policy.answers.append(len(ages))
    policy.throttles.append(len(throttles))
    figures = percentiles(ages)
    policy.p95.append(figures.p95 or 0.0)
    policy.longest.append(figures.max or 0.0)
    running.cancel()
    await asyncio.wait([running])
    policy.requests.append(await asyncio.to_thread(_requests, url))


def _requests(url: str) -> int:
    with urlopen(f"{url}/_livecam/requests") as answer:  # noqa: S310  our own endpoint
        return int(json.load(answer)["total"])


async def measure(policies: list[Policy], seconds: float) -> None:
    """Run all policies at the same time, each against an endpoint of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, len(policies)), daemon=True)
    server.start()
    try:
        urls = await asyncio.to_thread(ours.recv)
        await asyncio.gather(
            *(one_run(policy, url, seconds) for policy, url in zip(policies, urls, strict=True))
        )
    finally:
        ours.send(None)
        server.join()


def main() -> None:
    """Print a row per policy: the median of the runs, and their range."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    once: dict[str, Any] = {"mode": "standard", "total_max_attempts": 1}
    policies = [
        Policy("livecam: AIMD, no retries", ThrottledPacer, once),
        Policy("fixed rate, no retries", FixedPacer, once),
        Policy("fixed rate, botocore standard", FixedPacer, {"mode": "standard"}),
        Policy("fixed rate, botocore adaptive", FixedPacer, {"mode": "adaptive"}),
    ]
    for _ in range(RUNS):
        asyncio.run(measure(policies, seconds))
    print(
        f"{seconds:g} s, at most {QUOTA * seconds + BURST:.0f} answers allowed; median of {RUNS} runs (range)"
    )
    print("| policy | answers | throttled calls | requests | age p95, ms | age max, ms |")
    print("|---|---|---|---|---|---|")
    for policy in policies:
        print(policy.row())


if __name__ == "__main__":
    main()
