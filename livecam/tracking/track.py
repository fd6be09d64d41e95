"""One face: where it was, how its boxes relate, and what is known for and against it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.faces import BoundingBox
from livecam.tracking.easing import Easing
from livecam.tracking.history import History
from livecam.tracking.label import Label
from livecam.tracking.relation import SAME, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.detections import Appearance
    from livecam.faces import Movement

COAST_TAU = 0.15
"""Seconds after which a face that cannot be followed has lost 1/e... of the speed it had: it slows down."""
NEWEST_SPEED = 0.5
"""Weight of the newest movement in the speed."""
WEAK_FLOW = 0.5
"""Share of a face's points that must go the way of the face."""
NEVER = float("-inf")


@dataclass(slots=True, kw_only=True, eq=False)
class Track:
    """A face that is, or was just now, on the picture. Its boxes are in the finder's convention."""

    track_id: int | None = None
    """1-based, never reused; None until it is shown for the first time."""
    key: int = 0
    """Its own among all that ever began; the shown ones have a `track_id` beside it."""
    relation: Relation = SAME
    """Turns its box into the one that is shown: the detector's convention for this person."""
    pairs: int = 0
    """Pairs of boxes that the relation was learnt from."""
    history: History = field(default_factory=History)
    label: Label = field(default_factory=Label)
    box_source: str = ""
    """What set its box right last."""

    appearance: Appearance | None = None
    """How it looked when the finder saw it last; None where nobody wants to know..."""
    looked_at: float | None = None
    """...and when that frame was captured."""
    sightings: int = 0
    """Times that the finder saw it..."""
    seen_at: float = NEVER
    """...and when the last of those frames was captured."""
    best_score: float = 0.0
    """Of its sightings, 0..100."""
    unseen: int = 0
    """Looks of the finder in a row that missed it."""
    answers: int = 0
    """Answers of the detector that had it..."""
    confirmed_at: float = NEVER
    """...and when the last of those frames was captured."""
    denied: int = 0
    """Weight of the answers in a row that did not have it."""
    fixed_at: float = NEVER
    """When the last frame was captured in which the finder set its box right."""
    anchor: int | None = None
    """The frame up to which its boxes were last set right."""

    is_shown: bool = False
    is_rejected: bool = False
    """Whether the detector has denied it: hidden and remembered, lest it come back as new."""
    lost_for: float = 0.0
    """Seconds for which it could not be followed."""
    weakest_flow: float = 1.0
    """Least quality of its movements since it was last seen by anybody, 0..1."""
    _speed: tuple[float, float] = (0.0, 0.0)
    _easing: Easing = field(default_factory=Easing)
    _expected: tuple[BoundingBox, BoundingBox] | None = None
    """Where it belonged and where it was shown when it was followed to the newest frame."""

    @property
    def box(self) -> BoundingBox:
        """Where it is on the newest frame."""
        return self.history.newest

    @property
    def is_weakly_followed(self) -> bool:
        """Whether it may have been left behind: its points went different ways since it was last seen."""
        return self.weakest_flow < WEAK_FLOW

    def belongs_at(self, sequence: int) -> BoundingBox | None:
        """Return where it is shown on a frame but for what is still gliding; None where it was not known."""
        box = self.history.at(sequence)
        return None if box is None else self.relation.applied_to(box)

    def follow(self, sequence: int, base: BoundingBox, movement: Movement | None, *, elapsed: float) -> None:
        """Move to a new frame, `elapsed` seconds after the one on which it was at `base`.

        Without a movement it could not be followed: it coasts and slows down.
        """
        if movement is None:
            slowing = math.exp(-elapsed / COAST_TAU)
            self._speed = (self._speed[0] * slowing, self._speed[1] * slowing)
            box = self._coasted(base, elapsed)
            self.lost_for += elapsed
        else:
            box = base.moved(movement)
            self.lost_for, self.weakest_flow = 0.0, min(self.weakest_flow, movement.quality)
            if elapsed > 0:
                self._speed = (
                    self._speed[0] + (movement.dx / elapsed - self._speed[0]) * NEWEST_SPEED,
                    self._speed[1] + (movement.dy / elapsed - self._speed[1]) * NEWEST_SPEED,
                )
        self._arrive(sequence, box, elapsed)

    def glide(self, sequence: int, elapsed: float) -> None:
        """Go on as before to a frame that is passed over, `elapsed` seconds after the one before."""
        self._arrive(sequence, self._coasted(self.box, elapsed), elapsed)

    def _coasted(self, base: BoundingBox, elapsed: float) -> BoundingBox:
        (x, y), (across, down) = base.center, self._speed
        return BoundingBox.around((x + across * elapsed, y + down * elapsed), base.width, base.height)

    def _arrive(self, sequence: int, box: BoundingBox, elapsed: float) -> None:
        self.history.put(sequence, box)
        self._easing.passed(elapsed)
        there_shown = self.relation.applied_to(box)
        self._expected = (there_shown, self._easing.applied_to(there_shown))

    def shown_at(self, sequence: int, *, is_newest: bool) -> BoundingBox | None:
        """Return where it is drawn on a frame: on the newest, what was corrected since glides into place."""
        belongs = self.belongs_at(sequence)
        if belongs is None or not is_newest:
            return belongs
        if self._expected is not None and self._expected[0] != belongs:
            self._easing.corrected(self._expected[1], belongs)
        shown = self._easing.applied_to(belongs)
        self._expected = (belongs, shown)
        return shown

    def stop_gliding(self) -> None:
        """Show it where it belongs: it was not shown until now."""
        self._easing.stop()
        self._expected = None

    def correct(self, sequence: int, correction: Relation) -> None:
        """Set its boxes right from a frame on, and the share due in those since it was last right."""
        self.history.correct(sequence, correction, ramp_from=self.anchor)
        self.anchor = sequence

    def start_anew(self, boxes: Sequence[tuple[int, BoundingBox]], lost_for: float) -> None:
        """Take other boxes from a frame on."""
        self.history.replace(boxes)
        self.anchor = boxes[0][0]
        self.lost_for = lost_for
