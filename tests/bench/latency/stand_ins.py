"""Detectors and pictures that need no service."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.bench.latency.conditions import Condition
from livecam.bench.latency.measuring import Measurement
from livecam.bench.latency.open_loop import Ending
from livecam.bench.latency.pictures import Still, StillPictures
from livecam.bench.latency.plan import plan_of
from livecam.bench.latency.request import Request
from livecam.clock import SystemClock
from livecam.detections import Detection, DetectorInfo
from livecam.errors import CloudError, DetectionAborted
from tests.builders import a_face

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.frames import Frame

EXPIRED = CloudError("the session has expired", code="ExpiredToken", blame="user", is_lasting=True)
UNREACHED = CloudError("it cannot be reached", code="EndpointConnectionError", blame="network")
THROTTLED = CloudError("fewer calls", code="ThrottlingException", blame="service", is_throttle=True)


def a_condition(**values: Any) -> Condition:  # noqa: ANN401  fields of it
    usual: dict[str, Any] = {"width": 640, "quality": 80, "attributes": ("EMOTIONS",), "region": "us-east-1"}
    return Condition(**usual | {"rate": 1000.0, "in_flight": 2} | values)


def pictures(count: int = 1) -> StillPictures:
    image = np.zeros((90, 120, 3), np.uint8)
    return StillPictures([Still(f"{number}.jpg", image) for number in range(count)])


class FakeDetector:
    """Answers at once, or as `answer` says; a call that hangs ends by `abort`."""

    info = DetectorInfo("rekognition", is_approximate=False, unclear_below=50.0, is_paid=True)

    def __init__(
        self, answer: Callable[[int], Exception | None] = lambda _: None, *, hangs: bool = False
    ) -> None:
        self._answer, self._hangs = answer, hangs
        self._lock = threading.Lock()
        self.frames: list[Frame] = []
        self.aborted: dict[int, threading.Event] = defaultdict(threading.Event)
        self.warmed = 0

    def warm(self) -> None:
        self.warmed += 1

    def detect(self, frame: Frame) -> Detection:
        with self._lock:
            self.frames.append(frame)
            number = len(self.frames)
        if self._hangs:
            assert self.aborted[frame.sequence].wait(20)
            raise DetectionAborted("it was ended")
        if (error := self._answer(number)) is not None:
            raise error
        return Detection((a_face(),), {"wait": 0.1}, sent_at=frame.captured_at, bytes_sent=9, request_id="r")

    def abort(self, frame: Frame) -> None:
        self.aborted[frame.sequence].set()


def a_measurement(
    *detectors: FakeDetector,
    conditions: tuple[Condition, ...] | None = None,
    calls: int = 4,
    **values: Any,  # noqa: ANN401  fields of it
) -> Measurement:
    """Return what makes `calls` calls of each condition, with one warm-up call, by the real clock."""
    known = conditions or tuple(a_condition(width=100 + index) for index in range(len(detectors)))
    request = Request(calls=calls, block=2, warm_up=1)
    usual: dict[str, Any] = {
        "plan": plan_of(request, known),
        "pictures": pictures(3),
        "detectors": detectors,
        "make_client": lambda _: 0.25,
        "clock": SystemClock(),
        "ending": Ending(),
        "deadline": 30.0,
        "price_usd": 0.001,
    }
    return Measurement(**usual | values)
