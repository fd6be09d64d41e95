"""What the calls of a run amount to: their count, latency, parts and troubles. Pure; `tally.py` locks."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING, Any

from livecam.events import (
    CircuitClosed,
    CircuitOpened,
    DetectionCompleted,
    DetectionFailed,
    DetectionPaused,
    DetectorUnavailable,
    PaceChanged,
)
from livecam.latency import KEPT_SAMPLES, RollingDurations, RollingRate, percentiles
from livecam.pacing import SET_BY_USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.events import Event

RATE_WINDOW = 3.0
"""Seconds over which the HUD's rates are taken."""
LATENCY_WINDOW = 60.0
"""Seconds over which the HUD's latencies are taken."""
TROUBLE_SHOWN_FOR = 5.0
"""Seconds for which the HUD keeps saying that a call failed."""


class CallTally:
    """Counts calls.

    Args:
        detector: whose calls these are; what another one answers in its place is counted apart, since
            its times are another thing. None: everybody's.
    """

    def __init__(self, detector: str | None = None) -> None:
        self._detector = detector
        self._stood_in: Counter[str] = Counter()
        self._completed = 0
        self._failed: Counter[str] = Counter()
        self._first_last: tuple[float, float] | None = None
        self._rate = RollingRate(RATE_WINDOW)
        self._recent = RollingDurations(LATENCY_WINDOW)
        self._recent_parts: dict[str, RollingDurations] = {}
        self._samples: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT_SAMPLES))
        self._parts: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT_SAMPLES))
        self._passing_trouble: tuple[float, str] | None = None
        self._lasting_trouble: str | None = None
        self._pace: float | None = None
        self._asked: float | None = None
        self._is_paused = False

    @property
    def failures(self) -> dict[str, int]:
        """Calls that failed so far, by error."""
        return dict(self._failed)

    def note(self, event: Event) -> None:
        """Take note of an event that concerns calls; of no other."""
        match event:
            case DetectionCompleted(detector=name) if self._detector not in (None, name):
                self._stood_in[name] += 1
            case DetectionCompleted():
                self._complete(event)
            case DetectionFailed(error=error):
                self._failed[error] += 1
                self._passing_trouble = (event.at, f"{event.detector}: {event.message}")
            case DetectorUnavailable(message=message) | CircuitOpened(message=message):
                self._lasting_trouble = message
            case CircuitClosed():
                self._lasting_trouble = self._passing_trouble = None
            case PaceChanged(rate=rate, reason=reason):
                self._asked = rate if reason == SET_BY_USER else self._asked
                self._pace = None if reason in ("recovered", SET_BY_USER) else rate
            case DetectionPaused(is_paused=is_paused):
                self._is_paused = is_paused
            case _:
                pass

    def trouble(self, now: float) -> str | None:
        """Return what is wrong with the calls at instant `now`."""
        if self._lasting_trouble is not None:
            return self._lasting_trouble
        if self._passing_trouble is not None and now - self._passing_trouble[0] <= TROUBLE_SHOWN_FOR:
            return self._passing_trouble[1]
        return None

    def status(self, now: float, *, is_budget_spent: bool = False) -> dict[str, Any]:
        """Return the fields of `Status` that are about calls."""
        is_left_alone = self._lasting_trouble is not None or is_budget_spent
        recent = self._recent.percentiles(now)
        medians = ((part, each.percentiles(now).p50) for part, each in self._recent_parts.items())
        return {
            "calls": self._completed,
            "failed": self._failed.total(),
            "call_rate": self._rate.per_second(now),
            "latency_p50": recent.p50,
            "latency_p95": recent.p95,
            "timing": tuple((part, median) for part, median in medians if median is not None),
            "pace": self._pace,
            "asked_rate": self._asked,
            "is_paused": self._is_paused,
            "stand_in": next(iter(self._stood_in), None) if is_left_alone else None,
        }

    def summary(self) -> dict[str, Any]:
        """Return the parts of the `livecam.run/1` object that are about calls."""
        first, last = self._first_last or (0.0, 0.0)
        parts = ((part, percentiles(seconds)) for part, seconds in sorted(self._parts.items()))
        return {
            "calls": {
                "ok": self._completed,
                "failed": dict(self._failed),
                "stood_in": dict(self._stood_in),
                "rate": (self._completed - 1) / (last - first) if last > first else None,
            },
            "latency": as_dict(self._samples["latency"]),
            "timing": {part: {"p50": figures.p50, "p95": figures.p95} for part, figures in parts},
            "cold": as_dict(self._samples["cold"]),
            "frame_age": as_dict(self._samples["frame_age"]),
        }

    def _complete(self, event: DetectionCompleted) -> None:
        at, latency = event.responded_at, event.responded_at - event.requested_at
        self._completed += 1
        self._first_last = (self._first_last[0] if self._first_last else at, at)
        self._rate.add(at)
        if event.frame_age is not None:
            self._samples["frame_age"].append(event.frame_age)
        if event.is_cold:  # it paid for a connection: another thing than what a call takes
            self._samples["cold"].append(latency)
            return
        self._recent.add(at, latency)
        self._samples["latency"].append(latency)
        for part, seconds in event.timing.items():
            self._parts[part].append(seconds)
            self._recent_parts.setdefault(part, RollingDurations(LATENCY_WINDOW)).add(at, seconds)


def as_dict(samples: Sequence[float]) -> dict[str, float | int | None]:
    """Return percentiles as JSON has them."""
    return dataclasses.asdict(percentiles(samples))
