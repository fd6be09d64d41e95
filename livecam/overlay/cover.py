"""Where faces have to be covered on a picture, told from what is known of the pictures about it.

It errs on the safe side. A face is covered from before it was first seen (where that is known already)
until after it was last seen, wherever it was in between; and where nobody can say whether there are faces
the whole picture is blurred.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.faces import BoundingBox
from livecam.overlay.blur import blurred, wholly_blurred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.frames import Image

COVERED_FOR = 0.7
"""Seconds before and after each sighting for which a face is covered: somebody who comes in is seen by the
finder after half a second at the latest, and lost from sight not much later."""
KNOWN_WITHIN = 0.5
"""Seconds to the nearest moment of which it is known where faces are; less than they are covered for, so
that everybody of that moment is covered."""
SMOOTH = 0.1
"""Seconds between pictures up to which the boxes of a face overlap from each to the next."""
INSIDE = 0.01
"""Of the picture: a face that ends so near to the region's border may have been cut by it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known of one picture."""

    time: float
    """Seconds, in the media's own time."""
    faces: Sequence[tuple[int, BoundingBox]]
    """Id and box of each face."""
    is_known: bool
    """Whether there are no others: somebody must have looked lately."""


class Surroundings:
    """The moments about a picture; holds no others, so that a run may last for days."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque()

    @property
    def newest(self) -> Moment | None:
        """The moment that was added last."""
        return self._moments[-1] if self._moments else None

    def add(self, moment: Moment) -> None:
        """Take a moment, no earlier than those before; a second one of the same time adds its faces."""
        newest = self.newest
        if newest is not None and newest.time == moment.time:
            faces = tuple((dict(newest.faces) | dict(moment.faces)).items())
            self._moments[-1] = Moment(moment.time, faces, moment.is_known)
        else:
            self._moments.append(moment)

    def around(self, time: float) -> Sequence[Moment]:
        """Return the moments from `COVERED_FOR` before a time on, and the last one before them.

        That one counts however far it is: on a slow camera's picture before somebody was seen, he may have
        been there. What is earlier is forgotten: times must ascend from call to call.
        """
        moments = self._moments
        while len(moments) > 1 and moments[1].time < time - COVERED_FOR:
            moments.popleft()
        return moments

    def clear(self) -> None:
        """Forget everything."""
        self._moments.clear()


@dataclass(frozen=True, slots=True)
class Covered:
    """A picture as it may be seen."""

    image: Image
    is_whole: bool
    """Whether all of it is blurred, because nobody can say where faces are."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Makes faces unrecognisable, or the whole picture where nobody can say where they are.

    With a region nobody looks for faces outside it: that part is blurred altogether.
    """

    region: BoundingBox | None = None
    """Where faces are looked for, in fractions of the picture; None for everywhere."""
    spares_region: bool = False
    """Whether a face that lies wholly inside the region stays as it is."""

    def over(self, image: Image, time: float, moments: Sequence[Moment]) -> Covered:
        """Return a picture with its faces covered; the one that was given stays as it is.

        Args:
            image: shape (height, width, 3), BGR.
            time: of the picture, seconds.
            moments: about it, oldest first.
        """
        nearest = min(moments, key=lambda moment: abs(moment.time - time), default=None)
        if nearest is None or abs(nearest.time - time) > KNOWN_WITHIN or not nearest.is_known:
            return Covered(wholly_blurred(image), is_whole=True)
        boxes = [box for box in reaches(moments) if not self._is_spared(box)]
        covered = blurred(image, boxes)
        return Covered(covered if self.region is None else _outside(covered, self.region), is_whole=False)

    def _is_spared(self, box: BoundingBox) -> bool:
        """Tell whether a face lies wholly inside the region, as far as a look at that part alone can say."""
        region = self.region
        if region is None or not self.spares_region:
            return False
        return (
            (region.left <= 0 or box.left >= region.left + INSIDE)
            and (region.top <= 0 or box.top >= region.top + INSIDE)
            and (region.right >= 1 or box.right <= region.right - INSIDE)
            and (region.bottom >= 1 or box.bottom <= region.bottom - INSIDE)
        )


def reaches(moments: Sequence[Moment]) -> list[BoundingBox]:
    """Return where each face was at some moments: boxes that hold all of its boxes.

    A box goes with that face's last one if they overlap, else with whose it overlaps: ids may be mixed up
    when people cross, which must not cover everything between them. What nothing overlaps is new there,
    unless moments are so far apart that the face may have moved as far.
    """
    found: list[_Reach] = []
    by_id: dict[int, _Reach] = {}
    before = moments[0].time if moments else 0.0
    for moment in moments:
        is_apart, before = moment.time - before > SMOOTH, moment.time
        for identity, box in moment.faces:
            own = by_id.get(identity)
            if own is None or not (is_apart or own.newest.iou(box) > 0):
                own = next((reach for reach in found if reach.newest.iou(box) > 0), None)
            if own is None:
                own = _Reach(box, box)
                found.append(own)
            own.take(box)
            by_id[identity] = own
    return [reach.whole for reach in found]


@dataclass(slots=True)
class _Reach:
    """Where one face was for a while."""

    newest: BoundingBox
    whole: BoundingBox
    """Holds all its boxes, and so also where it was in between."""

    def take(self, box: BoundingBox) -> None:
        self.newest, self.whole = box, _around_both(self.whole, box)


def _around_both(one: BoundingBox, other: BoundingBox) -> BoundingBox:
    left, top = min(one.left, other.left), min(one.top, other.top)
    right, bottom = max(one.right, other.right), max(one.bottom, other.bottom)
    return BoundingBox(left, top, right - left, bottom - top)


def _outside(image: Image, region: BoundingBox) -> Image:
    """Return an image of which nothing outside a region can be recognised."""
    height, width = image.shape[:2]
    left, top, right, bottom = region.edges_in_pixels(width, height)
    result = wholly_blurred(image)
    result[top:bottom, left:right] = image[top:bottom, left:right]
    return result
