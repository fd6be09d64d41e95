"""The course of a soak: lets faults and viewers come and go, and takes a sample now and then."""

from __future__ import annotations

import contextlib
import sys
import threading
from http.client import HTTPException
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from soak_process import BUCKET
from soak_samples import Sample, Sampler
from soak_schedule import Happening, Schedule, turn_of
from soak_viewers import Viewers

from livecam.clock import SystemClock

if TYPE_CHECKING:
    from cloud_endpoint import LocalEndpoint
    from soak_camera import SoakCamera
    from soak_process import Soaked

CLOCK = SystemClock()
LOOK_EVERY = 2.0
"""Seconds between two samples."""
KEPT_CLIPS = 20
"""On S3."""
TICK = 0.2
"""Seconds between two looks at the schedule."""
FAULTS: dict[str, dict[str, Any]] = {
    "service down": {
        "faults": [{"kind": "error", "code": "InternalServerError"}, {"kind": "error", "operation": "s3"}]
    },
    "throttled": {"quota": {"per_second": 0.5}},
    "service slow": {"latency": {"seconds": 2.5}},
}
WELL: dict[str, Any] = {"latency": {"seconds": 0.15}}


class Course:
    """What happens to one livecam, what was seen of it, and which faults lasted when."""

    def __init__(self, seconds: float, run: Soaked, endpoint: LocalEndpoint, camera: SoakCamera) -> None:
        self.samples: list[Sample] = []
        self.lasted: list[tuple[str, float, float]] = []
        self._begun: dict[str, float] = {}
        self._seconds = seconds
        self._run = run
        self._endpoint = endpoint
        self._camera = camera
        self._viewers = Viewers(run.address or "")
        self._sampler = Sampler(run.pid, run.trace, run.clips, self._viewers.metrics)

    def take(self, *, say: bool) -> bool:
        """Let it take its course; return whether it did: livecam has not ended, and nobody pressed Ctrl-C."""
        try:
            self._last(say=say)
        except KeyboardInterrupt:
            return False
        return not self._run.has_ended

    def _last(self, *, say: bool) -> None:
        began, pause, schedule = CLOCK.now(), threading.Event(), Schedule(turn_of(self._seconds))
        next_look = LOOK_EVERY
        while (at := CLOCK.now() - began) < self._seconds and not self._run.has_ended:
            for happening, is_on in schedule.changes(at):
                self._happen(happening, at, is_on=is_on)
            if at >= next_look:
                next_look += LOOK_EVERY
                self._look(at, say=say)
            pause.wait(TICK)

    def _look(self, at: float, *, say: bool) -> None:
        with contextlib.suppress(OSError, HTTPException):  # who does not answer gives no sample
            self.samples.append(sample := self._sampler.look(at))
            if say:
                print(sample, file=sys.stderr, flush=True)

    def _happen(self, happening: Happening, at: float, *, is_on: bool) -> None:
        name = happening.name
        if happening.is_fault and is_on:
            self._begun[name] = at
        elif happening.is_fault:
            self.lasted.append((name, self._begun.pop(name), at))
        if self._viewers.knows(name):
            (self._viewers.come if is_on else self._viewers.go)(name)
        elif name == "camera silent":
            self._camera.silence(is_silent=is_on)
        elif name == "camera lost":
            self._camera.lose(is_lost=is_on)
            if is_on:
                self._forget_old_clips()
        else:
            self._endpoint.change(**(FAULTS[name] if is_on else WELL))

    def _forget_old_clips(self) -> None:
        """Delete what was uploaded and surely analysed: a long soak would fill the endpoint's disk."""
        s3 = self._endpoint.client("s3")
        stored = sorted(s3.list_objects_v2(Bucket=BUCKET).get("Contents", []), key=itemgetter("LastModified"))
        for each in stored[:-KEPT_CLIPS]:
            s3.delete_object(Bucket=BUCKET, Key=each["Key"])
