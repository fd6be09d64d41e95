"""Settings to parts: the only module that names implementations.

mypy proves here that every part fits its plug.
"""

from __future__ import annotations

import functools
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.clock import SystemClock
from livecam.detectors.on_device import OnDeviceDetector
from livecam.errors import OutputError, UsageError
from livecam.events import FrameDropped, OutputFailed
from livecam.native import cv2
from livecam.overlay.drawing import OverlayPainter
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.event_bus import EventBus
from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.latest_slot import LatestSlot
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.runner import Runner
from livecam.pipeline.throttled_pacer import ThrottledPacer
from livecam.sinks.display import why_no_window
from livecam.sinks.event_log import EventLog
from livecam.sinks.status_line import StatusLine
from livecam.sinks.trace import TraceSink
from livecam.sinks.video_file import VideoFileSink
from livecam.sinks.window import WindowSink
from livecam.sources.camera import CameraSource
from livecam.sources.demo_scene.source import DemoSceneSource
from livecam.sources.video_file import VideoFileSource
from livecam.tally import Tally
from livecam.tracking import Tracker
from livecam.vision.model_files import require_all, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.frames import Frame
    from livecam.protocols import EventListener, FaceDetector, FrameSink, FrameSource
    from livecam.sinks.contact_sheet import ContactSheetSink

log = logging.getLogger(__name__)

ON_DEVICE_RATE = 10.0
"""Calls per second when none is set: about a fifth of one core at 720p."""
LAST_CAMERA = 99
"""Highest camera index; a longer number is a file name or a slip."""
ON_DEVICE_IN_FLIGHT = 1
"""Its nets take one frame at a time."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run, ready to start."""

    runner: Runner
    tally: Tally
    window: WindowSink | None
    event_log: EventLog | None


