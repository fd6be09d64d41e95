"""What the rules about a look at a frame must say: the detector's and the finder's differ in all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.faces import BoundingBox, Face
    from livecam.tracking.track import Track


class Look(Protocol):
    """Somebody has looked at a frame and says which faces are on it."""

    @property
    def sequence(self) -> int:
        """The frame."""

    @property
    def at(self) -> float:
        """When it was captured."""

    @property
    def faces(self) -> Sequence[Face]:
        """What was seen."""

    def drawn(self, track: Track, box: BoundingBox) -> BoundingBox:
        """Return a box of a track as it would be drawn by who looked."""

    def placed(self, track: Track, box: BoundingBox) -> BoundingBox:
        """Return a box drawn by who looked as a box of the track: undoes `drawn`."""

    def fits(self, track: Track, face: Face) -> bool:
        """Return whether a face that lies nearest to the track can be it."""

    def correct(self, track: Track, face: Face) -> bool:
        """Set the track's boxes right by the face that it is; False if it must be followed anew."""

    def set_right(self, track: Track) -> None:
        """Take in that the track's boxes are right because of this look."""

    def confirm(self, track: Track, face: Face) -> None:
        """Take in that the track is this face, once its boxes are right."""

    def miss(self, track: Track) -> bool:
        """Take in that the face was not seen; return whether it is given up."""

    def may_begin(self, face: Face) -> bool:
        """Return whether an unknown face is believed at all."""
