"""What can be drawn, as frozen values in pixels, and plates built from rows of text: pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from livecam.overlay.geometry import Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.overlay.fitting import Measure
    from livecam.overlay.scale import Scale
    from livecam.overlay.theme import Colour

ASCENT = 0.8
"""Of the font size: from the baseline to the top of capitals (0.76 in Rubik), and a breath."""
DESCENT = 0.24
"""Of the font size: below the baseline (0.23 in Rubik)."""
LEADING = 0.26
"""Of the font size: between two rows."""
ACCENT = 0.22
"""Of the font size: width of a plate's coloured edge."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on a plate."""

    text: str
    x: int
    """Left edge, from the plate's."""
    baseline: int
    """From the plate's top."""
    size: int
    """Font size in pixels."""
    colour: Colour
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar on a plate."""

    area: Area
    """The whole track, from the plate's top left corner."""
    filled: int
    """Pixels of its width."""
    colour: Colour


@dataclass(frozen=True, slots=True)
class Plate:
    """A dark translucent rectangle with text and bars on it."""

    area: Area
    radius: int
    texts: tuple[Text, ...]
    bars: tuple[Bar, ...] = ()
    accent: Colour | None = None
    """Colour of the left edge; None for no such edge."""
    accent_width: int = 0
    opacity: float = 1.0
    """0..1, of all of it."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.area.width, self.area.height


class FrameStyle(StrEnum):
    """How a face's box is drawn."""

    SURE = "sure"
    """Strong corners, joined by thin lines."""
    APPROXIMATE = "approximate"
    """Corners only."""
    UNSURE = "unsure"
    """A thin dashed outline."""


@dataclass(frozen=True, slots=True)
class FaceFrame:
    """The box around a face."""

    area: Area
    colour: Colour
    style: FrameStyle
    stroke: int
    """Width of its strongest lines in pixels."""
    radius: int
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text before it has a place."""

    text: str
    size: int
    colour: Colour
    is_strong: bool = field(default=False, kw_only=True)


def stack(rows: Sequence[Row], scale: Scale, measure: Measure, *, accent: Colour | None = None) -> Plate:
    """Return a plate just large enough for the rows, with its top left corner at 0, 0."""
    edge = max(2, round(scale.text * ACCENT)) if accent else 0
    y, width = scale.padding, 0
    texts: list[Text] = []
    for row in rows:
        y += leading(row.size) if texts else 0
        texts.append(
            Text(row.text, edge + scale.padding, y + ascent(row.size), row.size, row.colour, row.is_strong)
        )
        width = max(width, measure(row.text, row.size)[0])
        y += row_height(row.size)
    area = Area(0, 0, edge + 2 * scale.padding + width, y + scale.padding)
    return Plate(area, scale.radius, tuple(texts), accent=accent, accent_width=edge)


def ascent(size: int) -> int:
    """Return the pixels from a row's top to its baseline."""
    return round(size * ASCENT)


def row_height(size: int) -> int:
    """Return the pixels that a row of text of that size takes."""
    return ascent(size) + round(size * DESCENT)


def leading(size: int) -> int:
    """Return the pixels between two rows of that size."""
    return max(2, round(size * LEADING))
