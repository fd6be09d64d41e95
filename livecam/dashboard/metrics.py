"""Figures for Prometheus, in a registry of their own: the process-wide one would hold other runs' too."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from livecam import memory
from livecam.events import DetectionCompleted, DetectionFailed, FrameDropped

if TYPE_CHECKING:
    from livecam.events import Event
    from livecam.pictures import Picture, Status

CONTENT_TYPE = CONTENT_TYPE_LATEST
LATENCY_BUCKETS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 2.0, 5.0)
"""Seconds; calls to Rekognition take 0.2 to 0.6 mostly."""


class Metrics:
    """Counts a run; fits `EventListener`. Any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        mine: Any = {"namespace": "livecam", "registry": self._registry}
        self._displayed = Counter("frames_displayed", "Pictures handed to the outputs", **mine)
        self._dropped = Counter("frames_dropped", "Frames dropped, by reason", ["reason"], **mine)
        self._calls = Counter(
            "calls", "Calls of a detector, by how they ended", ["detector", "result"], **mine
        )
        self._latency = Histogram(
            "call_latency_seconds",
            "From request to answer",
            ["detector"],
            buckets=LATENCY_BUCKETS,
            **mine,
        )
        self._cost = Counter("cost_usd", "What the calls have cost by the price table", **mine)
        self._fps = Gauge("display_fps", "Pictures per second, over the last seconds", **mine)
        self._faces = Gauge("faces", "Faces on the newest picture", **mine)
        self._viewers = Gauge("viewers", "Browsers and streams that watch", **mine)
        self._budget = Gauge("budget_left_usd", "What is left of the narrowest budget", **mine)
        self._memory = Gauge("memory_in_use_bytes", "Allocated, as far as the C library says", **mine)
        self._is_live = Gauge("source_live", "1 while the source delivers, 0 while it is in trouble", **mine)

    def __call__(self, event: Event) -> None:
        """Count an event."""
        match event:
            case FrameDropped(reason=reason):
                self._dropped.labels(reason).inc()
            case DetectionCompleted(detector=detector):
                self._calls.labels(detector, "ok").inc()
                self._latency.labels(detector).observe(event.responded_at - event.requested_at)
                self._cost.inc(event.cost_usd)
            case DetectionFailed(detector=detector):
                self._calls.labels(detector, "failed").inc()

    def displayed(self) -> None:
        """Count a picture that was handed to the outputs."""
        self._displayed.inc()

    def exposition(self, newest: Picture | None, viewers: int) -> bytes:
        """Return all figures in Prometheus' text format.

        Args:
            newest: the newest picture, whose state of the run is told; None before the first.
            viewers: how many watch.
        """
        self._viewers.set(viewers)
        self._memory.set(memory.in_use() or math.nan)
        if newest is not None:
            self._faces.set(len(newest.faces))
            self._tell(newest.status)
        return generate_latest(self._registry)

    def _tell(self, status: Status) -> None:
        self._fps.set(status.display_fps or 0.0)
        self._is_live.set(status.source_state in ("live", "playing"))
        if status.budget_usd is not None:
            self._budget.set(status.budget_usd)
