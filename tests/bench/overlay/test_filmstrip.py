from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from livecam.bench.overlay.filmstrip import APART, TILE_WIDTH, chosen_frames, compared, filmstrip
from livecam.faces import Emotion
from livecam.overlay.contact_sheet import BACKGROUND
from livecam.overlay.theme import STRONG_TEXT, colour_of
from tests.bench.overlay.samples import ABSENT, ANSWER_EVERY, FPS, a_result, an_image


def test_the_frames_in_which_they_differ_most_are_chosen() -> None:
    chosen = chosen_frames(a_result())
    assert any(n % ANSWER_EVERY == ANSWER_EVERY - 1 for n in chosen)
    assert list(chosen) == sorted(set(chosen))
    assert not set(chosen) & set(ABSENT)


def test_chosen_frames_are_apart_in_time() -> None:
    chosen = chosen_frames(a_result())
    assert all((after - before) / FPS >= APART for before, after in itertools.pairwise(chosen))
    assert 4 <= len(chosen) <= 9


def test_the_baseline_is_compared_with_the_last_of_the_others() -> None:
    pair = compared(a_result(methods=("hold", "flow", "merged")))
    assert pair is not None
    assert [method.method for method in pair] == ["hold", "merged"]


@pytest.mark.parametrize("methods", [("hold",), ("flow", "merged"), ()])
def test_nothing_is_chosen_where_nothing_is_compared(methods: tuple[str, ...]) -> None:
    result = a_result(methods=methods)
    assert chosen_frames(result) == ()
    with pytest.raises(ValueError, match="two methods"):
        filmstrip(result, {})


def test_the_held_boxes_are_above_and_the_following_ones_below() -> None:
    frame = ANSWER_EVERY * 4 - 1
    strip = filmstrip(a_result(), {frame: an_image()})
    upper, lower = np.vsplit(strip[: strip.shape[0] // 2 * 2], 2)
    label, white = colour_of(Emotion.HAPPY), STRONG_TEXT
    # Below, the box that follows is on the reference: its left edge is where the white line is.
    held, followed, true = left_edge(upper, label), left_edge(lower, label), left_edge(lower, white)
    assert abs(followed - true) <= 3
    assert held < followed - 10
    assert strip.shape[1] < 2 * TILE_WIDTH


def test_many_frames_stand_in_two_bands() -> None:
    one, five = (filmstrip(a_result(), {n: an_image() for n in range(count)}) for count in (1, 5))
    assert one.shape[1] < 2 * TILE_WIDTH
    assert 3 * TILE_WIDTH < five.shape[1] < 4 * TILE_WIDTH
    assert five.shape[0] > 1.8 * one.shape[0]
    # The last column of the second band is empty.
    assert (five[-round(0.4 * five.shape[0]) :, -TILE_WIDTH:] == BACKGROUND).all()


def test_the_pictures_that_were_given_stay_as_they_are() -> None:
    image = an_image()
    filmstrip(a_result(), {3: image, 20: image})
    assert (image == an_image()).all()


def test_a_frame_without_any_box_is_shown_whole() -> None:
    result = a_result()
    empty = tuple(
        replace(method, shown=tuple(replace(frame, faces=()) for frame in method.shown))
        for method in result.methods
    )
    assert filmstrip(replace(result, methods=empty), {ABSENT[0]: an_image()}).size > 0


def left_edge(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], colour: tuple[int, int, int]) -> int:
    """Return the first column in which a tall line of that colour stands."""
    close = np.abs(image.astype(int) - np.array(colour)).max(axis=2) < 40
    return int(np.flatnonzero(close.sum(axis=0) > 30)[0])
