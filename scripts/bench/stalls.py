"""What a slow or broken detector does to the picture: livecam beside the loop that people write today.

Run as `.venv/bin/python scripts/bench/stalls.py [SECONDS]`, and nothing beside it. Both watch the same clock
of a 30 fps source, the demo scene, with the same scripted detector; a frame that the loop could not take
because it was calling counts as captured and not displayed, as with a camera.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from livecam.clock import SystemClock
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import DetectorError
from livecam.motion.follower import GridFollower
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.event_bus import EventBus
from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.latest_slot import LatestSlot
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.runner import Runner
from livecam.pipeline.throttled_pacer import ThrottledPacer
from livecam.sources.demo_scene.source import FPS, DemoSceneSource
from livecam.tally import Tally
from livecam.tracking.tracks import Tracks

if TYPE_CHECKING:
    from livecam.faces import Face
    from livecam.frames import Frame

CLOCK = SystemClock()
RATE, DEADLINE = 2.0, 10.0


def nobody(_frame: Frame) -> tuple[Face, ...]:
    """Answer that there is no face."""
    return ()


def broken(_frame: Frame) -> tuple[Face, ...]:
    """Fail at every call."""
    raise DetectorError("broken")


def main() -> None:
    """Print a row per detector."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    print("| detector | livecam displays | the loop displays |\n|---|---|---|")
    for name, detector in (
        ("answers after 0.34 s", ScriptedDetector(nobody, delay=0.34)),
        ("answers after 5 s", ScriptedDetector(nobody, delay=5.0)),
        ("raises at every call", ScriptedDetector(broken)),
    ):
        print(f"| {name} | {livecam(detector, seconds)} | {loop(detector, seconds)} |", flush=True)


def livecam(detector: ScriptedDetector, seconds: float) -> str:
    """Run livecam's own runner and return frames displayed of frames captured."""
    bus, tally = EventBus(), Tally(detector="scripted")
    bus.subscribe(tally)
    detection = DetectionLoop(
        detector=detector,
        pacer=ThrottledPacer(RATE),
        in_flight=2,
        deadline=DEADLINE,
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
    frames = tally.summary()["frames"]
    return f"{frames['displayed']} of {frames['captured']} ({frames['displayed'] / frames['captured']:.1%})"


def loop(detector: ScriptedDetector, seconds: float) -> str:
    """Read, call, show, again: return frames displayed of frames that the source had in that time."""
    slot = LatestSlot(on_drop=lambda _frame: None)
    source = DemoSceneSource(clock=CLOCK)
    source.open()
    displayed = 0
    began_at = CLOCK.now()
    source.start(slot)
    try:
        while CLOCK.now() - began_at < seconds and (frame := slot.take()) is not None:
            detector.detect(frame)
            displayed += 1
    except DetectorError:
        return f"ends at its frame {displayed + 1}: the error is nobody's"
    finally:
        slot.close()
        source.close()
    captured = round((CLOCK.now() - began_at) * FPS)
    return f"{displayed} of {captured} ({displayed / captured:.1%})"


if __name__ == "__main__":
    main()
