from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.faces import Emotion, EmotionScore
from livecam.overlay.geometry import Area
from livecam.overlay.labels import Form, face_colour, face_frame, has_bars, label_plate
from livecam.overlay.plates import FrameStyle
from livecam.overlay.scale import scale_for
from livecam.overlay.theme import EMOTION_COLOURS, FRESH, UNSURE
from tests.overlay.samples import a_label, a_measure, unanswered, unclear

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel

SCALE = scale_for(1280, 720)
BOX = Area(100, 100, 200, 240)


def words(face: FaceLabel, form: Form) -> list[str]:
    return [text.text for text in label_plate(face, form, SCALE, a_measure).texts]


def test_each_form_says_less_and_takes_less_room() -> None:
    plates = [label_plate(a_label(), form, SCALE, a_measure) for form in Form]
    rooms = [plate.size[0] * plate.size[1] for plate in plates]
    assert rooms == sorted(rooms, reverse=True)
    assert words(a_label(), Form.FULL) == ["appears happy 83 %", "#3 · 0.4 s"]
    assert words(a_label(), Form.SHORT) == ["happy 83 %"]
    assert words(a_label(), Form.TINY) == ["happy"]


def test_bars_keep_their_order_whatever_the_scores() -> None:
    reversed_scores = replace(a_label(), scores=a_label().scores[::-1])
    assert words(a_label(), Form.BARS) == words(reversed_scores, Form.BARS)
    assert words(a_label(), Form.BARS)[2:6] == ["happy", "90", "sad", "79"]


def test_a_bar_is_as_long_as_its_score() -> None:
    plate = label_plate(a_label(), Form.BARS, SCALE, a_measure)
    first = plate.bars[0]
    assert first.filled == round(first.area.width * 0.9)
    assert first.colour == EMOTION_COLOURS[Emotion.HAPPY]


def test_a_score_beyond_its_range_stays_in_its_track() -> None:
    face = replace(a_label(), scores=(EmotionScore(Emotion.SAD, 120.0), EmotionScore(Emotion.CALM, -3.0)))
    full, empty = label_plate(face, Form.BARS, SCALE, a_measure).bars
    assert (full.filled, empty.filled) == (full.area.width, 0)


def test_everything_on_a_label_lies_on_its_plate() -> None:
    plate = label_plate(a_label(), Form.BARS, SCALE, a_measure)
    whole = Area(0, 0, *plate.size)
    assert all(whole.contains(bar.area) for bar in plate.bars)
    assert all(text.x + a_measure(text.text, text.size)[0] <= whole.right for text in plate.texts)
    assert all(text.baseline < whole.bottom for text in plate.texts)


def test_a_face_without_scores_has_no_bars() -> None:
    assert has_bars(a_label())
    assert not has_bars(unanswered(a_label()))
    assert not has_bars(replace(a_label(), scores=(EmotionScore(Emotion.UNKNOWN, 50.0),)))


@pytest.mark.parametrize(
    ("face", "colour", "style"),
    [
        (a_label(), EMOTION_COLOURS[Emotion.HAPPY], FrameStyle.SURE),
        (replace(a_label(), is_approximate=True), EMOTION_COLOURS[Emotion.HAPPY], FrameStyle.APPROXIMATE),
        (unclear(a_label()), UNSURE, FrameStyle.UNSURE),
        (replace(a_label(), emotion=Emotion.UNKNOWN), UNSURE, FrameStyle.UNSURE),
        (unanswered(a_label()), FRESH, FrameStyle.APPROXIMATE),
    ],
)
def test_a_box_looks_as_sure_as_its_label(
    face: FaceLabel, colour: tuple[int, int, int], style: FrameStyle
) -> None:
    frame = face_frame(face, BOX, SCALE)
    assert (frame.colour, frame.style) == (colour, style)
    assert face_colour(face) == colour


def test_lines_are_thinner_where_less_is_known() -> None:
    sure, unsure = (face_frame(face, BOX, SCALE) for face in (a_label(), unclear(a_label())))
    assert unsure.stroke < sure.stroke


def test_a_small_box_has_thin_lines_and_tight_corners() -> None:
    frame = face_frame(a_label(), Area(5, 5, 12, 15), SCALE)
    assert (frame.stroke, frame.radius) == (1, 1)


def test_a_label_and_its_box_fade_each_in_its_time() -> None:
    face = replace(a_label(), opacity=0.3, box_opacity=0.6)
    assert label_plate(face, Form.FULL, SCALE, a_measure).opacity == 0.3
    assert face_frame(face, BOX, SCALE).opacity == 0.6
