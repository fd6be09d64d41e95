"""The view in a browser: its server, its panels and what its buttons do, joined to a run."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.compose.detector import rate_asker
from livecam.compose.privacy import KEEPS_NOTHING
from livecam.compose.web_clips import clip_shelf
from livecam.errors import MissingDependency
from livecam.state.browser_key import browser_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.archive.archive import Archive
    from livecam.archive.record_switch import RecordSwitch
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.dashboard.panel import Panel
    from livecam.dashboard.parts import DashboardParts
    from livecam.overlay.drawing import OverlayPainter
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.event_bus import EventBus
    from livecam.pipeline.modes import ModeSwitch
    from livecam.protocols import FaceDetector, FrameSink
    from livecam.sources.browser_camera import BrowserCamera
    from livecam.tally import Tally


@dataclass(frozen=True, slots=True)
class Steered:
    """What of a run a page shows and steers."""

    tally: Tally
    detector: FaceDetector | None
    detection: DetectionLoop | None
    mode: ModeSwitch
    recording: RecordSwitch | None
    """None where nothing can be recorded."""
    stop: Callable[[str], None]
    """Ends the run, for the reason that is given."""
    archive: Archive | None = None
    """Where clips go; None where nothing can be recorded."""
    camera: BrowserCamera | None = None
    """The source, where it is a page's own camera."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is told where the view is."""

    announce: Callable[[Sequence[str]], None]
    """Told what to print: the address, which holds the token, then hints."""
    open_page: Callable[[str], None] | None
    """Told the address to open in a browser, which is good for one opening; None for no page."""


def web_sinks(
    settings: Settings,
    steered: Steered,
    painters: tuple[OverlayPainter, OverlayPainter],
    clock: Clock,
    bus: EventBus,
    *,
    invitation: Invitation,
) -> list[FrameSink]:
    """Return the sinks that show a run in browsers.

    Args:
        settings: host and port of the server.
        steered: what is shown and steered.
        painters: of streams and of snapshots; each is used from a thread of its own.
        clock: says when what happened.
        bus: of the events.
        invitation: who is told where it is, once it listens.

    Raises:
        MissingDependency: a package of the extra `web` is not installed.
    """
    try:
        from livecam.dashboard.access import Access
        from livecam.dashboard.panel import Panel
        from livecam.dashboard.server import WebServer
        from livecam.dashboard.web_view import WebView
    except ImportError as error:
        raise MissingDependency(
            f"the browser view needs {error.name}, which is not installed; run: pip install 'livecam[web]'"
        ) from error
    panel = Panel(
        status=steered.tally.status,
        counts=steered.tally.counts,
        controls=lambda: parts.holds(),  # noqa: PLW0108  made below: each needs the other
        detector=steered.detector.info.name if steered.detector else None,
    )
    parts = _parts(settings, steered, panel, painters, clock, bus)
    access = Access(host=settings.host, extra_hosts=settings.allow_host, key=browser_key(clock))
    # Nobody asked for the usual port: one that is taken, perhaps by another livecam, is no reason to fail.
    is_port_firm = "port" in settings.model_fields_set
    server = WebServer(parts, access, port=settings.port, is_port_firm=is_port_firm)
    view = WebView(server, parts, access, announce=invitation.announce, open_page=invitation.open_page)
    for listener in (panel, view):
        bus.subscribe(listener)
    return [panel, view]


def _parts(
    settings: Settings,
    steered: Steered,
    panel: Panel,
    painters: tuple[OverlayPainter, OverlayPainter],
    clock: Clock,
    bus: EventBus,
) -> DashboardParts:
    from livecam.dashboard.call_controls import CallControls
    from livecam.dashboard.controls import Controls
    from livecam.dashboard.feed import EventFeed
    from livecam.dashboard.hub import Hub
    from livecam.dashboard.metrics import Metrics
    from livecam.dashboard.parts import DashboardParts

    streaming, saving = painters
    calls = CallControls(
        steered.detection,
        rate_of=rate_asker(settings, steered.detector),
        is_paid=steered.detector is not None and steered.detector.info.is_paid,
    )
    controls = Controls(
        clock=clock,
        publish=bus,
        calls=calls,
        mode=steered.mode,
        detection=steered.detection,
        recording=steered.recording,
        painter=saving,
        newest=lambda: panel.newest,
        stop=functools.partial(steered.stop, "closed by user"),
        obstacle=KEEPS_NOTHING if settings.no_store else None,
    )
    return DashboardParts(
        clock=clock,
        hub=Hub(streaming),
        feed=EventFeed(),
        metrics=Metrics(),
        panel=lambda: panel.state(clock.now()),
        perform=controls.perform,
        holds=controls.now,
        mirror=lambda: streaming.mirror,
        clips=clip_shelf(settings, steered.archive),
        camera=steered.camera,
    )
