"""Which live face is which face of the stored results, by where they are over time: pure.

Either source may lose a face and call it another later. So a person is a group of faces of both sources
of which no two of one source are there at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from livecam.reports.agreement import Agreement, compared
from livecam.tracking.matching import affinity, assign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from livecam.faces import BoundingBox
    from livecam.reports.seen import SeenFace, Span

SAME_INSTANT = 0.12
"""Seconds by which a stored instant may lie beside a live frame: the service is not exact to the frame."""
LEAST_SHARE = 0.5
"""Of the shorter face's shared instants on which the two must be the best pair."""
AT_ONCE = 0.5
"""Seconds that two faces of one person may overlap: a live label fades while the next one appears."""

_Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Person:
    """What are taken to be the same person's faces."""

    number: int
    """From 1, in the order in which they appear."""
    live: tuple[SeenFace, ...]
    """Ascending in time; empty where the live labels had none."""
    stored: tuple[SeenFace, ...]
    agreement: Agreement
    """Of the two sources' leading emotions."""

    @property
    def faces(self) -> tuple[SeenFace, ...]:
        """Its faces of both sources."""
        return (*self.live, *self.stored)

    @property
    def first(self) -> float:
        """Seconds from the video's start at which it was first seen by either."""
        return min(face.first for face in self.faces)

    @property
    def seconds(self) -> float:
        """How long it was there, by the source that saw it longer."""
        return max(sum(face.seconds for face in faces) for faces in (self.live, self.stored))


@dataclass(slots=True, eq=False)
class _Group:
    live: list[SeenFace] = field(default_factory=list)
    stored: list[SeenFace] = field(default_factory=list)


def persons_of(live: Sequence[SeenFace], stored: Sequence[SeenFace]) -> tuple[Person, ...]:
    """Return the persons of a video, in the order in which they appear."""
    groups_of_live = [_Group([face], []) for face in live]
    groups_of_stored = [_Group([], [face]) for face in stored]
    groups = [*groups_of_live, *groups_of_stored]
    for one, other in _paired(live, stored):
        into, away = groups_of_live[one], groups_of_stored[other]
        if into is away or not (_fit(into.live, away.live) and _fit(into.stored, away.stored)):
            continue
        into.live += away.live
        into.stored += away.stored
        groups.remove(away)
        groups_of_live = [into if group is away else group for group in groups_of_live]
        groups_of_stored = [into if group is away else group for group in groups_of_stored]
    ordered = sorted(groups, key=lambda group: min(face.first for face in (*group.live, *group.stored)))
    return tuple(_person(number, group) for number, group in enumerate(ordered, 1))


def _person(number: int, group: _Group) -> Person:
    live, stored = (tuple(sorted(faces, key=attrgetter("first"))) for faces in (group.live, group.stored))
    return Person(number, live, stored, compared(spans_of(live), spans_of(stored)))


def spans_of(faces: Iterable[SeenFace]) -> list[Span]:
    """Return the spans of one person's faces of one source, ascending."""
    return sorted((span for face in faces for span in face.spans), key=attrgetter("start"))


def _paired(live: Sequence[SeenFace], stored: Sequence[SeenFace]) -> list[_Pair]:
    """Return the pairs that are mostly the best ones while both are there, the surest first."""
    votes: Counter[_Pair] = Counter()
    met_live: Counter[int] = Counter()
    met_stored: Counter[int] = Counter()
    times = [[moment.time for moment in face.moments] for face in live]
    for time, seen in _by_instant(stored).items():
        there = [
            (index, box) for index, face in enumerate(live) if (box := _box_at(face, times[index], time))
        ]
        met_live.update(index for index, _ in there)
        met_stored.update(index for index, _ in seen if there)
        pairs = assign([[affinity(known, box) for _, box in seen] for _, known in there])
        votes.update((there[row][0], seen[column][0]) for row, column in pairs)
    return [
        pair
        for pair, count in votes.most_common()
        if count >= LEAST_SHARE * min(met_live[pair[0]], met_stored[pair[1]])
    ]


def _by_instant(stored: Sequence[SeenFace]) -> dict[float, list[tuple[int, BoundingBox]]]:
    instants: dict[float, list[tuple[int, BoundingBox]]] = {}
    for index, face in enumerate(stored):
        for moment in face.moments:
            instants.setdefault(moment.time, []).append((index, moment.box))
    return instants


def _box_at(face: SeenFace, times: Sequence[float], time: float) -> BoundingBox | None:
    """Return where a face was at an instant; None when it was not there."""
    place = bisect_left(times, time)
    near = [face.moments[index] for index in (place - 1, place) if 0 <= index < len(times)]
    nearest = min(near, key=lambda moment: abs(moment.time - time))
    return nearest.box if abs(nearest.time - time) <= SAME_INSTANT else None


def _fit(one: Sequence[SeenFace], other: Sequence[SeenFace]) -> bool:
    """Tell whether no two of these faces are there at once."""
    return all(min(a.last, b.last) - max(a.first, b.first) <= AT_ONCE for a in one for b in other)
