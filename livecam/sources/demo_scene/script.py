"""What happens when: where the person is, and what her face does, as functions of time. Pure.

The loop of `PERIOD` seconds begins with the face in view and has no seam: every movement is a sum
of sines that fit into it a whole number of times. In seconds:

     0.0 CALM        9.6 leaves to the right       17.5 ANGRY     31.5 CALM
     4.0 HAPPY      11.8 CALM, while out of view   23.0 CALM      34.0 HAPPY
                    12.2 comes back                26.0 SURPRISED 38.5 CALM
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from livecam.faces import Emotion

PERIOD = 40.0
"""Seconds after which everything repeats."""

BLEND = 0.4
"""Seconds that a change of expression takes."""

CUES = (
    (0.0, Emotion.CALM),
    (4.0, Emotion.HAPPY),
    (11.8, Emotion.CALM),
    (17.5, Emotion.ANGRY),
    (23.0, Emotion.CALM),
    (26.0, Emotion.SURPRISED),
    (31.5, Emotion.CALM),
    (34.0, Emotion.HAPPY),
    (38.5, Emotion.CALM),
)
"""When each expression begins to form; the last one is held into the next loop."""

LEAVES_AT, RETURNS_AT, WALK = 9.6, 12.2, 2.4
"""When she begins to walk out to the right, when she begins to come back, and how long each takes."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the face does: an expression, or a blend of two."""

    previous: Emotion
    current: Emotion
    share: float
    """How far `current` has formed, 0..1."""

    @property
    def emotion(self) -> Emotion:
        """The expression that prevails."""
        return self.current if self.share >= 0.5 else self.previous  # noqa: PLR2004  more than half

    @property
    def is_transition(self) -> bool:
        """Whether it is a blend."""
        return self.share < 1.0


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the virtual camera shows the face."""

    x: float
    """Centre of the face box, as a fraction of the frame's width."""
    y: float
    """Centre of the face box, as a fraction of the frame's height."""
    height: float
    """Height of the face box, as a fraction of the frame's."""
    roll: float
    """Degrees that the head is tilted, clockwise."""
    pan_x: float
    """How far the camera's own unrest moves everything, as a fraction of the frame's width."""
    pan_y: float
    """The same of its height."""


def look(t: float) -> Look:
    """Return what the face does at `t` seconds."""
    t %= PERIOD
    index = max(i for i, (begins_at, _) in enumerate(CUES) if begins_at <= t)
    begins_at, current = CUES[index]
    previous = CUES[index - 1][1]
    if previous is current:
        return Look(current, current, 1.0)
    return Look(previous, current, _smooth((t - begins_at) / BLEND))


def pose(t: float) -> Pose:
    """Return where the face is at `t` seconds. It includes the camera's own unrest."""
    pan_x = _sway(t, (0.012, 4, 0.5), (0.0022, 33, 1.1), (0.0012, 61, 0.2))
    pan_y = _sway(t, (0.010, 5, 2.1), (0.0030, 37, 0.4), (0.0016, 71, 1.9))
    return Pose(
        x=0.5 + pan_x + _sway(t, (0.085, 3, 0.3), (0.03, 7, 1.0)) + _away(t),
        y=0.53 + pan_y + _sway(t, (0.020, 4, 1.2), (0.012, 11, 0.1)),
        height=0.42 + _sway(t, (0.125, 2, 5.2), (0.025, 5, 2.0)),
        roll=_sway(t, (3.0, 3, 2.5), (1.5, 8, 0.6), (0.25, 41, 0.0)),
        pan_x=pan_x,
        pan_y=pan_y,
    )


def _away(t: float) -> float:
    """Return how many frame widths she has walked out to the right, 0..1."""
    t %= PERIOD
    return _smooth((t - LEAVES_AT) / WALK) - _smooth((t - RETURNS_AT) / WALK)


def _sway(t: float, *waves: tuple[float, int, float]) -> float:
    """Return a sum of sines, each an amplitude, a number of cycles per period, and a phase."""
    turn = 2 * math.pi * t / PERIOD
    return sum(amplitude * math.sin(cycles * turn + phase) for amplitude, cycles, phase in waves)


def _smooth(value: float) -> float:
    """Return 0 up to 0, 1 from 1, and the smooth step between."""
    clipped = min(max(value, 0.0), 1.0)
    return clipped * clipped * (3 - 2 * clipped)
