"""Which of the faces of stored results is which over time: pure.

The service samples a video about twice a second and gives no ids. Faces are linked as the live tracker
matches them, but half a second is long: where a face is expected counts as well as where it was. A cut
needs no care of its own: who overlaps nobody is somebody new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from livecam.faces import Movement
from livecam.tracking.matching import affinity, assign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from livecam.analysis.results import StoredFace
    from livecam.faces import BoundingBox

LONGEST_GAP = 2.0
"""Seconds for which a face may be out of sight and still be the same one."""
LONGEST_FORECAST = 0.6
"""Seconds for which a face is expected to go on as it went: a sample and a little; people turn round."""
FORGETTING = 0.25
"""Share of its likeness that a face loses per second out of sight: of two, the one seen last is nearer."""


@dataclass(frozen=True, slots=True)
class LinkedFace:
    """One face over time."""

    number: int
    """From 1, in the order in which they appear; at one instant from left to right."""
    sightings: tuple[StoredFace, ...]
    """Ascending in time, at least one, at most one an instant."""

    @property
    def first(self) -> float:
        """Seconds from the video's start at which it was first seen."""
        return self.sightings[0].time

    @property
    def last(self) -> float:
        """Seconds from the video's start at which it was last seen."""
        return self.sightings[-1].time


def link(faces: Iterable[StoredFace], *, gap: float = LONGEST_GAP) -> tuple[LinkedFace, ...]:
    """Return the faces of a video, told apart as well as boxes can.

    Args:
        faces: in any order; those of one instant are different people.
        gap: seconds that may lie between two sightings of one face.
    """
    ended: list[_Chain] = []
    open_chains: list[_Chain] = []
    for time, group in groupby(sorted(faces, key=attrgetter("time")), key=attrgetter("time")):
        ended += [chain for chain in open_chains if time - chain.last.time > gap]
        open_chains = [chain for chain in open_chains if time - chain.last.time <= gap]
        open_chains += _continued(open_chains, sorted(group, key=_left), time)
    chains = sorted([*ended, *open_chains], key=lambda chain: (chain.faces[0].time, _left(chain.faces[0])))
    return tuple(LinkedFace(number, tuple(chain.faces)) for number, chain in enumerate(chains, 1))


@dataclass(slots=True)
class _Chain:
    """A face as far as it has been followed."""

    faces: list[StoredFace] = field(default_factory=list)

    @property
    def last(self) -> StoredFace:
        return self.faces[-1]

    def likeness(self, box: BoundingBox, time: float) -> float:
        """Return how likely a box is this face: 0 for not at all."""
        away = time - self.last.time
        best = max(affinity(self.last.face.box, box), affinity(self._expected(time), box))
        return best * max(1.0 - FORGETTING * away, 0.1)

    def _expected(self, time: float) -> BoundingBox:
        if len(self.faces) < 2:  # noqa: PLR2004  a speed has two ends
            return self.last.face.box
        before, last = self.faces[-2], self.faces[-1]
        (x, y), (newer_x, newer_y) = before.face.box.center, last.face.box.center
        share = min(time - last.time, LONGEST_FORECAST) / (last.time - before.time)
        return last.face.box.moved(Movement((newer_x - x) * share, (newer_y - y) * share))


def _continued(known: Sequence[_Chain], seen: Sequence[StoredFace], time: float) -> list[_Chain]:
    """Add each face that was seen to its chain; return chains of those that had none."""
    pairs = assign([[chain.likeness(one.face.box, time) for one in seen] for chain in known])
    for chain, one in pairs:
        known[chain].faces.append(seen[one])
    taken = {one for _, one in pairs}
    return [_Chain([one]) for index, one in enumerate(seen) if index not in taken]


def _left(one: StoredFace) -> float:
    return one.face.box.left
