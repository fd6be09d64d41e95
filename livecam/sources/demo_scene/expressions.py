"""What each expression is made of: which muscles are drawn, how far, and what the mouth does.

Tables and their blending only; pixels are moved in `warp.py`. Coordinates and lengths are pixels of
the portrait, strengths are about 0..1. The values were tuned with the on-device expression model and
by eye; to that model the dark upper rims of her glasses count as brows, so they move with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.faces import Emotion

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Pull:
    """Moves what lies around a point, fading out like a bell curve."""

    x: float
    y: float
    reach_x: float
    reach_y: float
    dx: float = 0.0
    dy: float = 0.0
    grow: float = 0.0
    """Stretches vertically about the point: 0.2 makes it a fifth taller."""


@dataclass(frozen=True, slots=True)
class Shade:
    """Darkens a soft ellipse of skin; a negative depth brightens it."""

    x: float
    y: float
    long: float
    thin: float
    degrees: float
    """Direction of the long axis, clockwise from the right."""
    depth: float
    """Natural logarithm of the darkening at the centre."""


@dataclass(frozen=True, slots=True)
class Muscle:
    """What one muscle, or the pair of it, does to the face at full strength."""

    pulls: tuple[Pull, ...]
    shades: tuple[Shade, ...] = ()


@dataclass(frozen=True, slots=True)
class Mouth:
    """How the lips part."""

    jaw: float = 0.0
    """How far the jaw drops."""
    roundness: float = 0.0
    """0: the lips part over their whole width; 1: like saying "oh"."""
    teeth: float = 0.0
    """Share of the opening's height that the upper teeth fill."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A state of the whole face."""

    muscles: Mapping[str, float] = field(default_factory=dict)
    """Strength of each muscle that is drawn, by its key in `MUSCLES`."""
    mouth: Mouth = field(default_factory=Mouth)


MUSCLES: Mapping[str, Muscle] = {
    "smile": Muscle(
        (
            Pull(228, 281, 24, 20, dx=-9, dy=-11),
            Pull(309, 277, 24, 20, dx=9, dy=-11),
            Pull(268, 286, 22, 14, dy=4),
            Pull(212, 246, 26, 22, dx=-2, dy=-6),
            Pull(322, 242, 26, 22, dx=2, dy=-6),
        ),
        (
            Shade(222, 262, 20, 5, 122, 0.20),
            Shade(314, 258, 20, 5, 58, 0.20),
            Shade(208, 243, 14, 9, -30, -0.12),
            Shade(326, 239, 14, 9, 30, -0.12),
        ),
    ),
    "eyes_narrow": Muscle((Pull(220, 191, 24, 12, grow=-0.28), Pull(305, 188, 24, 12, grow=-0.28))),
    "frown": Muscle(
        (
            Pull(240, 172, 22, 16, dx=6, dy=9),
            Pull(293, 168, 22, 16, dx=-6, dy=9),
            Pull(220, 166, 34, 14, dy=2),
            Pull(306, 162, 34, 14, dy=2),
            Pull(200, 168, 18, 16, dy=-3),
            Pull(335, 163, 18, 16, dy=-3),
        ),
        (
            Shade(232, 172, 22, 5, 18, 0.5),
            Shade(302, 168, 22, 5, -18, 0.5),
            Shade(258, 166, 10, 2.5, 80, 0.35),
            Shade(275, 165, 10, 2.5, 100, 0.35),
        ),
    ),
    "nose_wrinkle": Muscle(
        (Pull(245, 240, 14, 14, dx=-4, dy=-5), Pull(292, 238, 14, 14, dx=4, dy=-5)),
        (Shade(232, 254, 22, 4, 120, 0.25), Shade(302, 252, 22, 4, 60, 0.25)),
    ),
    "corners_down": Muscle(
        (
            Pull(228, 282, 22, 18, dx=-1, dy=9),
            Pull(309, 278, 22, 18, dx=1, dy=9),
            Pull(268, 279, 26, 14, dy=-4),
        ),
        (Shade(221, 298, 14, 4, 100, 0.2), Shade(315, 294, 14, 4, 80, 0.2)),
    ),
    "corners_in": Muscle((Pull(228, 281, 20, 24, dx=12), Pull(309, 277, 20, 24, dx=-12))),
    "brows_up": Muscle(
        (
            Pull(218, 160, 36, 13, dy=-10),
            Pull(307, 156, 36, 13, dy=-10),
            Pull(262, 150, 40, 12, dy=-4),
        ),
        (
            Shade(262, 141, 50, 2.5, 0, 0.14),
            Shade(262, 148, 46, 2.5, 0, 0.14),
            Shade(218, 156, 25, 4, -5, 0.6),
            Shade(307, 152, 25, 4, 5, 0.6),
        ),
    ),
    "glasses_up": Muscle(
        (
            Pull(262, 190, 105, 38, dy=-9),
            Pull(219, 184, 30, 24, dy=-2),
            Pull(309, 180, 30, 24, dy=-2),
        ),
    ),
}

EXPRESSIONS: Mapping[Emotion, Expression] = {
    Emotion.CALM: Expression(),
    Emotion.HAPPY: Expression(
        {"smile": 1.0, "eyes_narrow": 0.3, "brows_up": 0.4}, Mouth(jaw=0.44, teeth=0.75)
    ),
    Emotion.ANGRY: Expression(
        {"frown": 1.1, "nose_wrinkle": 0.7, "corners_down": 0.45, "corners_in": 0.65},
        Mouth(jaw=0.4, roundness=0.6, teeth=0.65),
    ),
    Emotion.SURPRISED: Expression(
        {"brows_up": 1.2, "glasses_up": 1.15, "corners_in": 1.1}, Mouth(jaw=0.88, roundness=0.8, teeth=0.18)
    ),
}
"""The expressions of the script. An absent muscle is at rest."""


def blend(first: Expression, second: Expression, share: float) -> Expression:
    """Return `first` moved towards `second` by `share`, 0..1."""
    a, b = first.muscles, second.muscles
    names = [*a, *(name for name in b if name not in a)]
    return Expression(
        {name: _between(a.get(name, 0.0), b.get(name, 0.0), share) for name in names},
        Mouth(
            jaw=_between(first.mouth.jaw, second.mouth.jaw, share),
            roundness=_between(first.mouth.roundness, second.mouth.roundness, share),
            teeth=_between(first.mouth.teeth, second.mouth.teeth, share),
        ),
    )


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share
