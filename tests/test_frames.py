import dataclasses

import pytest

from tests.builders import a_frame


def test_a_frame_knows_its_size() -> None:
    frame = a_frame(width=64, height=48)
    assert (frame.width, frame.height) == (64, 48)


def test_a_frame_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_frame().sequence = 3  # type: ignore[misc]
