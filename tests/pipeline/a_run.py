"""A runner with fakes around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.events import (
    FrameDropped,
)
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.latest_slot import LatestSlot
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.runner import Runner
from livecam.tally import Tally
from livecam.testing.clock import FakeClock
from livecam.testing.still_follower import StillFollower
from livecam.tracking.tracks import Tracks
from tests.pipeline.parts import DEAD_AFTER, FreePacer, Happenings

if TYPE_CHECKING:
    from livecam.events import Event
    from livecam.frames import Frame
    from livecam.protocols import FaceDetector, FrameSink, FrameSource, Painter


@dataclass
class Parts:
    """A runner and what can be seen of it."""

    runner: Runner
    happenings: Happenings
    tally: Tally
    clock: FakeClock


def a_run(
    source: FrameSource,
    *sinks: FrameSink,
    detector: FaceDetector | None = None,
    painter: Painter | None = None,
    duration: float | None = None,
    clock: FakeClock | None = None,
) -> Parts:
    clock = clock or FakeClock()
    happenings, tally = Happenings(), Tally(detector="scripted")

    def publish(event: Event) -> None:
        tally(event)
        happenings(event)

    def on_drop(frame: Frame) -> None:
        publish(FrameDropped(at=0.0, source="test", frame=frame.sequence, reason="picture path busy"))

    detection = None
    if detector is not None:
        detection = DetectionLoop(
            detector=detector,
            pacer=FreePacer(),
            in_flight=1,
            deadline=2 * DEAD_AFTER,
            clock=clock,
            publish=publish,
        )
    runner = Runner(
        source=source,
        slot=LatestSlot(on_drop=on_drop),
        detection=detection,
        picture=PicturePath(
            tracks=Tracks(keep=60.0, is_sure=True), follower=StillFollower(), painter=painter
        ),
        sinks=FanOut(sinks, clock=clock, publish=publish),
        tally=tally,
        publish=publish,
        clock=clock,
        duration=duration,
    )
    return Parts(runner, happenings, tally, clock)
