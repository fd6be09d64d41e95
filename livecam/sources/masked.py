"""A source without what nobody is to see: the privacy mask, before anything else touches a frame."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.errors import LivecamError
    from livecam.faces import BoundingBox
    from livecam.frames import Frame, Image, SourceInfo
    from livecam.protocols import FrameSlot, FrameSource


class MaskedSource:
    """Fits `FrameSource`; delivers the frames of another with rectangles of them black.

    What is shown, recorded, detected or sent starts from these frames, so none of it can hold a
    masked pixel. The wrapped source itself sees its own pictures whole: it tells a camera that
    turned black from a mask.

    Args:
        source: delivers the frames; opened, started and closed by this one.
        mask: what is to be black, in fractions of the unmirrored frame.
    """

    def __init__(self, source: FrameSource, mask: tuple[BoundingBox, ...]) -> None:
        self._source = source
        self._mask = mask

    def open(self) -> SourceInfo:
        """Open the source and say what it grants.

        Raises:
            SourceUnavailable: it cannot be opened; the message says what to do.
        """
        return self._source.open()

    def start(self, slot: FrameSlot) -> None:
        """Deliver masked frames into `slot` from now on, then close it. Returns at once."""
        self._source.start(_MaskingSlot(slot, self._mask))

    def close(self) -> None:
        """Stop delivering and release the device. May be called twice, from any thread."""
        self._source.close()


class _MaskingSlot:
    """Fits `FrameSlot`; blackens what it is given and passes it on."""

    def __init__(self, slot: FrameSlot, mask: tuple[BoundingBox, ...]) -> None:
        self._slot = slot
        self._mask = mask

    def put(self, frame: Frame, *, patience: float = 0.0) -> None:
        """Pass a frame on without what is masked."""
        self._slot.put(replace(frame, image=black_out(frame.image, self._mask)), patience=patience)

    def close(self, error: LivecamError | None = None) -> None:
        """Pass the end on."""
        self._slot.close(error)


def black_out(image: Image, mask: tuple[BoundingBox, ...]) -> Image:
    """Return a copy of an image, shape (height, width, 3), in which the mask is black.

    Always a copy: a source may keep what it delivered (to see whether its picture is frozen, say, or
    to deliver it again), and an array does not tell who else holds it. At 720p it costs 0.1 ms, at 4K 1 ms.

    Args:
        image: stays as it is; of any size.
        mask: in fractions of the image; every pixel that it touches is black, even by a sliver.
    """
    masked = image.copy()
    height, width = masked.shape[:2]
    for box in mask:
        left, top, right, bottom = box.edges_in_pixels(width, height)
        masked[top:bottom, left:right] = 0
    return masked
