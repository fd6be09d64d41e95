"""How old a frame is when it is called about, and what waiting for a younger one costs.

Run as `.venv/bin/python scripts/bench/frame_age.py [SECONDS]`. The demo scene at 30 fps and a scripted
detector; "at hand" takes whatever frame there is after the permit, "fresh" is what livecam does, "fresh
always" waits for a younger frame even when the permit came at once, as the calls themselves are slow.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from livecam.clock import SystemClock
from livecam.detectors.scripted import ScriptedDetector
from livecam.events import DetectionCompleted, Event
from livecam.latency import percentiles
from livecam.motion.follower import GridFollower
from livecam.pipeline import caller
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.event_bus import EventBus
from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.latest_slot import LatestSlot
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.runner import Runner
from livecam.pipeline.throttled_pacer import ThrottledPacer
from livecam.sources.demo_scene.source import DemoSceneSource
from livecam.tally import Tally
from livecam.tracking.tracks import Tracks

if TYPE_CHECKING:
    from livecam.faces import Face
    from livecam.frames import Frame

CLOCK = SystemClock()
NEVER = 1e9


def nobody(_frame: Frame) -> tuple[Face, ...]:
    """Answer that there is no face."""
    return ()


def main() -> None:
    """Print a row per rate, delay and way."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    print(
        "| asked | call | in flight | frame | age p50 / p95, ms | to label p50, ms | achieved | most in 1 s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    waited = caller.WAITED
    for rate, delay, in_flight in (
        (2.0, 0.34, 2),
        (5.0, 0.34, 2),
        (10.0, 0.019, 1),
        (20.0, 0.04, 2),
        (10.0, 0.34, 2),
    ):
        for name, threshold in (("at hand", NEVER), ("fresh", waited), ("fresh always", -1.0)):
            caller.WAITED = threshold
            figures = one_run(rate, delay, in_flight, seconds)
            print(f"| {rate:g} | {delay:g} s | {in_flight} | {name} | {figures} |", flush=True)


def one_run(rate: float, delay: float, in_flight: int, seconds: float) -> str:
    """Run livecam's own runner and return the row's figures."""
    bus, tally = EventBus(), Tally(detector="scripted")
    ages: list[float] = []
    calls: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, DetectionCompleted):
            ages.append(event.requested_at - event.captured_at)
            calls.append(event.requested_at)

    bus.subscribe(tally)
    bus.subscribe(note)
    detection = DetectionLoop(
        detector=ScriptedDetector(nobody, delay=delay),
        pacer=ThrottledPacer(rate),
        in_flight=in_flight,
        deadline=10.0,
        clock=CLOCK,
        publish=bus,
    )
    runner = Runner(
        source=DemoSceneSource(clock=CLOCK),
        slot=LatestSlot(on_drop=lambda _frame: None),
        detection=detection,
        picture=PicturePath(tracks=Tracks(keep=4.0), follower=GridFollower(keep=4.0)),
        sinks=FanOut([], clock=CLOCK, publish=bus),
        tally=tally,
        publish=bus,
        clock=CLOCK,
        duration=seconds,
    )
    asyncio.run(runner.run())
    summary = tally.summary()
    age = percentiles(ages)
    return (
        f"{_ms(age.p50)} / {_ms(age.p95)} | {_ms(summary['capture_to_label']['p50'])}"
        f" | {summary['calls']['rate']:.2f} | {most_in_a_second(calls)}"
    )


def most_in_a_second(instants: list[float]) -> int:
    """Return the largest number of calls begun in any window of one second."""
    instants = sorted(instants)
    return max(sum(1 for at in instants[i:] if at < first + 1.0) for i, first in enumerate(instants))


def _ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:.1f}"


if __name__ == "__main__":
    main()
