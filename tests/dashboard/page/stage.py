"""The real server and page with a run behind them that tests direct: pictures, faces, figures, refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.clock import SystemClock
from livecam.dashboard.access import Access
from livecam.dashboard.app import STATIC
from livecam.dashboard.feed import EventFeed
from livecam.dashboard.hub import Hub
from livecam.dashboard.metrics import Metrics
from livecam.dashboard.panel import Panel
from livecam.dashboard.parts import DashboardParts
from livecam.dashboard.server import WebServer
from livecam.errors import UsageError
from livecam.events import DetectionCompleted
from livecam.faces import BoundingBox, Emotion, EmotionScore
from livecam.frames import Frame
from livecam.pictures import FaceLabel, Picture, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.dashboard.clips import ClipShelf
    from livecam.events import Event
    from livecam.frames import Image
    from livecam.sources.browser_camera import BrowserCamera

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
BITS = 8
"""Of a frame's number that stand on it as black and white fields along its upper edge."""
CALM_RUN = Status(
    source="demo scene 640x360",
    source_state="live",
    detector="on-device, approximate",
    display_fps=29.7,
    calls=182,
    call_rate=1.4,
    latency_p50=0.31,
    latency_p95=0.48,
    timing=(("encode", 0.006), ("connect", 0.0), ("send", 0.04), ("service", 0.21), ("read", 0.02)),
)


class _Painter:
    def paint(self, picture: Picture) -> Image:
        return picture.frame.image


class Stage:
    """A run whose server listens on loopback; `close` ends it.

    Args:
        port: to listen on; 0 for any.
        access: of a server that is to be taken over.
        clips: what was recorded.
        camera: the source, where it is a page's own camera.
    """

    def __init__(
        self,
        port: int = 0,
        access: Access | None = None,
        *,
        clips: ClipShelf | None = None,
        camera: BrowserCamera | None = None,
    ) -> None:
        self.clock = SystemClock()
        self.status = CALM_RUN
        self.counts: dict[str, Any] = {"dropped": {}, "failed": {}}
        self.holds: dict[str, Any] = {
            "pause_sending": False,
            "mode": "live",
            "record": False,
            "snapshot": None,
            "mark": None,
            "stop": False,
            "rate": 2.0,
            "budget": None,
            "detector": "rekognition",
        }
        self.ranges: dict[str, dict[str, Any]] = {
            "rate": {"least": 0.1, "most": 120.0, "step": 0.1},
            "budget": {"least": 0.01, "most": 1e6, "step": 0.01, "may_be_none": True},
            "detector": {"choices": ["rekognition", "on-device"]},
        }
        self.most_rate = 120.0
        """What a quota allows."""
        self.obstacles: dict[str, str] = {}
        self.refusal: str | None = None
        self.asked: list[tuple[str, Any]] = []
        self.panel = Panel(status=lambda _now: self.status, counts=lambda: self.counts, controls=self.now)
        self.parts = DashboardParts(
            clock=self.clock,
            hub=Hub(_Painter()),
            feed=EventFeed(),
            metrics=Metrics(),
            panel=lambda: self.panel.state(self.clock.now()),
            perform=self.perform,
            holds=self.now,
            clips=clips,
            camera=camera,
        )
        self.access = access or Access()
        self.server = WebServer(self.parts, self.access, port=port, static=STATIC)
        self.port = self.server.start()

    @property
    def address(self) -> str:
        """What its user would be told."""
        return f"http://127.0.0.1:{self.port}/?t={self.access.token}"

    def now(self) -> Mapping[str, Any]:
        return {
            name: {"value": value, "obstacle": self.obstacles.get(name), **self.ranges.get(name, {})}
            for name, value in self.holds.items()
        }

    def perform(self, name: str, value: object) -> Mapping[str, Any]:
        self.asked.append((name, value))
        if self.refusal:
            raise UsageError(self.refusal)
        self.holds[name] = {"snapshot": "livecam-1.png", "stop": True}.get(name, value)
        self.holds["rate"] = min(self.holds["rate"] or 2.0, self.most_rate)
        return self.now()

    def show(self, number: int, *faces: FaceLabel) -> None:
        """Show a frame with its number on it; without faces, with one whose place is that number too."""
        at = self.clock.now()
        frame = Frame("demo", number, at, number / 30, numbered(number))
        shown = faces or (a_face(1, Emotion.HAPPY, left=number / 512),)
        shown = tuple(replace(face, answered_at=at - 0.4) for face in shown)
        picture = Picture(frame, shown, self.status, at + 0.01, None)
        self.panel.write(picture)
        self.parts.hub.put(picture)

    def tell(self, event: Event) -> None:
        self.panel(event)
        self.parts.feed(event)

    def answer(self, seconds: float, *, ago: float = 0.0) -> None:
        """Tell of a call that took that long and ended a while ago."""
        at = self.clock.now() - ago
        self.tell(
            DetectionCompleted(
                at=at,
                source="demo",
                frame=1,
                detector="scripted",
                faces=1,
                captured_at=at - seconds - 0.05,
                requested_at=at - seconds,
                responded_at=at,
            )
        )

    def close(self) -> None:
        self.server.stop()


def numbered(number: int) -> Image:
    """Return a 640x360 picture whose upper edge says a number, most significant bit first."""
    image = np.zeros((360, 640, 3), np.uint8)
    image[:] = np.linspace(60, 150, 640, dtype=np.uint8)[None, :, None]
    for bit in range(BITS):
        is_set = number >> (BITS - 1 - bit) & 1
        image[:40, bit * 80 : (bit + 1) * 80] = 255 if is_set else 0
    return image


def a_face(
    track_id: int, emotion: Emotion | None, *, left: float = 0.4, top: float = 0.35, size: float = 0.2
) -> FaceLabel:
    """Return a face that appears to express an emotion, 87 %; None: it is unclear."""
    rest = [each for each in Emotion if each not in {emotion, Emotion.UNKNOWN}]
    scores = [EmotionScore(each, 2.0) for each in rest]
    if emotion is not None:
        scores.insert(0, EmotionScore(emotion, 87.0))
    return FaceLabel(
        track_id=track_id,
        box=BoundingBox(left, top, size * 0.75, size * 1.4),
        box_source="scripted",
        emotion=emotion,
        confidence=87.0 if emotion else 30.0,
        unclear=emotion is None,
        emotion_source="scripted",
        age=0.4,
        answered_at=100.0,
        scores=tuple(scores),
        is_approximate=True,
    )


def in_trouble(sentence: str) -> Status:
    """Return the state of a run in which something is wrong."""
    return replace(CALM_RUN, trouble=sentence, source_state="lost", display_fps=None)
