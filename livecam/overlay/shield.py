"""Pictures of a run as they may be seen: with faces covered, while it goes on.

What comes later is not known yet, so that a face is covered from its first sighting on. Labels are drawn
on top.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from livecam.overlay.cover import Cover, Covered, Moment, Surroundings

if TYPE_CHECKING:
    from livecam.frames import Frame, Image
    from livecam.pictures import Picture
    from livecam.protocols import Painter

RECENT_LOOK = 2.0
"""Seconds for which a look that found nobody says that there is nobody, and one that found somebody that
there is nobody else."""
NOT_YET: Final = "the whole picture is blurred: nobody has looked for faces yet"
NOT_LATELY: Final = "the whole picture is blurred: nobody has looked for faces lately"


class Witness:
    """Says of each picture, in their order, where faces are known to be on it."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()
        """Media time and capture of the newest pictures: a file may be played faster than it was filmed."""

    def moment(self, picture: Picture) -> Moment:
        """Return what is known of a picture; one that has been before may come again."""
        frame, recent = picture.frame, self._recent
        if not recent or recent[-1][0] != frame.media_time:
            recent.append((frame.media_time, frame.captured_at))
        while recent[0][0] < frame.media_time - RECENT_LOOK or recent[0][0] > frame.media_time:
            recent.popleft()
        faces = [(face.track_id, face.box) for face in picture.faces]
        faces += [(-number, box) for number, box in picture.suspected]
        is_known = picture.looked_at is not None and picture.looked_at >= recent[0][1]
        return Moment(frame.media_time, faces, is_known)


@dataclass(frozen=True, slots=True)
class _Shielded:
    """What was made of a picture."""

    original: Picture
    frame: Frame
    is_whole: bool

    def fits(self, picture: Picture) -> bool:
        """Tell whether it is what is to be made of a picture, too."""
        before = self.original
        return (
            before.frame is picture.frame
            and before.faces is picture.faces
            and before.suspected == picture.suspected
            and before.looked_at == picture.looked_at
        )


class Shield:
    """Covers the faces of a run's pictures, given in their order; of one that comes again it makes the same.

    Used by one thread.

    Args:
        cover: what is covered.
        are_stills: whether pictures have nothing to do with each other.
    """

    def __init__(self, cover: Cover, *, are_stills: bool = False) -> None:
        self._cover = cover
        self._are_stills = are_stills
        self._witness = Witness()
        self._surroundings = Surroundings()
        self._last: _Shielded | None = None

    def __call__(self, picture: Picture) -> Picture:
        """Return a picture whose frame may be seen, and which says why if nothing can be seen of it.

        Its `image` stays what it is: `ShieldedPainter` paints on such a frame.
        """
        last = self._last
        if last is None or not last.fits(picture):
            covered = self._covered(picture)
            frame = replace(picture.frame, image=covered.image)
            last = self._last = _Shielded(picture, frame, covered.is_whole)
        status = picture.status
        if last.is_whole and status.trouble is None:
            status = replace(status, trouble=NOT_YET if picture.looked_at is None else NOT_LATELY)
        return replace(picture, frame=last.frame, status=status, suspected=())

    def _covered(self, picture: Picture) -> Covered:
        if self._are_stills and (self._last is None or self._last.original.frame is not picture.frame):
            self._witness, self._surroundings = Witness(), Surroundings()
        moment = self._witness.moment(picture)
        newest = self._surroundings.newest
        if newest is not None and moment.time < newest.time:
            self._surroundings.clear()  # the source began anew
        self._surroundings.add(moment)
        return self._cover.over(picture.frame.image, moment.time, self._surroundings.around(moment.time))


class ShieldedPainter:
    """Fits `Painter`; paints on pictures with faces covered."""

    def __init__(self, painter: Painter, shield: Shield) -> None:
        self._painter = painter
        self._shield = shield

    def paint(self, picture: Picture) -> Image:
        """Return the annotated image, of the frame's size."""
        return self._painter.paint(self._shield(picture))
