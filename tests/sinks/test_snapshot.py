from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.native import cv2
from livecam.sinks.snapshot import save_snapshot
from tests.builders import a_frame

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 2, 12, 0, 0, 250_000, tzinfo=UTC)


def test_a_snapshot_has_the_picture_without_loss_and_is_named_after_the_moment(tmp_path: Path) -> None:
    image = a_frame(width=8, height=6).image
    image[2, 3] = (1, 2, 3)
    path = save_snapshot(image, tmp_path, NOON)
    assert path == tmp_path / f"livecam-{NOON.astimezone():%Y%m%d-%H%M%S}-250000.png"
    read = cv2.imread(str(path))
    assert read is not None
    assert bool((read == image).all())


def test_a_snapshot_that_cannot_be_written_says_where_and_why(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no-folder.livecam-.*\.png cannot be written: No such file"):
        save_snapshot(a_frame().image, tmp_path / "no-folder", NOON)
