"""How much a viewer may be sent: pure, told every instant.

Frames that nobody has acknowledged pile up in sockets, and the picture falls seconds behind. So at most two
are on their way, and a viewer whose acknowledgements take long gets fewer, then smaller ones: its own rate
falls, its latency and the others' do not.
"""

from __future__ import annotations

from dataclasses import dataclass

SLOW = 0.12
"""Seconds from sending to drawing, smoothed, above which less is sent: 8 Mbit/s take that for 720p."""
QUICK = 0.05
"""Below which more is tried."""
SETTLING = 5
"""Acknowledgements after a change before another."""
FIRST_PATIENCE, MOST_PATIENCE = 40, 640
"""Quick ones before more is tried; twice as many each time that it was too much."""
SMOOTHING = 0.3


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture's size and quality as it is sent."""

    width: int
    """Pixels at most; never enlarged."""
    quality: int
    """1..100, as libjpeg has it."""


LADDER = (Rendition(1280, 80), Rendition(960, 75), Rendition(640, 70))
LEVELS = ((LADDER[0], 2), (LADDER[0], 1), (LADDER[1], 1), (LADDER[2], 1))
"""What is sent, and how many of them may be unacknowledged, from the most to the least."""


class Credit:
    """What one viewer has been sent and has drawn."""

    def __init__(self) -> None:
        self._sent_at: dict[int, float] = {}
        self._level = 0
        self._wanted = LADDER[0].width
        self._delay: float | None = None
        self._acks = 0
        self._patience = FIRST_PATIENCE

    @property
    def may_send(self) -> bool:
        """Whether another frame may be sent now."""
        return len(self._sent_at) < LEVELS[self._level][1]

    @property
    def rendition(self) -> Rendition:
        """What to send: one of `LADDER`, so that viewers share it."""
        bound = LEVELS[self._level][0]
        fits = [each for each in LADDER if each.width >= self._wanted]
        return min(bound, fits[-1] if fits else LADDER[0], key=lambda each: each.width)

    def want(self, width: int) -> None:
        """Send no more than a viewer of this many pixels can show."""
        self._wanted = width

    def sent(self, seq: int, at: float) -> None:
        """Take note that a frame was sent."""
        self._sent_at[seq] = at

    def drawn(self, seq: int, at: float) -> bool:
        """Take note that a frame was acknowledged; return whether it was one that waited for it.

        A frame that was passed over by the page is acknowledged by that of a later one.
        """
        if seq not in self._sent_at:
            return False
        delay = at - self._sent_at[seq]
        self._sent_at = {each: sent_at for each, sent_at in self._sent_at.items() if each > seq}
        self._delay = delay if self._delay is None else self._delay + SMOOTHING * (delay - self._delay)
        self._acks += 1
        self._step()
        return True

    def _step(self) -> None:
        delay = self._delay or 0.0
        if delay > SLOW and self._acks >= SETTLING and self._level < len(LEVELS) - 1:
            self._patience = min(self._patience * 2, MOST_PATIENCE)
            self._go(self._level + 1)
        elif delay < QUICK and self._acks >= self._patience and self._level > 0:
            self._go(self._level - 1)

    def _go(self, level: int) -> None:
        self._level, self._acks, self._delay = level, 0, None
