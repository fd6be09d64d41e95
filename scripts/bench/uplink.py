"""What the payload planner does for the latency and for the faces found, at 1, 5 and 20 Mbit/s.

Run as `.venv/bin/python scripts/bench/uplink.py [CALLS]`. Each row is a clip sent at two calls a second to a
local endpoint in a process of its own, which takes pictures in at that speed and answers after 0.34 s
(lognormal, 0.1); with and without the planner at the same time, each against an endpoint of its own. Figures
are of the second half, when the planner has measured. The endpoint looks with the on-device finder at each
picture's own size. What Amazon's service would find in it is not known; it wants faces of some 50 pixels.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.aws.clients import AwsAccess
from livecam.clock import SystemClock
from livecam.detectors.rekognition import RekognitionDetector
from livecam.errors import DetectorError
from livecam.events import Event, PayloadPlanned
from livecam.frames import Frame
from livecam.latency import percentiles
from livecam.local_aws.endpoint import KEY, REGION, SECRET, Endpoint, Setup
from livecam.local_aws.eyes import VisionEyes
from livecam.local_aws.fault_flags import BYTES_PER_MEGABIT
from livecam.local_aws.fault_plan import FaultPlan, Latency
from livecam.native import av
from livecam.payload import PayloadPlanner, SentPicture, upload_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from livecam.frames import Image
    from livecam.local_aws.operations import FaceDetail

CLOCK = SystemClock()
MEDIA = Path(__file__).parents[3] / "shared" / "media"
CLIPS = ("multi_children.mp4", "crowd_enter_leave.mp4")
MEGABITS = (1.0, 5.0, 20.0)
RATE, DEADLINE = 2.0, 3.0
LATENCY, SPREAD = 0.34, 0.1
LARGE_FACE = 50
"""Pixels of height in the picture that is sent."""
ROW = "| {} | {} | {} | {} | {} | {} | {} | {} | {} |"
HEAD = (
    "clip", "Mbit/s", "planner", "latency p50 / p95, ms", "kB", "faces a call", "of them 50 px or more",
    "failed", "plans",
)  # fmt: skip


class OwnSizeEyes:
    """Fits `Eyes`; looks at each picture as wide as it is, so that a wider one shows more."""

    def __init__(self) -> None:
        self._by_width: dict[int, VisionEyes] = {}

    def load(self) -> None:
        """Load the models for the usual width."""
        self._eyes(640).load()

    def look(self, image: Image) -> list[FaceDetail]:
        """Return the faces of a picture."""
        return self._eyes(image.shape[1]).look(image)

    def _eyes(self, width: int) -> VisionEyes:
        return self._by_width.setdefault(width, VisionEyes(input_width=width))


class NotedPlanner(PayloadPlanner):
    """Keeps how wide the newest picture was."""

    sent_width = 0

    def answered(self, sent: SentPicture) -> None:
        """Take note of a picture that was answered."""
        super().answered(sent)
        self.sent_width = sent.width


@dataclass
class Outcome:
    """What came of one run; a call that failed has no faces and took as long as it took."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    faces: list[int] = field(default_factory=list)
    large_faces: list[int] = field(default_factory=list)
    failed: int = 0
    plans: list[str] = field(default_factory=list)

    def row(self, clip: str, megabits: float, name: str) -> str:
        """Return its row of the table: the second half, and every plan."""
        half = len(self.seconds) // 2
        figures = percentiles(self.seconds[half:])
        p50, p95 = (1000 * (value or 0.0) for value in (figures.p50, figures.p95))
        size = statistics.median(self.sizes[half:]) / 1000
        faces = f"{statistics.fmean(self.faces[half:]):.2f}"
        large = f"{statistics.fmean(self.large_faces[half:]):.2f}"
        plans = ", ".join(self.plans) or "none"
        ms = f"{p50:.0f} / {p95:.0f}"
        return ROW.format(clip, f"{megabits:g}", name, ms, f"{size:.1f}", faces, large, self.failed, plans)


def main() -> None:
    """Print two rows per clip and uplink."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    os.environ |= {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    print(ROW.format(*HEAD))
    print(ROW.format(*["---"] * len(HEAD)))
    for clip in CLIPS:
        images = _images(MEDIA / clip, calls)
        for megabits in MEGABITS:
            fixed = NotedPlanner(is_fixed=True)
            planner = NotedPlanner(upload_within=upload_time(RATE, DEADLINE))
            with endpoint(megabits) as first, endpoint(megabits) as second, ThreadPoolExecutor(2) as pool:
                without = pool.submit(one_run, first, images, fixed)
                with_it = pool.submit(one_run, second, images, planner)
                print(without.result().row(clip, megabits, "no"), flush=True)
                print(with_it.result().row(clip, megabits, "yes"), flush=True)


def one_run(url: str, images: list[Image], planner: NotedPlanner) -> Outcome:
    """Send pictures one after the other, at the rate where the calls are quick enough for it."""
    access = AwsAccess(region=REGION, endpoint_url=url)
    detector = RekognitionDetector(access, clock=CLOCK, deadline=DEADLINE, planner=planner)
    outcome = Outcome()

    def note(event: Event) -> None:
        if isinstance(event, PayloadPlanned):
            at = f"{event.at - began_at:.0f} s"
            outcome.plans.append(f"{at}: {event.width} q{event.quality} ({event.reason})")

    detector.tell(note)
    detector.warm()
    never = threading.Event()
    began_at = due_at = CLOCK.now()
    for sequence, image in enumerate(images):
        never.wait(max(due_at - CLOCK.now(), 0.0))
        due_at = max(due_at + 1 / RATE, CLOCK.now())
        sent_at = CLOCK.now()
        try:
            detection = detector.detect(Frame("clip", sequence, sent_at, sent_at - began_at, image))
        except DetectorError:
            outcome.failed += 1
        else:
            outcome.sizes.append(detection.bytes_sent or 0)
            outcome.faces.append(len(detection.faces))
            height = image.shape[0] * planner.sent_width / image.shape[1]
            outcome.large_faces.append(
                sum(face.box.height * height >= LARGE_FACE for face in detection.faces)
            )
            outcome.seconds.append(CLOCK.now() - sent_at)
    return outcome


def _images(clip: Path, count: int) -> list[Image]:
    """Return so many frames of a clip, evenly spaced; a few of them again and again."""
    with av.open(str(clip)) as container:
        images = [
            np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in container.decode(video=0)
        ]
    kept = images[:: max(len(images) // 12, 1)]
    return [kept[index % len(kept)] for index in range(count)]


@contextmanager
def endpoint(megabits: float) -> Iterator[str]:
    """Run an endpoint behind a slow uplink in a process of its own and give its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, megabits), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        server.join()


def serve(ports: Connection, megabits: float) -> None:
    """Run an endpoint until the other end of the pipe says so."""

    async def run() -> None:
        plan = FaultPlan(
            latency=Latency(seconds=LATENCY, sigma=SPREAD), uplink=megabits * BYTES_PER_MEGABIT, seed=1
        )
        eyes = OwnSizeEyes()
        async with Endpoint(Setup(plan=plan, eyes=eyes, with_moto=False)) as running:
            ports.send(running.url)
            await asyncio.to_thread(ports.recv)

    asyncio.run(run())


if __name__ == "__main__":
    main()
