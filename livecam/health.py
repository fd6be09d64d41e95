"""What is wrong with a live source, judged by when its pictures come and what a glance at them tells.

Pure: told every picture and the time. Nothing here opens, waits or reopens.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.evidence.glance import Glance

STALLED_AFTER = 1.5
"""Seconds without a picture until a source that sends several a second is said to be stalled..."""
STALLED_INTERVALS = 4.0
"""...or this many of its usual intervals, whichever is longer."""
FIRST_PICTURE_WITHIN = 5.0
"""Seconds that a source may take from opening to its first picture: cameras wake up slowly."""
FROZEN_AFTER = 1.5
"""Seconds of one and the same picture until a source is said to be frozen."""
FROZEN_AT_MOST = 30.0
"""Seconds up to which that is put off for a source whose picture stood still and moved again."""
BLACK_AFTER = 1.0
"""Seconds of black until it is told."""
BLACK_BELOW = 32.0
"""Brightness (0..255) that a covered lens stays under; a dark room has a lamp, a screen or a window."""
SLOW_SHARE = 0.6
"""Of the usual rate: what is under it is said to be slow. Half the rate, as in low light, is."""
SLOW_WINDOW = 1.5
"""Seconds over which the present rate is taken."""
SLOW_AFTER = 0.5
"""Seconds for which it must have been low: a hiccup is none."""
LEAST_USUAL = 4.0
"""Pictures per second under which a source is not judged by its rate: too few to count."""
USUAL_BUCKETS = 30
"""Whole seconds whose median is the usual rate."""
LEAST_BUCKETS = 3
LEAST_INTERVALS = 2
WELL_AFTER = 1.0
"""Seconds for which a picture must be all right again before that is believed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong with a source."""

    kind: str
    """"lost", "stalled", "frozen", "black" or "slow"."""
    message: str
    """One sentence for people."""


class SourceHealth:
    """Judges one source.

    Args:
        name: how the source is called in sentences, such as "camera 0".
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.has_picture = False
        """Whether a picture came since it was last opened."""
        self._rate = _UsualRate()
        self._overdue_at = float("inf")
        self._seen_at = float("-inf")
        self._fingerprint: int | None = None
        self._same_since = self._black_since = self._slow_since = float("inf")
        self._frozen_after = FROZEN_AFTER
        self._was_told: Trouble | None = None
        self._well_since = float("inf")

    def opened(self, at: float) -> None:
        """Take note that the source was opened at instant `at`, for the first time or again."""
        self._overdue_at = at + FIRST_PICTURE_WITHIN
        self._seen_at = at
        self.has_picture = False
        self._black_since = self._slow_since = float("inf")
        self._rate.interrupted()

    def saw(self, seen: Glance, at: float) -> None:
        """Take note of a picture that came at instant `at`."""
        if seen.fingerprint != self._fingerprint:
            stood_for = self._seen_at - self._same_since
            if self.has_picture and stood_for >= self._frozen_after:  # it moves again by itself
                self._frozen_after = min(2 * stood_for, FROZEN_AT_MOST)
            self._fingerprint = seen.fingerprint
            self._same_since = at
        is_black = seen.brightness < BLACK_BELOW
        self._black_since = min(self._black_since, at) if is_black else float("inf")
        self._rate.add(at)
        # Judged as pictures come: that none comes is a stall, not slowness.
        self._slow_since = min(self._slow_since, at) if self._rate.is_low(at) else float("inf")
        self._seen_at = at
        self.has_picture = True
        interval = self._rate.interval
        self._overdue_at = at + (
            FIRST_PICTURE_WITHIN if interval is None else max(STALLED_AFTER, STALLED_INTERVALS * interval)
        )

    def silent_for(self, now: float) -> float:
        """Return the seconds since the last picture, or since it was opened."""
        return now - self._seen_at

    def is_overdue(self, now: float) -> bool:
        """Return whether a picture should have come by instant `now`."""
        return now >= self._overdue_at

    @property
    def same_for(self) -> float:
        """Seconds for which every picture that came has been the same."""
        return max(self._seen_at - self._same_since, 0.0)

    def trouble(self, now: float) -> Trouble | None:
        """Return what is wrong at instant `now`, the worst first; None when all is well."""
        found = self._stalled(now) or self._black() or self._frozen() or self._slow(now)
        if found is None and self._was_told is not None and self._was_told.kind != "stalled":
            self._well_since = min(self._well_since, now)
            if now - self._well_since < WELL_AFTER:
                return self._was_told
        if found is not None:
            self._well_since = float("inf")
        if found is None or self._was_told is None or found.kind != self._was_told.kind:
            self._was_told = found  # else the sentence stays, whatever its figures are by now
        return self._was_told

    def _stalled(self, now: float) -> Trouble | None:
        if not self.is_overdue(now):
            return None
        return Trouble("stalled", f"{self._name} sends no picture")

    def _black(self) -> Trouble | None:
        if self._seen_at - self._black_since < BLACK_AFTER:
            return None
        return Trouble("black", f"{self._name} shows black: is its lens covered?")

    def _frozen(self) -> Trouble | None:
        if self.same_for < self._frozen_after:
            return None
        return Trouble("frozen", f"{self._name} keeps sending the same picture")

    def _slow(self, now: float) -> Trouble | None:
        if now - self._slow_since < SLOW_AFTER or self._rate.usual is None:
            return None
        present, usual = self._rate.present(now), self._rate.usual
        return Trouble(
            "slow", f"{self._name} is slow: {present:.0f} pictures a second instead of {usual:.0f}"
        )


