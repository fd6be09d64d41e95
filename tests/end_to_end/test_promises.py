"""What the README promises, tried with the real command on real input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from livecam.faces import BoundingBox
from livecam.sources.demo_scene import DemoScene
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def watch(
    source: Path | str, *options: str, cwd: Path, models: Path
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run on-device without a view; return the summary and the trace."""
    arguments = ("run", source, "--detector", "on-device", "--view", "none", "--trace", "t.jsonl", "--json")
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam(*arguments, *options, cwd=cwd, env=env)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout), command_line.json_lines(cwd / "t.jsonl")


@pytest.mark.parametrize(("clip", "frames"), [("crowd_enter_leave", 105), ("signers_swap", 362)])
def test_every_frame_of_a_clip_is_displayed(
    clip: str, frames: int, tmp_path: Path, media: Path, models: Path
) -> None:
    summary, trace = watch(media / f"{clip}.mp4", cwd=tmp_path, models=models)
    assert summary["frames"] == {"captured": frames, "displayed": frames, "dropped": {}}
    assert [line["frame"] for line in trace] == list(range(frames))
    assert all(line["displayed_at"] >= line["captured_at"] for line in trace)


def test_a_change_of_expression_is_seen(tmp_path: Path, media: Path, models: Path) -> None:
    summary, trace = watch(media / "expressions_single.mp4", cwd=tmp_path, models=models)
    assert summary["frames"]["displayed"] == len(trace) == 472
    early = [face["emotion"] for line in trace[10:150] for face in line["faces"]]
    late = [face["emotion"] for line in trace[270:] for face in line["faces"]]
    # Which pictures are read depends on how busy the machine is, and one of them may be misread.
    assert early.count("HAPPY") <= 0.05 * len(early)
    assert early.count("SAD") > len(early) / 4
    assert late.count("HAPPY") >= 0.95 * len(late) > 0


def test_nobody_is_seen_where_nobody_is(tmp_path: Path, media: Path, models: Path) -> None:
    summary, trace = watch(media / "no_face_bottles.mp4", "--fast", cwd=tmp_path, models=models)
    assert summary["frames"]["displayed"] == len(trace) == 300
    assert summary["tracks"] == 0
    assert not any(line["faces"] for line in trace)


def test_the_demo_scene_is_read_as_it_is_meant(tmp_path: Path, models: Path) -> None:
    _, trace = watch("demo", "--duration", "6.5", cwd=tmp_path, models=models)
    scene = DemoScene()
    for emotion, begins, ends in (("CALM", 1.0, 4.0), ("HAPPY", 5.5, 6.5)):
        shown = [line for line in trace if begins <= line["frame"] / 30 < ends]
        faces = [(line["frame"], face) for line in shown for face in line["faces"]]
        overlaps = [
            BoundingBox(*face["box"]).iou(scene.truth(frame / 30).faces[0].box) for frame, face in faces
        ]
        assert len(faces) == len(shown) > 0
        assert [face["emotion"] for _, face in faces].count(emotion) > 0.9 * len(faces)
        assert min(overlaps) > 0.5
