"""Settings to a run that is ready to start."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.archive.record_switch import RecordSwitch
from livecam.clock import SystemClock
from livecam.compose.blurring import refuse_blind, shield_of, shielded
from livecam.compose.cost import cost_of
from livecam.compose.detector import (
    Permission,
    choose_detector,
    detection_of,
    detector_text,
)
from livecam.compose.finder import finds_alone
from livecam.compose.following import following_of
from livecam.compose.outputs import (
    event_listeners,
    pixel_sinks,
    plain_sinks,
    refuse_clashes,
    trace_sinks,
)
from livecam.compose.privacy import KEEPS_NOTHING, with_privacy
from livecam.compose.recording import recording_of
from livecam.compose.source import are_stills, browser_source, is_camera, open_source
from livecam.compose.view import with_view
from livecam.compose.web import Invitation, Steered, web_sinks
from livecam.events import FrameDropped
from livecam.native import cv2
from livecam.overlay.drawing import OverlayPainter
from livecam.pipeline.event_bus import EventBus
from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.latest_slot import LatestSlot
from livecam.pipeline.modes import ModeSwitch
from livecam.pipeline.runner import Runner
from livecam.pipeline.upkeep import Upkeep
from livecam.sinks.clip_recorder import ClipRecorder
from livecam.sinks.event_lines import EventLines
from livecam.sinks.face_report import FaceReportSink
from livecam.sinks.held_back import HeldBack
from livecam.sinks.unanswered import Unanswered
from livecam.sinks.window import WindowSink
from livecam.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.clock import Clock
    from livecam.compose.cost import Cost
    from livecam.compose.finder import KeptConvention
    from livecam.compose.recording import Recording
    from livecam.config import Settings
    from livecam.frames import Frame
    from livecam.overlay.shield import Shield
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.protocols import Connection, EventListener, FaceDetector, FrameSink, FrameSource
    from livecam.sinks.event_log import EventLog
    from livecam.sinks.webhook import Webhook
    from livecam.sources.browser_camera import BrowserCamera


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
    announce: Callable[[Sequence[str]], None] = lambda _lines: None
    """Told what to print once the browser view listens: its address, which holds the token, then hints."""
    open_page: Callable[[str], None] | None = None
    """Told the address to open in a browser then, which is good for one opening; None for no page."""
    paints: bool = True
    """Whether the sinks above want annotated pictures."""

    @property
    def needs_paint(self) -> bool:
        """Whether pictures are painted for them."""
        return bool(self.sinks) and self.paints


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
    recording: RecordSwitch = field(default_factory=RecordSwitch)
    """Records by hand, where the run has a window or is a program's."""

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
    settings = with_privacy(settings)
    refuse_clashes(settings)
    settings = with_view(settings, is_quiet=parts.is_quiet)
    _limit_opencv_threads()
    clock, bus = SystemClock(), EventBus([EventLines(), Upkeep(), *parts.listeners])
    has_stills = parts.source is None and are_stills(settings.source)
    detector = parts.detector or choose_detector(settings, clock, parts.permission)
    cost = cost_of(settings, detector, clock, bus)
    detection = detection_of(settings, detector, clock, bus, cost.budget) if detector else None
    tally = _tally(detector, detection, cost)
    bus.subscribe(tally)
    painter = _painter(settings, is_own=parts.source is not None, has_hud=not has_stills)
    mode = ModeSwitch(settings.mode)
    recording = _recording(settings, parts, clock, bus, detector)
    window = _window(settings, painter, clock, detection, mode, recording.switch)
    report = _report(parts, bus, has_detector=detector is not None) if has_stills else None
    source, camera = _source(settings, parts, clock, bus, recording.switch, report)
    plain, pixels = _file_sinks(settings, parts, bus, clock, recording, window)
    stop: Callable[[str], None] = lambda why: runner.stop(why)  # noqa: E731, PLW0108  it is made below
    steered = Steered(tally, detector, detection, mode, recording.switch, stop, recording.archive, camera)
    plain += _web(settings, parts, steered, clock, bus)
    following = following_of(settings, detector, clock, bus, has_stills=has_stills)
    shield = shield_of(settings, are_stills=has_stills)
    runner = Runner(
        source=source,
        slot=LatestSlot(on_drop=functools.partial(_report_drop, bus, clock)),
        detection=detection,
        finder=following.finder,
        selector=following.selector,
        picture=following.picture_path(shielded(painter if pixels or parts.needs_paint else None, shield)),
        sinks=_fan_out([*plain, *pixels, *([report] if report else []), *parts.sinks], shield, clock, bus),
        tally=tally,
        publish=bus,
        clock=clock,
        duration=settings.duration,
        mode=mode,
        waits=settings.wait,
    )
    listeners = event_listeners(settings, bus, clock)
    return Run(runner, tally, window, report, listeners, following.convention, recording.switch)


