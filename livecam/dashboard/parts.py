"""What the web view is made of; `compose` fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from livecam.clock import Clock
    from livecam.dashboard.clips import ClipShelf
    from livecam.dashboard.feed import EventFeed
    from livecam.dashboard.hub import Hub
    from livecam.dashboard.metrics import Metrics
    from livecam.sources.browser_camera import BrowserCamera


@dataclass(frozen=True, kw_only=True)
class DashboardParts:
    """All that the server's answers come from."""

    clock: Clock
    hub: Hub
    feed: EventFeed
    metrics: Metrics
    panel: Callable[[], Mapping[str, Any]]
    """Return all that panels show, JSON-ready; called twice a second for each page."""
    perform: Callable[[str, Any], Mapping[str, Any]]
    """Set a control and return what holds now; raises `LivecamError` with a sentence. Called in a thread."""
    holds: Callable[[], Mapping[str, Any]]
    """Return what every control is set to and may be set to, JSON-ready."""
    mirror: Callable[[], bool] = lambda: False
    """Return whether pages show the picture turned left to right at first."""
    clips: ClipShelf | None = None
    """What was recorded; None where nothing can be."""
    camera: BrowserCamera | None = None
    """The source, where it is a page's own camera."""
