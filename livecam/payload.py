"""How large the picture is that is sent: as small as the faces in it and the uplink ask for. Pure.

The usual size is kept unless there is a reason. A face of interest that would be under 50 pixels high makes
the picture wider, as far as the uplink carries it. An uplink on which a picture takes longer than it may
takes quality first (80, 70, 60), then width; never so much that a face falls under 50 pixels, unless it did
at the usual width, and never under 320.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from livecam.uplink import Uplink, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST_FACE = 50
"""Pixels of height in the sent picture; the service's own least is 40 of 1080."""
ROOMY_FACE = 55
"""Pixels that a picture is made wider for, so that a step back is not needed right away."""
LEAST_SHARE = 0.02
"""Of the frame's height: a smaller face is not of interest."""
LEAST_WIDTH = 320
"""Pixels: in less, one face in seven was not found (of 172, 43 to 317 pixels high)."""
BLIND_WIDTH = 480
"""Pixels, while no face is known: one that is far away must have a chance to be found."""
WIDTH_STEP = 80
QUALITIES = (70, 60)
"""Lower than the usual one, in the order in which they are tried."""
FACES_KEPT = 30.0
"""Seconds for which a face is remembered that was seen."""
HOLD = 5.0
"""Seconds between two changes."""
GROWTH = 1.5
"""Times the width at most in one change: how the uplink takes it is then seen before the next."""
ROOM_TO_GROW, ROOM_TO_STAY = 0.9, 1.1
"""Shares of the time that an upload may take: for a larger picture, and for one that is sent already."""
CAUTION_TO_GROW, CAUTION_TO_SHRINK = 1.5, 1.0
"""Standard errors of the estimate that go on top: a change is made when it is likely to be right. A picture
that is too large makes every answer late, so that is to be surer."""
UNANSWERED = 2
"""Pictures in a row without an answer in time that make the next one smaller."""
LONG_CALL = 0.8
"""Seconds; where calls take longer, the uplink is measured with smaller pictures, not with larger ones."""
LEAST_TO_LOWER = 80
"""Quality from which 60 has clearly fewer bytes."""
SHARE_OF_INTERVAL, SHARE_OF_DEADLINE = 0.3, 0.05
_BYTES_BY_QUALITY = ((60, 0.7), (70, 0.82), (80, 1.0), (85, 1.17), (92, 1.58), (100, 3.0))
"""Of a JPEG, against quality 80; six clips, each within 0.08 up to quality 92."""
_GROWTH_OF_BYTES = 1.5
"""Bytes grow with this power of the width: small pictures have more detail in a pixel. The same clips."""
_LEARNING = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """How the next picture is sent."""

    width: int
    """Pixels; a frame that has fewer is not made larger."""
    quality: int
    """Of the JPEG."""
    reason: str
    """"as set", "usual", "small faces", "no small faces", "slow uplink", "uplink recovered"; or "measuring",
    for single pictures between those of the plan."""
    is_new: bool = False
    """Whether it is another plan than the one of the picture before, which is to be told."""


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that was sent and what its call took."""

    width: int
    """Pixels."""
    quality: int
    size: int
    """Bytes."""
    send: float = 0.0
    """Seconds until the system had the bytes."""
    wait: float = 0.0
    """Seconds from then to the first byte of the answer: the rest of the upload is in it."""
    is_cold: bool = False
    """Whether a connection was opened for it: a new one sends slowly at first, so it tells of nothing."""


class PayloadPlanner:
    """Says how large the next picture is; may be told and asked from any thread.

    Args:
        width: usual pixels.
        quality: usual quality of the JPEG, 60 or more; less is never lowered.
        upload_within: seconds that an upload may take; see `upload_time`.
        widest: pixels that no picture is made wider than for small faces, such as what people have agreed
            to; None is the frame's own width.
        is_fixed: whether width and quality stay as they are, whatever is seen.
    """

    def __init__(
        self,
        width: int = 640,
        quality: int = 80,
        *,
        upload_within: float = 0.15,
        widest: int | None = None,
        is_fixed: bool = False,
    ) -> None:
        self._usual = Plan(width, quality, "as set" if is_fixed else "usual")
        self._current = self._usual
        self._usual_width = width
        self._wanted = self._usual
        """What would be sent, were there no uplink to think of."""
        self._widest = widest
        self._is_fixed = is_fixed
        self._within = upload_within
        self._uplink = Uplink(upload_within)
        self._lock = threading.Lock()
        self._looks: deque[tuple[float, float]] = deque(maxlen=64)
        """When faces were seen, and the height of the smallest in pixels of the frame."""
        self._unit: float | None = None
        """Bytes of a picture one pixel wide at quality 80, as the power law has it."""
        self._changed_at = float("-inf")
        self._planned_for: int | None = None
        """The width that the faces asked for when the plan was made."""
        self._unanswered = 0
        self._asked = 0

    def plan(self, now: float, *, width: int) -> Plan:
        """Return how a frame that is so many pixels wide is sent now."""
        if self._is_fixed:
            return self._usual
        with self._lock:
            self._asked += 1
            self._usual_width = min(self._usual.width, width)
            if self._current.width > width:  # it is sent as it is: no other plan, and nothing to tell
                self._current = replace(self._current, width=width)
            plan = self._next(now, width)
            is_new = (plan.width, plan.quality) != (self._current.width, self._current.quality)
            if is_new:
                self._changed_at = now
                self._current = plan
                return replace(plan, is_new=True)
            is_odd_one_out = self._asked % 2 == 0 and self._is_in_doubt()
            return self._contrasting() if is_odd_one_out else self._current

    def saw(self, now: float, heights: Iterable[float], *, height: int) -> None:
        """Take note of the faces of one look, of the service's or of the finder's.

        Args:
            now: when.
            heights: of the faces, in pixels of the frame.
            height: of the frame, in pixels.
        """
        of_interest = [each for each in heights if each >= LEAST_SHARE * height]
        if of_interest:
            with self._lock:
                self._looks.append((now, min(of_interest)))

    def answered(self, sent: SentPicture) -> None:
        """Take note of a picture that was answered."""
        with self._lock:
            self._unanswered = 0
            unit = sent.size / _relative_bytes(sent.width, sent.quality)
            self._unit = unit if self._unit is None else self._unit + _LEARNING * (unit - self._unit)
            if not sent.is_cold:
                self._uplink.add(Upload(sent.size, sent.send + sent.wait, sent.send))

    def unanswered(self, size: int) -> None:
        """Take note of a picture of so many bytes that was sent and not answered in time."""
        with self._lock:
            self._unanswered += 1
            if self._unanswered >= UNANSWERED:
                self._unanswered = 0
                if self._unit is None:
                    self._unit = size / _relative_bytes(self._current.width, self._current.quality)
                self._uplink.failed(size)

    def _next(self, now: float, width: int) -> Plan:
        """Return the plan that is right for a frame of this width, or the current one."""
        is_unknown = self._uplink.slope is None and self._uplink.typical > self._within
        if now - self._changed_at < HOLD or self._unit is None or is_unknown:
            return self._current
        smallest = self._smallest_face(now)
        asked_for = self._width_for(smallest, width)
        choices = self._choices(asked_for, self._least_width(smallest, width))
        self._wanted = choices[0]
        chosen = next((each for each in choices if self._fits(each)), choices[-1])
        if (chosen.width, chosen.quality) == (self._current.width, self._current.quality):
            return self._current
        reason = self._reason(chosen, asked_for, is_first=chosen is choices[0])
        self._planned_for = asked_for
        return replace(chosen, reason=reason)

    def _smallest_face(self, now: float) -> float | None:
        """Return the height of the smallest face of late, in pixels of the frame.

        It was seen twice, or in a tenth of many looks: once may be a mistake.
        """
        recent = sorted(height for at, height in self._looks if now - at <= FACES_KEPT)
        if len(recent) < 2:  # noqa: PLR2004  see above
            return None
        return recent[max(1, len(recent) // 10)]

    def _width_for(self, smallest: float | None, width: int) -> int:
        """Return the width that the faces ask for, at least the usual one."""
        usual, current = self._usual_width, self._current.width
        if smallest is None:
            return usual
        most = width if self._widest is None else min(width, self._widest)
        roomy = min(_stepped(width * ROOMY_FACE / smallest), most)
        least = min(width * LEAST_FACE / smallest, most)
        if least <= current <= roomy + WIDTH_STEP:
            roomy = current  # good enough: a step more or less is not worth a change
        return max(min(roomy, int(current * GROWTH)), usual)

    def _least_width(self, smallest: float | None, width: int) -> int:
        """Return the width under which it must not be made smaller for the uplink's sake."""
        least = BLIND_WIDTH if smallest is None else _stepped(width * LEAST_FACE / smallest)
        return min(max(least, LEAST_WIDTH), self._usual_width)

    def _choices(self, width: int, least: int) -> list[Plan]:
        """Return the plans from the best one on: quality goes before width."""
        quality = self._usual.quality
        qualities = [quality, *(lower for lower in QUALITIES if lower < quality)]
        narrower = range(_stepped(width) - WIDTH_STEP, least - 1, -WIDTH_STEP)
        widths = [each for each in narrower if least < each < width] + ([least] if least < width else [])
        return [Plan(width, each, "") for each in qualities] + [
            Plan(each, qualities[-1], "") for each in widths
        ]

    def _fits(self, plan: Plan) -> bool:
        """Return whether a plan's upload takes no more than it may.

        A larger picture must surely fit, one that is sent already must surely not, so that chance alone
        changes nothing.
        """
        slope = self._uplink.slope
        if slope is None:  # a whole call takes less than an upload may
            return True
        is_larger = self._bytes(plan) > self._bytes(self._current)
        cautious = slope.likely + (CAUTION_TO_GROW if is_larger else -CAUTION_TO_SHRINK) * slope.error
        room = ROOM_TO_GROW if is_larger else ROOM_TO_STAY
        return self._bytes(plan) * cautious <= room * self._within

    def _is_in_doubt(self) -> bool:
        if self._unit is None:
            return False
        return any(self._uplink.is_in_doubt(self._bytes(each)) for each in (self._current, self._wanted))

    def _bytes(self, plan: Plan) -> float:
        return (self._unit or 0.0) * _relative_bytes(plan.width, plan.quality)

    def _reason(self, plan: Plan, asked_for: int, *, is_first: bool) -> str:
        is_larger = self._bytes(plan) > self._bytes(self._current)
        if plan.width > self._usual_width and (is_larger or plan.width > self._current.width):
            return "small faces"
        if is_larger:
            return "uplink recovered"
        before = self._planned_for or self._usual_width
        return "no small faces" if is_first and asked_for < before else "slow uplink"

    def _contrasting(self) -> Plan:
        """Return the plan with another quality, so that what a byte costs can be seen."""
        usual = self._current.quality
        higher = 92 if usual >= LEAST_TO_LOWER else 85
        is_long = self._uplink.typical > LONG_CALL and usual >= LEAST_TO_LOWER
        quality = QUALITIES[-1] if is_long else higher
        return Plan(self._current.width, quality, "measuring")


def upload_time(rate: float, deadline: float) -> float:
    """Return the seconds that the upload of a picture may take.

    Args:
        rate: calls per second that are asked for.
        deadline: seconds in which a whole call must end.
    """
    return min(SHARE_OF_INTERVAL / rate, SHARE_OF_DEADLINE * deadline)


def _stepped(width: float) -> int:
    """Return the next width that is a whole number of steps."""
    return int(-(-width // WIDTH_STEP) * WIDTH_STEP)


def _relative_bytes(width: int, quality: int) -> float:
    """Return how many bytes a JPEG has, against one pixel wide at quality 80."""
    return float(width**_GROWTH_OF_BYTES) * _between(_BYTES_BY_QUALITY, quality)


def _between(points: Sequence[tuple[int, float]], at: int) -> float:
    """Return the value at a place between points, on straight lines; beyond them as at the ends."""
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return points[0][1] if at < points[0][0] else points[-1][1]
