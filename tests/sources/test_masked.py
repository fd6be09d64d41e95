from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.faces import BoundingBox
from livecam.sources.masked import MaskedSource, black_out
from livecam.testing.list_source import INFO, ListSource
from livecam.testing.recording_slot import RecordingSlot
from tests.builders import a_frame

if TYPE_CHECKING:
    from livecam.frames import Frame

LEFT_HALF = BoundingBox(0.0, 0.0, 0.5, 1.0)
CORNER = BoundingBox(0.75, 0.75, 0.25, 0.25)


def white(width: int, height: int, *, sequence: int = 0) -> Frame:
    return replace(a_frame(sequence), image=np.full((height, width, 3), 255, np.uint8))


def delivered(source: MaskedSource) -> RecordingSlot:
    slot = RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_until_closed()
    source.close()
    return slot


def test_the_mask_is_black_and_nothing_else_is() -> None:
    masked = black_out(white(8, 4).image, (LEFT_HALF, CORNER))
    assert masked[:, :4].max() == 0
    assert masked[3:, 6:].max() == 0
    masked[:, :4], masked[3:, 6:] = 255, 255
    assert masked.min() == 255


def test_the_image_that_was_given_stays_as_it_is_also_when_it_may_not_be_written_to() -> None:
    image = white(8, 4).image
    image.flags.writeable = False
    assert not np.shares_memory(black_out(image, (LEFT_HALF,)), image)
    assert image.min() == 255


def test_a_pixel_of_which_a_sliver_is_masked_is_black() -> None:
    masked = black_out(white(10, 10).image, (BoundingBox(0.29, 0.41, 0.22, 0.3),))
    assert masked[4:8, 2:6].max() == 0
    assert (masked == 0).all(axis=2).sum() == 16


@given(
    left=st.floats(-0.5, 1.5),
    top=st.floats(-0.5, 1.5),
    width=st.floats(0.0, 1.5),
    height=st.floats(0.0, 1.5),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_no_pixel_that_the_mask_touches_is_seen(
    left: float, top: float, width: float, height: float, size: tuple[int, int]
) -> None:
    box = BoundingBox(left, top, width, height)
    masked = black_out(white(*size).image, (box,))
    for y, x in np.argwhere((masked != 0).any(axis=2)).tolist():
        is_left_or_right = (x + 1) / size[0] <= max(left, 0.0) + 1e-12 or x / size[0] >= box.right - 1e-12
        is_above_or_below = (y + 1) / size[1] <= max(top, 0.0) + 1e-12 or y / size[1] >= box.bottom - 1e-12
        assert is_left_or_right or is_above_or_below


def test_a_mask_beside_the_frame_hides_nothing() -> None:
    beside = (BoundingBox(1.2, 0.0, 0.3, 1.0), BoundingBox(-0.6, 0.0, 0.5, 1.0))
    assert black_out(white(8, 4).image, beside).min() == 255


def test_every_frame_is_masked_whatever_its_size() -> None:
    frames = [white(8, 4), white(16, 9, sequence=1), white(3, 3, sequence=2)]
    slot = delivered(MaskedSource(ListSource(frames), (LEFT_HALF,)))
    assert [frame.image.shape for frame in slot.frames] == [(4, 8, 3), (9, 16, 3), (3, 3, 3)]
    for frame in slot.frames:
        assert frame.image[:, : math.ceil(frame.width / 2)].max() == 0
        assert frame.image[:, math.ceil(frame.width / 2) :].min() == 255
    assert all(frame.image.min() == 255 for frame in frames)


def test_all_else_about_a_frame_is_kept_and_so_is_the_sources_patience() -> None:
    frame = replace(a_frame(0, at=12.5), name="still.jpg", media_time=3.25)
    slot = delivered(MaskedSource(ListSource([frame], patience=0.75), (CORNER,)))
    (passed,) = slot.frames
    assert replace(passed, image=frame.image) == frame
    assert slot.patiences == [0.75]


def test_why_a_source_ended_is_passed_on() -> None:
    error = SourceFailed("the camera was unplugged")
    assert delivered(MaskedSource(ListSource([], error=error), (CORNER,))).errors == [error]


def test_what_the_source_says_of_itself_is_passed_on() -> None:
    assert MaskedSource(ListSource([]), (CORNER,)).open() is INFO
    with pytest.raises(SourceUnavailable, match="was not opened"):
        MaskedSource(ListSource([]), (CORNER,)).start(RecordingSlot())
