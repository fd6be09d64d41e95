"""Decides, request by request, what the fault plan means for it. Told the time; no sockets."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.local_aws.fault_plan import Fault, FaultPlan

STALLING = "DetectFaces"
"""Operation whose requests are counted for stalls."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What happens to one request."""

    latency: float = 0.0
    """Seconds from its last byte to the first of the answer, at least."""
    begins_at: float = 0.0
    """Instant, on the plan's clock, before which the service stands still: the latency counts from there."""
    fault: Fault | None = None
    refusal: str | None = None
    """Code of the error with which it is refused because of the quota."""
    uplink: float | None = None
    """Bytes a second at which its body is taken in."""
    drip_pause: float = 0.0
    """Seconds between two bytes of an answer that drips."""


class Faults:
    """The plan in force; may be changed while requests come. Used from the event loop only."""

    def __init__(self, plan: FaultPlan, clock: Clock) -> None:
        self._clock = clock
        self.change(plan)

    @property
    def plan(self) -> FaultPlan:
        """The plan in force."""
        return self._plan

    def change(self, plan: FaultPlan) -> None:
        """Put another plan in force; its draws, counts and quotas begin anew."""
        self._plan = plan
        self._random = random.Random(plan.seed)  # noqa: S311  faults, not secrets
        self._times = [0] * len(plan.faults)
        self._buckets: dict[str, _Bucket] = {}
        self._stallable = 0
        self._stalled_until = 0.0

    def rule(self, name: str, *, is_rekognition: bool, region: str | None = None) -> Ruling:
        """Return what happens to the next request.

        Args:
            name: of its operation, or of its service when that is moto's.
            is_rekognition: latency, stalls, quota and faults without a name are for Rekognition's operations.
            region: that it is signed for; None when it is not.
        """
        fault = self._draw_fault(name, is_rekognition=is_rekognition)
        if not is_rekognition:
            return Ruling(fault=fault, uplink=self._plan.uplink, drip_pause=self._plan.drip_pause)
        latency = self._draw_latency(region)
        refusal = None if self._is_allowed(name) else self._plan.quota.code
        return Ruling(
            latency=latency,
            begins_at=0.0 if refusal else self._end_of_stall(name),
            fault=fault,
            refusal=refusal,
            uplink=self._plan.uplink,
            drip_pause=self._plan.drip_pause,
        )

    def _draw_latency(self, region: str | None) -> float:
        latency = self._plan.latency
        seconds = latency.seconds if region is None else latency.by_region.get(region, latency.seconds)
        if not latency.sigma:
            return seconds
        return seconds * math.exp(self._random.gauss(0.0, latency.sigma))

    def _end_of_stall(self, operation: str) -> float:
        """Return when the service goes on; an instant of the past when it does not stand still."""
        stall, now = self._plan.stall, self._clock.now()
        if stall.every is not None and operation == STALLING:
            self._stallable += 1
            if self._stallable % stall.every == 0:
                self._stalled_until = max(self._stalled_until, now + stall.seconds)
        return self._stalled_until

    def _draw_fault(self, name: str, *, is_rekognition: bool) -> Fault | None:
        # One draw a request whatever the plan, so that adding a fault does not move the latencies.
        drawn = self._random.random()
        for index, fault in enumerate(self._plan.faults):
            applies = fault.operation == name if fault.operation else is_rekognition
            if not applies or (fault.times is not None and self._times[index] >= fault.times):
                continue
            drawn -= fault.share
            if drawn < 0:
                self._times[index] += 1
                return fault
        return None

    def _is_allowed(self, operation: str) -> bool:
        quota = self._plan.quota
        per_second = quota.operations.get(operation, quota.per_second)
        if per_second is None:
            return True
        now = self._clock.now()
        if operation not in self._buckets:
            self._buckets[operation] = _Bucket(per_second, quota.burst or max(per_second, 1.0), now)
        return self._buckets[operation].take(now)


class _Bucket:
    """A token bucket; full at the start."""

    def __init__(self, per_second: float, size: float, now: float) -> None:
        self._per_second = per_second
        self._size = size
        self._tokens = size
        self._filled_at = now

    def take(self, now: float) -> bool:
        self._tokens = min(self._size, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
