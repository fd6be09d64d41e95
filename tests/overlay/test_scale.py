from __future__ import annotations

import pytest

from livecam.overlay.scale import scale_for


@pytest.mark.parametrize(
    ("size", "text"),
    [((320, 240), 10), ((854, 480), 14), ((1280, 720), 19), ((1920, 1080), 25), ((3840, 2160), 44)],
)
def test_text_grows_with_the_frame(size: tuple[int, int], text: int) -> None:
    assert scale_for(*size).text == text


def test_a_portrait_frame_is_laid_out_by_its_width() -> None:
    assert scale_for(1080, 1920).text < scale_for(1920, 1080).text


def test_nothing_vanishes_on_a_thumbnail() -> None:
    scale = scale_for(16, 16)
    assert scale.text >= scale.small >= 9
    assert min(scale.gap, scale.padding, scale.radius, scale.stroke) >= 1
