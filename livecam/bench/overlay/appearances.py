"""How persons come on the screen: when their first box appears, and how often their id changes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from livecam.bench.overlay.matches import MatchedFrame
    from livecam.bench.overlay.results import ShownFrame

ON_PERSON_FROM = 0.3
"""Overlap above which a box is on a person beyond doubt."""
BRIEF = 0.2
"""Seconds: who is to be seen no longer than this is a flicker of the reference, and need not get a box."""


@dataclass(slots=True)
class Appearance:
    """One person, from the first frame to the last."""

    begins_at: float
    """Seconds, the first frame that counts."""
    ends_at: float
    """Seconds, the last frame that counts."""
    shown_at: float | None = None
    """Seconds, the first frame with a box on them, which may be one that does not count yet."""
    ids: tuple[int, ...] = ()
    """The track ids they had, one after the other."""

    @property
    def first_box(self) -> float | None:
        """Seconds from the first frame that counts to the first box; None for never."""
        return None if self.shown_at is None else max(self.shown_at - self.begins_at, 0.0)

    @property
    def is_brief(self) -> bool:
        """Whether they were to be seen for a moment only."""
        return self.ends_at - self.begins_at < BRIEF


def appearances(shown: Sequence[ShownFrame], frames: Sequence[MatchedFrame]) -> list[Appearance]:
    """Return the persons who count on any frame."""
    persons: dict[int, Appearance] = {}
    early: dict[int, float] = {}
    for at, frame in zip((each.at for each in shown), frames, strict=True):
        for face in frame.true:
            if face.counts:
                persons.setdefault(face.person, Appearance(at, at)).ends_at = at
        for match in frame.matches:
            if match.iou <= ON_PERSON_FROM:
                continue
            person, track_id = match.true.person, match.shown.track_id
            early.setdefault(person, at)
            if person in persons and persons[person].ids[-1:] != (track_id,):
                persons[person].ids += (track_id,)
    for person, appearance in persons.items():
        appearance.shown_at = early.get(person)
    return list(persons.values())


def id_changes(persons: Iterable[Appearance]) -> int:
    """Return how often the track id on a person became another one."""
    return sum(max(len(person.ids) - 1, 0) for person in persons)
