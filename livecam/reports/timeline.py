"""The timelines of a report as geometry: pure. The page draws it as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.overlay.wording import ADJECTIVES, UNCLEAR, clock_text
from livecam.reports.persons import spans_of
from livecam.reports.spans import TOUCHING, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.reports.persons import Person
    from livecam.reports.seen import SeenFace, Span

WIDTH = 1000.0
"""Units; the page draws one at about a pixel."""
LEFT, RIGHT = 92.0, 988.0
"""Where the axis begins and ends; before it the lanes have their names."""
HEADING = 30.0
LANE = 26.0
GAP = 3.0
MARKS = 10.0
"""Height of the lane that says where the sources agree."""
BELOW = 14.0
AXIS = 26.0
LEAST_WIDTH = 0.4
"""Units under which a stretch cannot be seen and is drawn as a part of its neighbour."""
LETTER = 7.4
"""Width of a letter, for whether a word fits."""
MOST_TICKS = 10
_STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_ROWS = 24
"""Persons that are drawn: those that were there longest."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a lane."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """Class for its look: an emotion in lower case, "unclear", "agrees" or "differs"."""
    title: str
    """What it says, in words."""
    word: str = ""
    """Written into it, where it fits."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One source's account of one person."""

    name: str
    y: float
    height: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One person."""

    heading: str
    y: float
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All persons on one axis."""

    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    left_out: int
    """Persons that are not drawn."""


def chosen(persons: Sequence[Person]) -> tuple[Person, ...]:
    """Return the persons that a report has room for, in the order in which they appear."""
    longest = sorted(persons, key=lambda person: -person.seconds)[:MOST_ROWS]
    return tuple(sorted(longest, key=lambda person: person.number))


def timeline_of(persons: Sequence[Person], duration: float, *, has_live: bool, has_stored: bool) -> Timeline:
    """Return where everything is drawn.

    Args:
        persons: of the video.
        duration: of the video, in seconds.
        has_live: whether there are live labels at all.
        has_stored: whether there are stored results at all.
    """
    scale = _Scale(duration)
    rows, y = [], 4.0
    for person in chosen(persons):
        lanes, below = [], y + HEADING
        if has_live:
            lanes.append(_lane("live", person.live, below, scale))
            below += LANE + GAP
        if has_stored:
            lanes.append(_lane("stored", person.stored, below, scale))
            below += LANE + GAP
        if has_live and has_stored:
            lanes.append(Lane("same?", below, MARKS, _marks(person, below, scale)))
            below += MARKS + GAP
        rows.append(Row(_heading(person), y, tuple(lanes)))
        y = below + BELOW
    return Timeline(y + AXIS, tuple(rows), _ticks(scale), len(persons) - len(rows))


class _Scale:
    def __init__(self, duration: float) -> None:
        self.duration = max(duration, 0.001)
        self.per_unit = self.duration / (RIGHT - LEFT)

    def x(self, time: float) -> float:
        return LEFT + min(max(time, 0.0), self.duration) / self.per_unit


def _lane(name: str, faces: Sequence[SeenFace], y: float, scale: _Scale) -> Lane:
    spans = joined(spans_of(faces), least=LEAST_WIDTH * scale.per_unit)
    words = _words(spans, scale)
    bars = [_bar(span, y, scale, word) for span, word in zip(spans, words, strict=True)]
    return Lane(name, y, LANE, tuple(bars))


def _words(spans: Sequence[Span], scale: _Scale) -> list[str]:
    """Return what is written at the start of each span: an emotion's word once as long as it lasts."""
    words = [""] * len(spans)
    start = 0
    for index, span in enumerate(spans):
        after = spans[index + 1] if index + 1 < len(spans) else None
        if after is not None and after.emotion is span.emotion and after.start - span.end <= TOUCHING:
            continue
        word = ADJECTIVES.get(span.emotion, "") if span.emotion is not None else ""
        if len(word) * LETTER < scale.x(span.end) - scale.x(spans[start].start) - 6:
            words[start] = word
        start = index + 1
    return words


def _bar(span: Span, y: float, scale: _Scale, word: str) -> Bar:
    x = scale.x(span.start)
    width = max(scale.x(span.end) - x, LEAST_WIDTH)
    when = f"{span.start:.1f} to {span.end:.1f} s"
    if span.emotion is None:
        return Bar(x, y + LANE * 0.75, width, LANE / 4, UNCLEAR, f"{when}: nothing claimed")
    # The lower third stands for "just claimed", so that a word can be read on every bar.
    height = LANE * (0.4 + 0.6 * (span.confidence or 0.0) / 100)
    adjective = ADJECTIVES[span.emotion]
    title = f"{when}: appears {adjective} {span.confidence or 0:.0f} %"
    return Bar(x, y + LANE - height, width, height, span.emotion.lower(), title, word)


def _marks(person: Person, y: float, scale: _Scale) -> tuple[Bar, ...]:
    bars = []
    for stretch in person.agreement.stretches:
        x = scale.x(stretch.start)
        when = f"{stretch.start:.1f} to {stretch.end:.1f} s"
        kind, words = ("agrees", "the same") if stretch.agrees else ("differs", "another")
        width = max(scale.x(stretch.end) - x, LEAST_WIDTH)
        bars.append(Bar(x, y, width, MARKS, kind, f"{when}: both name {words} emotion"))
    return tuple(bars)


def _heading(person: Person) -> str:
    names = ", ".join(face.name for face in person.faces)
    share = person.agreement.share
    same = "" if share is None else f", same for {share * 100:.0f} % of {person.agreement.compared:.1f} s"
    return f"Person {person.number}: {names}{same}"


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    step = next((step for step in _STEPS if scale.duration / step <= MOST_TICKS), None)
    if step is None:  # longer than ten hours
        step = 3600 * math.ceil(scale.duration / 3600 / MOST_TICKS)
    count = int(scale.duration / step)
    return tuple(Tick(scale.x(n * step), _tick_text(n * step)) for n in range(count + 1))


def _tick_text(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else clock_text(seconds)  # noqa: PLR2004  a minute
