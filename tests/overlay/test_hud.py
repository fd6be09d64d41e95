from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.overlay.hud import hud_plate, notice_plate
from livecam.overlay.scale import scale_for
from livecam.overlay.theme import NOTICE, RECORDING, TROUBLE
from livecam.overlay.wording import DOT
from tests.overlay.samples import STATUS, a_measure

if TYPE_CHECKING:
    from livecam.pictures import Status

SIZES = [(320, 240), (240, 320), (640, 360), (1280, 720), (1080, 1920), (3840, 2160)]
TROUBLED = replace(STATUS, trouble="The camera stopped delivering; trying again")
SENTENCE = "Drawn scene; portrait by Ada Example, CC BY 4.0. Nobody is being filmed here at all."


def words(status: Status, size: tuple[int, int]) -> list[str]:
    return [text.text for text in hud_plate(status, size, scale_for(*size), a_measure).texts]


def test_the_hud_has_three_lines_when_all_is_well() -> None:
    assert len(words(STATUS, (1280, 720))) == 3


def test_trouble_is_the_last_line_and_stands_out() -> None:
    plate = hud_plate(TROUBLED, (1280, 720), scale_for(1280, 720), a_measure)
    assert plate.texts[-1].text == TROUBLED.trouble
    assert plate.texts[-1].colour == plate.accent == TROUBLE


@pytest.mark.parametrize("size", SIZES)
def test_a_hud_never_takes_half_the_picture(size: tuple[int, int]) -> None:
    wordy = replace(
        TROUBLED,
        source="rtsp://a-camera-with-a-very-long-name.example/stream" * 3,
        delay=0.41,
        finder_rate=5.0,
        effort="every second frame",
    )
    plate = hud_plate(wordy, size, scale_for(*size), a_measure)
    assert plate.size[0] < size[0]
    assert plate.size[1] <= 0.5 * size[1]


def test_trouble_outlasts_the_figures_on_a_tiny_frame() -> None:
    assert words(TROUBLED, (160, 60))[-1] in str(TROUBLED.trouble)


@pytest.mark.parametrize("size", SIZES)
def test_a_notice_is_shown_whole(size: tuple[int, int]) -> None:
    plate = notice_plate(SENTENCE, size, scale_for(*size), a_measure)
    assert " ".join(text.text for text in plate.texts) == SENTENCE
    assert plate.size[0] < size[0]
    assert plate.size[1] <= 0.4 * size[1]
    assert plate.accent == NOTICE


def test_a_notice_too_long_for_any_text_size_is_cut_to_one_line() -> None:
    plate = notice_plate(SENTENCE * 20, (160, 120), scale_for(160, 120), a_measure)
    assert len(plate.texts) == 1
    assert plate.texts[0].text.endswith("…")


def test_the_dot_of_a_recording_is_red_and_stands_where_the_line_begins() -> None:
    plate = hud_plate(replace(STATUS, recording=42.0), (1280, 720), scale_for(1280, 720), a_measure)
    first, dot, *_ = plate.texts
    assert first.text.startswith(f"{DOT} REC 0:42")
    assert (dot.text, dot.colour) == (DOT, RECORDING)
    assert (dot.x, dot.baseline, dot.size, dot.is_strong) == (first.x, first.baseline, first.size, True)


def test_without_a_recording_there_is_no_dot() -> None:
    assert not any(DOT in text for text in words(STATUS, (1280, 720)))


def test_trouble_alone_on_a_tiny_frame_has_no_dot() -> None:
    assert DOT not in "".join(words(replace(TROUBLED, recording=42.0), (160, 60)))
