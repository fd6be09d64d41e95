"""Annotated pictures: the painter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.overlay.compositing import draw_frame, draw_plate
from livecam.overlay.fonts import typeface
from livecam.overlay.layout import FIRST_PLACES, Options, arrange

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.pictures import FaceLabel, Picture


class OverlayPainter:
    """Draws labels and HUD onto a copy of a picture's frame.

    Remembers where it put things, so that they do not jump: use one painter for each run, from one
    thread at a time. Its attributes may be set from any thread; the next picture follows them.

    Args:
        show_bars: whether all scores are shown beside each face.
        show_hud: whether the state of the run is shown; the source's notice is in any case.
        mirror: whether the picture is turned left to right, as in a mirror; its text is not.
    """

    def __init__(self, *, show_bars: bool = False, show_hud: bool = True, mirror: bool = False) -> None:
        self.show_bars = show_bars
        self.show_hud = show_hud
        self.mirror = mirror
        self._places = FIRST_PLACES

    def paint(self, picture: Picture) -> Image:
        """Return the annotated image: BGR, of the frame's size; the frame itself stays as it is."""
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
        image = cast("Image", cv2.flip(frame.image, 1)) if mirror else frame.image.copy()
        for face_frame in layout.frames:
            draw_frame(image, face_frame)
        for plate in (*layout.labels, *layout.panels):
            draw_plate(image, plate)
        return image


def _mirrored(face: FaceLabel) -> FaceLabel:
    """Return a label whose box fits the mirrored frame."""
    box = face.box
    return replace(face, box=BoundingBox(1.0 - box.right, box.top, box.width, box.height))
