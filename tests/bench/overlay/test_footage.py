from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.bench.overlay.footage import opened, truth_of_scene
from livecam.errors import SourceUnavailable
from livecam.sources.demo_scene.scene import DemoScene
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from pathlib import Path


def test_a_clip_is_played_frame_by_frame_with_its_own_times(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", [0.0, 0.1, 0.25, 0.3])

    with opened(clip) as footage:
        pictures = list(footage.pictures)

    assert [round(t, 2) for t, _ in pictures] == [0.0, 0.1, 0.25, 0.3]
    assert pictures[0][1].shape == (48, 64, 3)
    assert (footage.name, footage.path, footage.width, footage.height) == ("a", clip, 64, 48)
    assert footage.scene is None


def test_a_clip_may_be_left_before_its_end(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", [index / 30 for index in range(90)])

    with opened(clip) as footage:
        t, _ = next(footage.pictures)

    assert t == 0.0
    assert footage.expected == pytest.approx(90, abs=1)


def test_a_clip_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="no such file"), opened(tmp_path / "none.mp4"):
        pass


def test_the_demo_scene_plays_one_round_or_as_long_as_asked() -> None:
    pytest.importorskip("matplotlib", reason="the demo scene's portrait is in its sample data")
    with opened(None) as footage:
        assert (footage.name, footage.path, footage.fps, footage.expected) == ("demo", None, 30.0, 1200)
    with opened(None, seconds=0.1) as footage:
        pictures = list(footage.pictures)

    assert [t for t, _ in pictures] == pytest.approx([0.0, 1 / 30, 2 / 30])
    assert footage.scene is not None


def test_the_scenes_own_truth_is_taken_over() -> None:
    scene = DemoScene(64, 36, portrait=np.zeros((600, 512, 3), np.uint8))

    there, gone = truth_of_scene(scene, 1.0), truth_of_scene(scene, 12.1)

    (face,), (true,) = there.faces, scene.truth(1.0).faces
    assert (face.box, face.emotion, face.score) == (true.box, true.expression, 1.0)
    assert gone.faces == ()
