"""What stands on a face's label, in four forms from all scores to one word: pure."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from livecam.overlay import wording
from livecam.overlay.geometry import Area
from livecam.overlay.plates import (
    Bar,
    FaceFrame,
    FrameStyle,
    Plate,
    Row,
    Text,
    ascent,
    leading,
    row_height,
    stack,
)
from livecam.overlay.theme import FRESH, QUIET_TEXT, STRONG_TEXT, UNSURE, colour_of

if TYPE_CHECKING:
    from livecam.overlay.fitting import Measure
    from livecam.overlay.scale import Scale
    from livecam.overlay.theme import Colour
    from livecam.pictures import FaceLabel

BAR_LENGTH = 4.5
"""Of the font size."""
BAR_THICKNESS = 0.5
"""Of the font size."""
STROKES_ACROSS = 20
RADII_ACROSS = 7
"""The lines of a small box are thin and its corners tight, or they would hide the face."""


class Form(StrEnum):
    """How much a label says, most first."""

    BARS = "bars"
    FULL = "full"
    SHORT = "short"
    TINY = "tiny"


def label_plate(face: FaceLabel, form: Form, scale: Scale, measure: Measure) -> Plate:
    """Return a face's label in one form, with its top left corner at 0, 0."""
    text_colour = STRONG_TEXT if wording.claims(face) else QUIET_TEXT
    words = {Form.SHORT: wording.short, Form.TINY: wording.tiny}.get(form, wording.headline)(face)
    rows = [Row(words, scale.text, text_colour, is_strong=wording.claims(face))]
    if form in {Form.FULL, Form.BARS}:
        rows.append(Row(wording.aside(face), scale.small, QUIET_TEXT))
    plate = replace(stack(rows, scale, measure, accent=face_colour(face)), opacity=face.opacity)
    return _with_bars(plate, face, scale, measure) if form is Form.BARS else plate


def face_frame(face: FaceLabel, area: Area, scale: Scale) -> FaceFrame:
    """Return the box around a face: muted, thin and dashed where nothing is claimed."""
    style = FrameStyle.APPROXIMATE if face.is_approximate else FrameStyle.SURE
    shorter = min(area.width, area.height)
    stroke = max(1, min(scale.stroke, shorter // STROKES_ACROSS))
    if wording.is_new(face):
        style, stroke = FrameStyle.APPROXIMATE, max(1, stroke - 1)
    elif not wording.claims(face):
        style, stroke = FrameStyle.UNSURE, max(1, stroke - 1)
    radius = min(2 * scale.radius, shorter // RADII_ACROSS)
    return FaceFrame(area, face_colour(face), style, stroke, radius, face.box_opacity)


def face_colour(face: FaceLabel) -> Colour:
    """Return the colour of a face's box and of its label's edge."""
    if wording.is_new(face):
        return FRESH
    return colour_of(face.emotion) if wording.claims(face) else UNSURE


def has_bars(face: FaceLabel) -> bool:
    """Tell whether there are scores to show as bars."""
    return any(score.emotion in wording.ADJECTIVES for score in face.scores)


def _with_bars(plate: Plate, face: FaceLabel, scale: Scale, measure: Measure) -> Plate:
    """Return the plate with a bar for every score beneath its text.

    In the emotions' own order, not strongest first: rows that change places cannot be read.
    """
    size = scale.small
    scores = {s.emotion: s.confidence for s in face.scores}
    names = [emotion for emotion in wording.ADJECTIVES if emotion in scores]
    left, top = plate.texts[0].x, plate.area.height
    bar_left = left + max(measure(wording.ADJECTIVES[name], size)[0] for name in names) + scale.gap
    bar_width = round(size * BAR_LENGTH)
    number_right = bar_left + bar_width + scale.gap + measure("100", size)[0]
    texts, bars = list(plate.texts), []
    for name in names:
        number = f"{scores[name]:.0f}"
        baseline = top + ascent(size)
        texts.append(Text(wording.ADJECTIVES[name], left, baseline, size, QUIET_TEXT))
        texts.append(Text(number, number_right - measure(number, size)[0], baseline, size, QUIET_TEXT))
        bars.append(_bar(bar_left, top, bar_width, size, (colour_of(name), scores[name])))
        top += row_height(size) + leading(size)
    width = max(plate.area.width, number_right + scale.padding)
    area = Area(0, 0, width, top - leading(size) + scale.padding)
    return replace(plate, area=area, texts=tuple(texts), bars=tuple(bars))


def _bar(left: int, row_top: int, width: int, size: int, score: tuple[Colour, float]) -> Bar:
    """Return the bar of a score (colour, 0..100), centred on the small letters of its row."""
    colour, confidence = score
    thickness = max(3, round(size * BAR_THICKNESS))
    top = row_top + ascent(size) - round(size * 0.28) - thickness // 2
    filled = round(width * min(max(confidence, 0.0), 100.0) / 100)
    return Bar(Area(left, top, width, thickness), filled, colour)
