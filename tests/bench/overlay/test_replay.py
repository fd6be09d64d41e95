from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.overlay import replay
from livecam.bench.overlay.replay import read_frames
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.shake import ZOOM
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FRAMES = 20


def a_clip(folder: Path) -> Path:
    """Return a clip whose pictures get brighter by ten with each frame."""
    return write_clip(folder / "clip.mp4", [n / 20 for n in range(FRAMES)])


def test_frames_are_read_by_index(tmp_path: Path) -> None:
    found = read_frames(Request(), a_clip(tmp_path), [2, 17])
    assert sorted(found) == [2, 17]
    assert found[2].shape == (48, 64, 3)
    assert found[17].mean() - found[2].mean() > 100


def test_what_was_left_out_is_not_counted(tmp_path: Path) -> None:
    clip = a_clip(tmp_path)
    normal, quick = read_frames(Request(), clip, [8]), read_frames(Request(speed=2), clip, [4])
    assert np.abs(normal[8].astype(int) - quick[4]).mean() < 1


def test_shaken_frames_are_those_that_were_seen(tmp_path: Path) -> None:
    found = read_frames(Request(shake=True), a_clip(tmp_path), [3])
    assert found[3].shape == (round(48 * ZOOM), round(64 * ZOOM), 3)


def test_frames_that_the_clip_does_not_have_are_left_out(tmp_path: Path) -> None:
    assert sorted(read_frames(Request(), a_clip(tmp_path), [3, 400])) == [3]


def test_large_frames_are_kept_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_WIDTH", 32)
    assert read_frames(Request(), a_clip(tmp_path), [3])[3].shape == (24, 32, 3)