class _UsualRate:
    """How many pictures a second come, usually and now."""

    def __init__(self) -> None:
        self._arrivals: deque[float] = deque()
        self._newest_at: float | None = None
        self._intervals: deque[float] = deque(maxlen=USUAL_BUCKETS)
        self._first_at = float("inf")
        self._buckets: deque[int] = deque(maxlen=USUAL_BUCKETS)
        self._bucket_ends_at = float("inf")
        self._in_bucket = 0

    @property
    def usual(self) -> float | None:
        """Pictures per second; None until enough is known."""
        if len(self._buckets) < LEAST_BUCKETS:
            return None
        return float(statistics.median(self._buckets))

    @property
    def interval(self) -> float | None:
        """Usual seconds between two pictures; None until enough is known."""
        if len(self._intervals) < LEAST_INTERVALS:
            return None
        return statistics.median(self._intervals)

    def present(self, now: float) -> float:
        """Return pictures per second over the last moments."""
        while self._arrivals and self._arrivals[0] <= now - SLOW_WINDOW:
            self._arrivals.popleft()
        return len(self._arrivals) / SLOW_WINDOW

    def is_low(self, now: float) -> bool:
        """Return whether the present rate is well under the usual one."""
        usual = self.usual
        if usual is None or usual < LEAST_USUAL or now - self._first_at < SLOW_WINDOW:
            return False
        return self.present(now) < SLOW_SHARE * usual

    def add(self, at: float) -> None:
        """Take note of an arrival."""
        if self._newest_at is not None:
            self._intervals.append(at - self._newest_at)
        self._newest_at = at
        self._arrivals.append(at)
        if math.isinf(self._bucket_ends_at):
            self._first_at, self._bucket_ends_at, self._in_bucket = at, at + 1.0, 0
        while at >= self._bucket_ends_at:
            if not self.is_low(at):  # else what is slow for long would become usual
                self._buckets.append(self._in_bucket)
            self._bucket_ends_at += 1.0
            self._in_bucket = 0
        self._in_bucket += 1

    def interrupted(self) -> None:
        """Forget the second under way: the source was away."""
        self._first_at = self._bucket_ends_at = float("inf")
        self._newest_at = None
        self._arrivals.clear()
