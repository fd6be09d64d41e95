"""Mode "aligned": each picture is held back until the answers about it may be there. Pure, told the time.

How long that is follows from how old answers are when they come. It changes slowly, so that the picture
plays a little faster or slower for a while instead of jumping. An answer that comes later still is too
late for its picture, which is shown with what is known when its time is up.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.frames import Frame

FIRST = 0.5
"""Seconds that pictures are held back until the first answer says better."""
LONGEST = 1.5
"""Seconds; an older picture is no live one any more."""
MOST_BYTES = 256 * 2**20
"""Of held frames: 1.5 s of 1280x720 at 60 fps, 0.35 s of 3840x2160 at 30 fps."""
ANSWERS = 20
"""Newest answers whose ages count: 10 s at two calls a second."""
IN_TIME = 0.9
"""Share of answers that are to come in time: waiting for the last tenth would cost everybody."""
MARGIN = 0.04
"""Seconds more than that: an answer is taken in with the frame after it, a thirtieth of a second later."""
SLEW = 0.1
"""Seconds of change per second: the picture plays at 90 to 110 % of its speed, which is hardly seen."""
CLEARLY = 0.02
"""Seconds by which the delay is to be another before it moves: ages always differ a little."""


class Alignment:
    """Holds frames for as long as answers take.

    Args:
        longest: seconds that a frame is held at most.
        most_bytes: of pixels that are held at most; with more, the oldest frame is due earlier.
    """

    def __init__(self, *, longest: float = LONGEST, most_bytes: int = MOST_BYTES) -> None:
        self._longest = longest
        self._most_bytes = most_bytes
        self._ages: deque[float] = deque(maxlen=ANSWERS)
        self._held: deque[Frame] = deque()
        self._bytes = 0
        self._room = math.inf
        """Seconds of frames that fit into memory, as far as is known."""
        self._delay: float | None = None
        """None while nothing has been held: then it may be anything at once."""
        self._moved_at = 0.0

    @property
    def delay(self) -> float:
        """Seconds that frames are held back at present."""
        return self._wanted if self._delay is None else self._delay

    @property
    def next_due_at(self) -> float | None:
        """When the oldest frame is due, as far as is known now; None when none is held."""
        return self._held[0].captured_at + self.delay if self._held else None

    def note_latency(self, seconds: float) -> None:
        """Take note of an answer that came so long after its frame was captured."""
        if not self._ages:
            self._delay = None  # what was a guess is given up at once, at the price of one short stop
        self._ages.append(seconds)

    def hold(self, frame: Frame, now: float) -> None:
        """Keep a frame until it is due; frames come in the order of their capture."""
        self._move(now)
        self._held.append(frame)
        self._bytes += frame.image.nbytes

    def due(self, now: float) -> list[Frame]:
        """Return the frames whose time has come, in order; they are held no more."""
        self._move(now)
        ready: list[Frame] = []
        while self._held and self._is_due(self._held[0], now):
            frame = self._held.popleft()
            self._bytes -= frame.image.nbytes
            ready.append(frame)
        return ready

    def flush(self) -> list[Frame]:
        """Return all frames that are held, in order: at the end, or when the picture is to be live again."""
        rest = list(self._held)
        self._held.clear()
        self._bytes, self._room, self._delay = 0, math.inf, None
        return rest

    def _is_due(self, frame: Frame, now: float) -> bool:
        age = now - frame.captured_at
        if self._bytes > self._most_bytes and age < self.delay:
            # The rest is due as early: else each frame that comes would push one out, and what is told
            # of the delay would be wrong.
            self._room = self._delay = max(age, 0.0)
        return age >= self.delay

    def _move(self, now: float) -> None:
        """Bring the delay nearer to what is wanted."""
        wanted = self._wanted
        if self._delay is None:
            self._delay = wanted
        elif abs(wanted - self._delay) > CLEARLY:
            most = SLEW * max(now - self._moved_at, 0.0)
            self._delay += min(max(wanted - self._delay, -most), most)
        self._moved_at = now

    @property
    def _wanted(self) -> float:
        if not self._ages:
            return min(FIRST, self._longest, self._room)
        in_order = sorted(self._ages)
        age = in_order[math.ceil(IN_TIME * len(in_order)) - 1]
        return min(age + MARGIN, self._longest, self._room)