def compose(
    settings: Settings, *, is_quiet: bool = False, contact_sheet: ContactSheetSink | None = None
) -> Run:
    """Return the run that the settings describe.

    Raises:
        UsageError: settings that do not go together.
        MissingDependency: a part needs a package that is not installed.
        ModelMissing, ModelDamaged: the on-device engine's models are not in order.
        OutputError: a window was asked for and none can be shown, or a file cannot be written.
    """
    refuse_clashes(settings)
    # OpenCV's own threads would compete with ours: on two cores, two were often slower than one.
    cv2.setNumThreads(max(1, (os.cpu_count() or 1) // 2))
    clock = SystemClock()
    bus = EventBus()
    source = open_source(settings, clock)
    detector = choose_detector(settings, clock)
    tally = Tally(detector=_detector_text(detector))
    bus.subscribe(tally)
    event_log = _event_log(settings, bus, clock)
    painter = OverlayPainter(show_bars=settings.bars)
    window = WindowSink(painter=painter, clock=clock) if _wants_window(settings) else None
    pixel_sinks: list[FrameSink] = [sink for sink in (window, contact_sheet) if sink is not None]
    if settings.output:
        lost = _loss_of(settings.output, bus, clock)
        pixel_sinks.append(VideoFileSink(settings.output, publish=bus, on_failure=lost))
    runner = Runner(
        source=source,
        slot=LatestSlot(on_drop=functools.partial(_report_drop, bus, clock)),
        detection=_detection(settings, detector, clock, bus) if detector else None,
        picture=PicturePath(tracker=Tracker(), painter=painter if pixel_sinks else None),
        sinks=FanOut(
            [*_plain_sinks(settings, bus, clock, is_quiet=is_quiet), *pixel_sinks], clock=clock, publish=bus
        ),
        tally=tally,
        publish=bus,
        clock=clock,
        duration=settings.duration,
    )
    return Run(runner, tally, window, event_log)


def refuse_clashes(settings: Settings) -> None:
    """Refuse files that would overwrite each other or the source.

    Raises:
        UsageError: two of them are the same file.
    """
    files = {"SOURCE": Path(settings.source), "--output": settings.output}
    files |= {"--trace": settings.trace, "--events": settings.events}
    seen: dict[Path, str] = {}
    for name, path in files.items():
        if path is None or str(path).startswith("/dev/"):
            continue
        other = seen.setdefault(path.resolve(), name)
        if other != name:
            raise UsageError(f"{name} and {other} are the same file, {path}; one would destroy the other")


def open_source(settings: Settings, clock: Clock) -> FrameSource:
    """Return the source that `settings.source` names; it is not open yet.

    Raises:
        UsageError: it is nothing that frames can come from.
    """
    name = settings.source
    if name == "demo":
        return DemoSceneSource(clock=clock, is_fast=settings.fast)
    if name.isdigit() and int(name) <= LAST_CAMERA:
        return CameraSource(
            int(name), source=f"camera{name}", clock=clock, size=settings.size, fps=settings.fps
        )
    if name.startswith("/dev/"):
        return CameraSource(name, source=Path(name).name, clock=clock, size=settings.size, fps=settings.fps)
    if re.match(r"[a-z][a-z0-9+.-]*:", name, re.IGNORECASE) and not Path(name).exists():
        raise UsageError(
            f"{name} is a stream, which this version cannot read; give a camera, a video file or demo"
        )
    return VideoFileSource(Path(name), source=Path(name).name, clock=clock, is_fast=settings.fast)


def choose_detector(settings: Settings, clock: Clock) -> FaceDetector | None:
    """Return the detector that the settings name; None for none.

    Raises:
        ModelMissing, ModelDamaged: the on-device engine's models are not in order.
    """
    if settings.detector == "none":
        return None
    require_all(verify())
    if settings.detector == "auto":
        log.info("detector: on-device, the only one this version has; no picture leaves this machine")
    return OnDeviceDetector(clock=clock)


def _detection(
    settings: Settings, detector: FaceDetector, clock: Clock, publish: EventListener
) -> DetectionLoop:
    return DetectionLoop(
        detector=detector,
        pacer=ThrottledPacer(settings.rate or ON_DEVICE_RATE),
        in_flight=ON_DEVICE_IN_FLIGHT,
        deadline=settings.deadline,
        clock=clock,
        publish=publish,
    )


def _detector_text(detector: FaceDetector | None) -> str:
    if detector is None:
        return "no detector"
    return detector.info.name + (", approximate" if detector.info.is_approximate else "")


def _plain_sinks(settings: Settings, bus: EventBus, clock: Clock, *, is_quiet: bool) -> list[FrameSink]:
    """Return the sinks that need no pixels."""
    sinks: list[FrameSink] = [] if is_quiet else [StatusLine()]
    if settings.trace:
        sinks.append(TraceSink(settings.trace, on_failure=_loss_of(settings.trace, bus, clock)))
    return sinks


def _event_log(settings: Settings, bus: EventBus, clock: Clock) -> EventLog | None:
    if not settings.events:
        return None
    event_log = EventLog(settings.events, on_failure=_loss_of(settings.events, bus, clock))
    bus.subscribe(event_log)
    return event_log


def _wants_window(settings: Settings) -> bool:
    if settings.view == "none":
        return False
    obstacle = why_no_window()
    if obstacle and settings.view == "window":
        raise OutputError(f"--view window: {obstacle}; use --view none with --output FILE.mp4")
    if obstacle:
        log.info("no window: %s", obstacle)
    return obstacle is None


def _report_drop(publish: EventListener, clock: Clock, frame: Frame) -> None:
    publish(
        FrameDropped(at=clock.now(), source=frame.source, frame=frame.sequence, reason="picture path busy")
    )


def _loss_of(path: Path, publish: EventListener, clock: Clock) -> Callable[[Exception], None]:
    """Return what is to be done when a file cannot be written any more."""

    def report(error: Exception) -> None:
        log.error("%s; the run goes on without it", error)
        publish(OutputFailed(at=clock.now(), source="", output=str(path), message=str(error)))

    return report
