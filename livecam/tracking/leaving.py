"""When a face is not shown any more, and when it is given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.faces import BoundingBox
    from livecam.tracking.track import Track

FADES_FROM, HIDDEN_FROM = 0.25, 0.5
"""Seconds for which a face could not be followed: from the first on its box fades, from the second on..."""
LOST_FROM = 1.5
"""...it is hidden, and from this on it is given up."""
MANY_UNSEEN = 2
"""Looks of the finder in a row that missed a face it had seen: with weak flow it is hidden. Either alone
says little; together they took two fifths of the boxes on nobody from a street crowd, and no face's box."""
LEAST_VISIBLE = 0.3
"""Share of a box that must be inside the frame."""


def opacity(track: Track) -> float:
    """Return how much of a face's box is shown: 1 down to 0."""
    return min(max((HIDDEN_FROM - track.lost_for) / (HIDDEN_FROM - FADES_FROM), 0.0), 1.0)


def is_visible(track: Track) -> bool:
    """Return whether a face is to be shown."""
    return (
        track.is_shown
        and not track.is_rejected
        and track.lost_for < HIDDEN_FROM
        and not (track.sightings and track.is_weakly_followed and track.unseen >= MANY_UNSEEN)
    )


def is_outside(box: BoundingBox) -> bool:
    """Return whether a face has left the frame."""
    return box.clamped().area < LEAST_VISIBLE * box.area


def is_lost(track: Track) -> bool:
    """Return whether a face is given up because it could not be followed for too long."""
    return track.lost_for >= LOST_FROM


def is_expired(track: Track, now: float, patience: float) -> bool:
    """Return whether nobody has seen a face for `patience` seconds: where it is said to be is a guess."""
    return now - max(track.seen_at, track.confirmed_at) >= patience
