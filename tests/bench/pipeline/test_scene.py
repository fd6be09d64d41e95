from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from livecam.bench.pipeline.scene import SceneSource, clip_detector, scene_detector
from livecam.clock import SystemClock
from livecam.errors import SourceUnavailable, UsageError
from livecam.pipeline.latest_slot import LatestSlot
from tests.builders import a_frame

if TYPE_CHECKING:
    from pathlib import Path


def test_the_scene_plays_at_the_size_that_is_asked_for() -> None:
    source = SceneSource((320, 180), SystemClock())
    info = source.open()
    slot = LatestSlot(on_drop=lambda _: None)
    source.start(slot)
    frame = slot.take()
    slot.close()
    source.close()
    assert (info.width, info.height, info.fps, info.is_live) == (320, 180, 30.0, True)
    assert frame is not None
    assert frame.image.shape == (180, 320, 3)


def test_a_scene_that_was_not_opened_is_not_started() -> None:
    with pytest.raises(SourceUnavailable, match="not opened"):
        SceneSource((320, 180), SystemClock()).start(LatestSlot(on_drop=lambda _: None))


def test_the_detector_knows_the_scenes_face() -> None:
    scene = SceneSource((320, 180), SystemClock()).scene
    (face,) = scene_detector(scene, delay=0.0).detect(dataclasses.replace(a_frame(), media_time=2.0)).faces
    assert face.box == scene.truth(2.0).faces[0].box


def test_of_a_clip_the_detector_knows_what_its_reference_says(tmp_path: Path) -> None:
    lines = [{"frame": 0, "faces": []}, {"frame": 1, "faces": [[0.1, 0.2, 0.3, 0.4, 0.9]]}]
    reference = tmp_path / "clip.faces.jsonl"
    reference.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    detector = clip_detector(str(tmp_path / "clip.mp4"), delay=0.0)
    found = [detector.detect(dataclasses.replace(a_frame(), sequence=number)).faces for number in (0, 1, 7)]
    assert [len(faces) for faces in found] == [0, 1, 1]
    assert found[1][0].box.left == pytest.approx(0.1)
    reference.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not JSON"):
        clip_detector(str(tmp_path / "clip.mp4"), delay=0.0)


def test_of_another_source_it_always_says_the_same() -> None:
    (face,) = clip_detector("0", delay=0.0).detect(a_frame()).faces
    assert face.box.is_proper
