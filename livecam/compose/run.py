"""Settings to a run that is ready to start."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.clock import SystemClock
from livecam.compose.detector import (
    Permission,
    choose_detector,
    detection_of,
    detector_text,
)
from livecam.compose.finder import KeptConvention, finder_of
from livecam.compose.outputs import event_listeners, pixel_sinks, plain_sinks, refuse_clashes, wants_window
from livecam.compose.source import are_stills, is_camera, open_source
from livecam.events import FrameDropped
from livecam.motion.follower import GridFollower
from livecam.native import cv2
from livecam.overlay.drawing import OverlayPainter
from livecam.pipeline.event_bus import EventBus
from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.latest_slot import LatestSlot
from livecam.pipeline.modes import ModeSwitch
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.runner import Runner
from livecam.sinks.face_report import FaceReportSink
from livecam.sinks.unanswered import Unanswered
from livecam.sinks.window import WindowSink
from livecam.tally import Tally
from livecam.tracking.label import GONE_AFTER
from livecam.tracking.tracks import Tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.frames import Frame
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.protocols import Connection, EventListener, FaceDetector, FrameSink, FrameSource
    from livecam.sinks.event_log import EventLog
    from livecam.sinks.webhook import Webhook

LONGEST_MEMORY = 10.0
"""Seconds of small frames and boxes that are remembered at most (18 MB at 30 fps): an answer that comes
later still is too old to be followed to the present."""
RARE_CALLS = 2.5
"""Intervals between calls for which a face is followed that nobody has seen again."""
SLACK = 0.5
"""Seconds more than a call's deadline: the frame that is sent may be some frames old."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts that come from elsewhere than the settings."""

    source: FrameSource | Callable[[], Connection] | None = None
    """Instead of the one that the settings name; or what opens a live one."""
    detector: FaceDetector | None = None
    """Instead of the one that the settings name."""
    sinks: Sequence[FrameSink] = ()
    """Beside those that the settings ask for."""
    listeners: Sequence[EventListener] = ()
    """Told every event."""
    say: Callable[[str], None] | None = None
    """Takes the faces of each still, as a text for people."""
    saves_stills: bool = True
    """Whether annotated stills are saved without being asked for, as the command line does."""
    is_quiet: bool = False
    """Whether the status line stays away."""
    permission: Permission = Permission()  # noqa: RUF009  frozen
    """Whether pictures may leave this machine."""
    paints: bool = True
    """Whether the sinks above want annotated pictures."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run, ready to start; to be closed after it."""

    runner: Runner
    tally: Tally
    window: WindowSink | None = None
    report: FaceReportSink | None = None
    """What was found in each still; None when the source is no stills."""
    listeners: Sequence[EventLog | Webhook] = field(default=())
    convention: KeptConvention | None = None
    """How the detector's boxes lie to the finder's, kept from run to run."""

    def close(self) -> None:
        """Finish what was told of events, and keep what was learnt."""
        if self.convention is not None:
            self.convention.keep(self.runner.picture.convention)
        for listener in self.listeners:
            listener.close()


def compose(settings: Settings, parts: Parts = Parts()) -> Run:
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
    clock, bus = SystemClock(), EventBus()
    for listener in parts.listeners:
        bus.subscribe(listener)
    has_stills = parts.source is None and are_stills(settings.source)
    detector = parts.detector or choose_detector(settings, clock, parts.permission)
    detection = detection_of(settings, detector, clock, bus) if detector else None
    tally = _tally(detector)
    bus.subscribe(tally)
    painter = _painter(settings, is_camera=parts.source is None and is_camera(settings.source))
    painter.show_hud = not has_stills
    mode = ModeSwitch(settings.mode)
    window = _window(settings, painter, clock, detection, mode) if wants_window(settings) else None
    report = _report(parts, bus, has_detector=detector is not None) if has_stills else None
    source = open_source(settings, clock, bus, own=parts.source, on_skip=report.skip if report else None)
    saved = pixel_sinks(settings, bus, clock, saves_stills=parts.saves_stills)
    pixels = [*([window] if window else []), *saved]
    needs_paint = bool(pixels) or bool(parts.sinks and parts.paints)
    plain = plain_sinks(settings, bus, clock, is_quiet=parts.is_quiet or has_stills)
    convention = KeptConvention.of(detector) if detector and not has_stills else None
    tracks = _tracks(settings, convention, is_sure=has_stills)
    runner = Runner(
        source=source,
        slot=LatestSlot(on_drop=functools.partial(_report_drop, bus, clock)),
        detection=detection,
        finder=None if has_stills else finder_of(settings, detector, clock, bus),
        picture=_picture_path(settings, tracks, painter if needs_paint else None),
        sinks=FanOut(
            [*plain, *pixels, *([report] if report else []), *parts.sinks], clock=clock, publish=bus
        ),
        tally=tally,
        publish=bus,
        clock=clock,
        duration=settings.duration,
        mode=mode,
        waits=settings.wait,
    )
    return Run(runner, tally, window, report, event_listeners(settings, bus, clock), convention)


def _tally(detector: FaceDetector | None) -> Tally:
    is_paid = detector is not None and detector.info.is_paid
    name = detector.info.name if detector else None
    return Tally(detector=detector_text(detector), name=name, is_paid=is_paid)


def _tracks(settings: Settings, convention: KeptConvention | None, *, is_sure: bool) -> Tracks:
    known = convention.known if convention else None
    # Where calls are rare and nobody looks between them, a face is waited for until the next but one.
    patience = max(GONE_AFTER, RARE_CALLS / (settings.rate or 1.0))
    return Tracks(keep=_memory(settings), convention=known, is_sure=is_sure, patience=patience)


def _picture_path(settings: Settings, tracks: Tracks, painter: OverlayPainter | None) -> PicturePath:
    return PicturePath(tracks=tracks, follower=GridFollower(keep=_memory(settings)), painter=painter)


def _memory(settings: Settings) -> float:
    """Return the seconds for which frames are remembered."""
    return min(settings.deadline, LONGEST_MEMORY) + SLACK


def _painter(settings: Settings, *, is_camera: bool) -> OverlayPainter:
    mirror = is_camera if settings.mirror is None else settings.mirror
    return OverlayPainter(show_bars=settings.bars, mirror=mirror, region=settings.roi)


def _window(
    settings: Settings,
    painter: OverlayPainter,
    clock: Clock,
    detection: DetectionLoop | None,
    mode: ModeSwitch,
) -> WindowSink:
    def pause() -> None:
        if detection is not None:
            detection.pause(not detection.is_paused)

    return WindowSink(
        painter=painter,
        clock=clock,
        on_pause=pause,
        on_mode=mode.toggle,
        lingers=are_stills(settings.source),
    )


def _report(parts: Parts, bus: EventBus, *, has_detector: bool) -> FaceReportSink:
    unanswered = Unanswered(has_detector=has_detector)
    bus.subscribe(unanswered)
    return FaceReportSink(parts.say, failed=unanswered.why)


def _report_drop(publish: EventListener, clock: Clock, frame: Frame) -> None:
    publish(
        FrameDropped(at=clock.now(), source=frame.source, frame=frame.sequence, reason="picture path busy")
    )