def _fan_out(sinks: Sequence[FrameSink], shield: Shield | None, clock: Clock, bus: EventBus) -> FanOut:
    """Return what hands pictures to the sinks; a shield is not for clips, which have one of their own."""
    clips = [sink for sink in sinks if isinstance(sink, ClipRecorder | HeldBack)]
    return FanOut(sinks, clock=clock, publish=bus, shield=shield, originals=clips)


def _source(
    settings: Settings,
    parts: Parts,
    clock: Clock,
    bus: EventBus,
    switch: RecordSwitch,
    report: FaceReportSink | None,
) -> tuple[FrameSource, BrowserCamera | None]:
    """Return the source, and the page's camera where it is that."""
    camera = browser_source(settings, clock, bus, switch) if parts.source is None else None
    on_skip = report.skip if report else None
    return open_source(settings, clock, bus, own=camera or parts.source, on_skip=on_skip), camera


def _limit_opencv_threads() -> None:
    """Leave cores to our threads: two of OpenCV's own, on two cores, were often slower than one."""
    cv2.setNumThreads(max(1, (os.cpu_count() or 1) // 2))


def _file_sinks(
    settings: Settings,
    parts: Parts,
    bus: EventBus,
    clock: Clock,
    recording: Recording,
    window: WindowSink | None,
) -> tuple[list[FrameSink], list[FrameSink]]:
    """Return the sinks that need no pixels, and those that do."""
    is_quiet = parts.is_quiet or (parts.source is None and are_stills(settings.source))
    plain = plain_sinks(settings, bus, clock, is_quiet=is_quiet)
    plain += recording.sinks(then=trace_sinks(settings, bus, clock))
    saved = pixel_sinks(settings, bus, clock, saves_stills=parts.saves_stills)
    return plain, [*([window] if window else []), *saved]


def _recording(
    settings: Settings,
    parts: Parts,
    clock: Clock,
    bus: EventBus,
    detector: FaceDetector | None,
) -> Recording:
    has_finder = finds_alone(settings) and (parts.source is not None or not are_stills(settings.source))
    has_eyes = detector is not None or has_finder
    refuse_blind(settings, has_eyes=has_eyes)
    by_hand = settings.view != "none" or bool(parts.sinks)
    return recording_of(settings, clock, bus, by_hand=by_hand, has_eyes=has_eyes, permission=parts.permission)


def _tally(detector: FaceDetector | None, detection: DetectionLoop | None, cost: Cost) -> Tally:
    name = detector.info.name if detector else None

    def stand_in() -> str | None:
        return detection.stand_in if detection is not None and detection.is_held else None

    return Tally(detector=detector_text(detector), name=name, cost=cost.tally, stand_in=stand_in)


def _painter(settings: Settings, *, is_own: bool, has_hud: bool) -> OverlayPainter:
    mirror = settings.mirror
    if mirror is None:
        mirror = not is_own and is_camera(settings.source)
    painter = OverlayPainter(show_bars=settings.bars, mirror=mirror, region=settings.roi)
    painter.show_hud = has_hud
    return painter


def _window(
    settings: Settings,
    painter: OverlayPainter,
    clock: Clock,
    detection: DetectionLoop | None,
    mode: ModeSwitch,
    recording: RecordSwitch,
) -> WindowSink | None:
    if settings.view != "window":
        return None

    def pause() -> None:
        if detection is not None:
            detection.pause(not detection.is_paused)

    return WindowSink(
        painter=painter,
        clock=clock,
        on_pause=pause,
        on_mode=mode.toggle,
        on_record=recording.toggle,
        lingers=are_stills(settings.source),
        obstacle=KEEPS_NOTHING if settings.no_store else None,
    )


def _web(settings: Settings, parts: Parts, steered: Steered, clock: Clock, bus: EventBus) -> list[FrameSink]:
    """Return the sinks of the view in a browser; none where there is to be no such view."""
    if settings.view != "web":
        return []
    is_own = parts.source is not None
    streaming, saving = (_painter(settings, is_own=is_own, has_hud=True) for _ in range(2))
    invitation = Invitation(parts.announce, parts.open_page)
    return web_sinks(settings, steered, (streaming, saving), clock, bus, invitation=invitation)


def _report(parts: Parts, bus: EventBus, *, has_detector: bool) -> FaceReportSink:
    unanswered = Unanswered(has_detector=has_detector)
    bus.subscribe(unanswered)
    return FaceReportSink(parts.say, failed=unanswered.why)


def _report_drop(publish: EventListener, clock: Clock, frame: Frame) -> None:
    publish(
        FrameDropped(at=clock.now(), source=frame.source, frame=frame.sequence, reason="picture path busy")
    )
