"""Annotated pictures: the painter."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from livecam.native import cv2
from livecam.overlay.compositing import draw_frame, draw_outline, draw_plate
from livecam.overlay.fonts import typeface
from livecam.overlay.geometry import in_pixels
from livecam.overlay.layout import FIRST_PLACES, Options, arrange
from livecam.overlay.scale import scale_for
from livecam.overlay.theme import QUIET_TEXT

if TYPE_CHECKING:
    from livecam.faces import BoundingBox
    from livecam.frames import Image
    from livecam.pictures import FaceLabel, Picture


class OverlayPainter:
    """Draws labels and HUD onto a copy of a picture's frame.

    Remembers where it put things, so that they do not jump: use one painter for each run. It may be
    called, and its attributes set, from any thread; the next picture follows them.

    Args:
        show_bars: whether all scores are shown beside each face.
        show_hud: whether the state of the run is shown; the source's notice is in any case.
        mirror: whether the picture is turned left to right, as in a mirror; its text is not.
        region: the part of the unmirrored frame that is looked at, outlined; None for all of it.
    """

    def __init__(
        self,
        *,
        show_bars: bool = False,
        show_hud: bool = True,
        mirror: bool = False,
        region: BoundingBox | None = None,
    ) -> None:
        self.show_bars = show_bars
        self.show_hud = show_hud
        self.mirror = mirror
        self.region = region
        self._places = FIRST_PLACES
        self._painting = threading.Lock()

    def paint(self, picture: Picture) -> Image:
        """Return the annotated image: BGR, of the frame's size; the frame itself stays as it is."""
        with self._painting:
            return self._painted(picture)

    def _painted(self, picture: Picture) -> Image:
        frame, faces, mirror = picture.frame, picture.faces, self.mirror
        layout = arrange(
            (frame.width, frame.height),
            [_mirrored(face) for face in faces] if mirror else faces,
            picture.status,
            measure=typeface().measure,
            options=Options(show_bars=self.show_bars, show_hud=self.show_hud),
            places=self._places,
        )
        self._places = layout.places
        image = _turned(frame.image) if mirror else frame.image.copy()
        if region := self.region:
            _outline(image, region.mirrored() if mirror else region)
        for face_frame in layout.frames:
            draw_frame(image, face_frame)
        for plate in (*layout.labels, *layout.panels):
            draw_plate(image, plate)
        return image

    def plain(self, image: Image) -> Image:
        """Return a frame's image as viewers are to see it, with nothing drawn on it.

        Shape (height, width, 3), BGR. It may be the image that was given: do not write into it.
        """
        return _turned(image) if self.mirror else image


def _outline(image: Image, region: BoundingBox) -> None:
    """Draw a thin quiet line just inside the region (fractions of the image as it is)."""
    height, width = image.shape[:2]
    stroke = max(1, scale_for(width, height).stroke // 3)
    draw_outline(image, in_pixels(region, width, height), QUIET_TEXT, stroke=stroke)


def _turned(image: Image) -> Image:
    """Return the image turned left to right."""
    return cast("Image", cv2.flip(image, 1))


def _mirrored(face: FaceLabel) -> FaceLabel:
    """Return a label whose box fits the mirrored frame."""
    return replace(face, box=face.box.mirrored())
