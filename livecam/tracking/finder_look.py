"""What a look of the on-device finder means for a face.

It sets boxes right and shows new faces at once. What it misses counts little: it is blind for profiles,
hands before faces and small faces, and a detector's word weighs more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.faces import BoundingBox
from livecam.tracking.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.detections import Appearance, DetectorInfo
    from livecam.faces import Face
    from livecam.tracking.convention import Convention
    from livecam.tracking.track import Track

FINDER = "on-device"
"""What the finder's boxes are said to come from."""
GAIN = 0.6
"""Share of a box's error that a look corrects..."""
GAIN_AFTER = 0.2
"""...when the last one is this many seconds or more ago; of a more frequent one, less."""
FIRST_GAIN = 0.5
"""Least gain of the first look at a face that the detector had found."""
BLIND_BELOW, SURE_FROM = 24.0, 48.0
"""Heights of a face in pixels of a picture 320 wide: below the first the finder only says that it is there,
from the second on it is believed fully."""
LEAST_TRUST = 0.5
"""Trust from which its box counts as right, so that a detector's is compared with it."""
RESTART_AT = 0.35
"""Face sizes: an error from which on the face is followed anew instead of being moved."""
LOST_AFTER = 0.1
"""Seconds without flow after which a box is not trusted any more."""
EDGE = 0.004
"""Of the frame: a box that ends so near to its edge was cut by it."""
SURE_SCORE = 75.0
"""Score (0..100) from which a face is shown at its first sighting; else at its second."""
LEAST_SCORE = 50.0
"""Score that a face must have reached to begin, and to be shown."""
FORGOTTEN_AFTER = 0.35
"""Seconds unseen after which a face that no detector has confirmed is forgotten..."""
MOST_UNSEEN = 2
"""...and looks that may miss one that was seen once."""
REJECTED_FOR = 3.0
"""Seconds unseen after which one that was denied is forgotten: until then it cannot come back as new."""
BLIND_FOR = 1.2
"""Seconds unseen after which one that was confirmed is given up, unless it was confirmed again since..."""
BLIND_AND_LOST = 0.4
"""...and if it could not be followed either."""
FLOW_LOST = 0.2
"""Seconds without flow that count as not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderLook:
    """Fits `Look`: by the finder, or by a detector whose first half it is."""

    sequence: int
    at: float
    faces: Sequence[Face]
    rows: float
    """Pixels of height that the frame has when it is 320 wide."""
    convention: Convention
    """What is known of the detector's boxes."""
    learn: Callable[[Relation], None]
    """Takes each new pair of boxes of one face."""
    detector: DetectorInfo | None = None
    """Who says what the faces express; None for the finder alone."""
    is_sure: bool = False
    """Whether every face is believed at once, as in stills."""
    appearances: Sequence[Appearance | None] = ()
    """How each face looked, in the order of `faces`; empty where nobody wants to know."""

    def drawn(self, track: Track, box: BoundingBox) -> BoundingBox:  # noqa: ARG002  as every look
        """Return the box: tracks live in the finder's convention."""
        return box

    def placed(self, track: Track, box: BoundingBox) -> BoundingBox:  # noqa: ARG002  as every look
        """Return the box: tracks live in the finder's convention."""
        return box

    def fits(self, track: Track, face: Face) -> bool:
        """Return whether it can be: a face of the detector's that was never seen must be where that says.

        Else it would be taken for its neighbour, whom alone the finder sees, and teach how they differ.
        """
        known = track.history.at(self.sequence)
        if known is None or not track.answers or track.sightings:
            return True
        return Relation.between(known, completed(face.box, known)).size <= RESTART_AT

    def correct(self, track: Track, face: Face) -> bool:
        """Set the track's boxes right, the more the surer the finder is of such a face."""
        known = track.history.at(self.sequence)
        if known is None:
            return False
        box = completed(face.box, known)
        # Where no detector has a say, its box is better than none.
        trust = self._trust(known) if track.answers else 1.0
        if trust <= 0:
            return True
        if self.at <= track.fixed_at:  # a younger look has set it right already
            return True
        gain = trust * GAIN * min((self.at - track.fixed_at) / GAIN_AFTER, 1.0)
        error = Relation.between(known, box)
        if error.size > RESTART_AT or track.lost_for > LOST_AFTER:
            return False
        if track.answers and not track.sightings:
            gain = max(gain, FIRST_GAIN)
            if not self.convention.is_settled and not track.pairs:
                track.relation = Relation.between(box, track.relation.applied_to(known))
                self.learn(track.relation)
                track.pairs, gain = 1, 1.0
        track.correct(self.sequence, error.scaled(gain))
        self.set_right(track)
        return True

    def set_right(self, track: Track) -> None:
        """Note that the finder has the last word on where the face is, if it is to be believed."""
        if self._trust(track.history.at(self.sequence) or track.box) >= LEAST_TRUST:
            track.fixed_at = max(track.fixed_at, self.at)
        track.box_source = FINDER

    def _trust(self, box: BoundingBox) -> float:
        """Return how far the finder is believed of a face of this size, 0..1."""
        height = box.height * self.rows
        return min(max((height - BLIND_BELOW) / (SURE_FROM - BLIND_BELOW), 0.0), 1.0)

    def confirm(self, track: Track, face: Face) -> None:
        """Count the sighting; show the face once it is believed."""
        track.sightings += 1
        if self.appearances:
            track.appearance = next(
                look for seen, look in zip(self.faces, self.appearances, strict=True) if seen is face
            )
            track.looked_at = self.at
        track.seen_at = max(track.seen_at, self.at)
        track.unseen = 0
        track.weakest_flow = 1.0
        track.best_score = max(track.best_score, face.confidence)
        is_believed = track.sightings > 1 and track.best_score >= LEAST_SCORE
        track.is_shown = track.is_shown or is_believed or face.confidence >= SURE_SCORE or self.is_sure
        if self.detector is not None:
            track.is_rejected, track.denied = False, 0
            track.label.take(face, self.detector, self.at, drawn=track.belongs_at(self.sequence))

    def miss(self, track: Track) -> bool:
        """Count the miss; it says little of a face that a detector has confirmed."""
        track.unseen += 1
        if not track.sightings:  # the finder has never seen it: that it does not now says nothing
            return False
        unseen_for = self.at - track.seen_at
        if track.is_rejected:
            return unseen_for > REJECTED_FOR
        if not track.answers:
            is_flicker = track.sightings == 1 and track.unseen >= MOST_UNSEEN
            return unseen_for > FORGOTTEN_AFTER or (is_flicker and not self.is_sure)
        patience = BLIND_AND_LOST if track.lost_for > FLOW_LOST else BLIND_FOR
        return unseen_for > patience and track.confirmed_at <= track.seen_at

    def may_begin(self, face: Face) -> bool:
        """Return whether the finder is sure enough of a new face."""
        return self.is_sure or face.confidence >= LEAST_SCORE


def completed(box: BoundingBox, known: BoundingBox) -> BoundingBox:
    """Return the box with the sides that the frame's edge has cut as far out as the known size says."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if left < EDGE:
        left = min(left, right - known.width)
    if right > 1 - EDGE:
        right = max(right, box.left + known.width)
    if top < EDGE:
        top = min(top, bottom - known.height)
    if bottom > 1 - EDGE:
        bottom = max(bottom, box.top + known.height)
    return BoundingBox(left, top, right - left, bottom - top)
