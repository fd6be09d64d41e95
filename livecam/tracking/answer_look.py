"""What a detector's answer means for a face: its label, its being there, its convention, and its box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.tracking.finder_look import LOST_AFTER, RESTART_AT
from livecam.tracking.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.detections import DetectorInfo
    from livecam.faces import BoundingBox, Face
    from livecam.tracking.convention import Convention
    from livecam.tracking.track import Track

FIXED_WITHIN = 0.4
"""Seconds: a box that the finder set right so shortly before is compared, and believed."""
FIXED_GAIN = 0.3
"""Share of what then remains that is corrected."""
GAIN, FIRST_GAIN = 0.6, 1.0
"""The same where the finder has no say; the first time, all of it. 0.8 is a little better with exact boxes
(0.001 of the mean overlap over five clips), 0.6 with boxes that have 3 % noise (0.006)."""
LARGEST_RELATION = 0.6
"""Face sizes by which two conventions may differ at most; more is a mismatch."""
LEAST_LEARNING = 0.15
"""Least weight of the newest pair in a face's relation: it may change with the pose."""
PRIOR_PAIRS = 2
"""Pairs from which the mean of all faces counts as much as one pair of this face."""
MAX_DENIALS = 2
"""Weight of denials at which a face goes, or one that was never confirmed is rejected..."""
MAX_DENIALS_SEEN = 5
"""...or one that was, and that the finder goes on to see."""
SEEN_WITHIN = 0.4
"""Seconds for which a sighting says that the face is there."""
MANY_UNSEEN = 2
"""Looks of the finder that missed it: it may well be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLook:
    """Fits `Look`: by a detector with a convention of its own."""

    sequence: int
    at: float
    faces: Sequence[Face]
    detector: DetectorInfo
    convention: Convention
    """What is known of the detector's boxes."""
    learn: Callable[[Relation], None]
    """Takes each new pair of boxes of one face."""

    def drawn(self, track: Track, box: BoundingBox) -> BoundingBox:
        """Return the box in the detector's convention."""
        return track.relation.applied_to(box)

    def placed(self, track: Track, box: BoundingBox) -> BoundingBox:
        """Return a box of the detector's in the finder's convention."""
        return track.relation.undone_from(box)

    def fits(self, track: Track, face: Face) -> bool:  # noqa: ARG002  as every look
        """Return that it can: the detector is believed."""
        return True

    def correct(self, track: Track, face: Face) -> bool:
        """Learn from the pair of boxes where the finder's is right; else set the track's boxes right."""
        known = track.history.at(self.sequence)
        if known is None:
            return False
        if track.fixed_at >= self.at - FIXED_WITHIN:
            self._learn(track, known, face.box)
            rest = Relation.between(known, self.placed(track, face.box))
            track.history.correct(self.sequence, rest.scaled(FIXED_GAIN), ramp_from=track.anchor)
            return True
        error = Relation.between(known, self.placed(track, face.box))
        if error.size > RESTART_AT or track.lost_for > LOST_AFTER:
            return False
        track.correct(self.sequence, error.scaled(GAIN if track.answers else FIRST_GAIN))
        self.set_right(track)
        return True

    def set_right(self, track: Track) -> None:
        """Note that the detector has the last word on where the face is."""
        track.box_source = self.detector.name

    def confirm(self, track: Track, face: Face) -> None:
        """Count the answer; the face is there, whatever was said before."""
        track.answers += 1
        track.confirmed_at = self.at
        track.denied = 0
        track.weakest_flow = 1.0
        track.is_rejected = False
        track.is_shown = True
        track.label.take(face, self.detector, self.at, drawn=track.belongs_at(self.sequence))

    def miss(self, track: Track) -> bool:
        """Count the denial; what the finder goes on to see is hidden and remembered instead."""
        track.denied += 1
        is_doubtful = track.lost_for > 0 or track.is_weakly_followed
        if (is_doubtful and track.seen_at < self.at) or track.unseen >= MANY_UNSEEN:
            track.denied += 1
        if not track.answers:
            track.is_rejected = track.is_rejected or track.denied >= MAX_DENIALS
            return False
        if track.seen_at >= self.at - SEEN_WITHIN:
            track.is_rejected = track.is_rejected or track.denied >= MAX_DENIALS_SEEN
            return False
        return track.denied >= MAX_DENIALS

    def may_begin(self, face: Face) -> bool:  # noqa: ARG002  as every look
        """Return that it may: the detector is believed."""
        return True

    def _learn(self, track: Track, known: BoundingBox, drawn: BoundingBox) -> None:
        pair = Relation.between(known, drawn)
        if pair.size > LARGEST_RELATION:
            return
        prior = 1 if self.convention.count + 1 >= PRIOR_PAIRS else 0
        track.pairs += 1
        track.relation = track.relation.towards(pair, max(LEAST_LEARNING, 1 / (track.pairs + prior)))
        self.learn(pair)
