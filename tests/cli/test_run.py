from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.native import cv2
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_json_is_all_that_is_printed_on_standard_output(tmp_path: Path, models: Path) -> None:
    result = command_line.livecam("run", "demo", "--fast", "--duration", "0.5", "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["schema"] == "livecam.run/1"
    frames = summary["frames"]
    assert frames["captured"] == frames["displayed"] > 0
    assert models.is_dir()


def test_every_output_can_be_asked_for_at_once(tmp_path: Path) -> None:
    result = command_line.livecam(
        "run", "demo", "--detector", "none", "--duration", "0.5", "--output", "o.mp4", "--trace", "t.jsonl",
        "--events", "e.jsonl", "--log-file", "l.log", "-v", cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    trace = command_line.json_lines(tmp_path / "t.jsonl")
    events = command_line.json_lines(tmp_path / "e.jsonl")
    assert [line["frame"] for line in trace] == list(range(len(trace)))
    assert [event["type"] for event in events] == ["source_opened", "source_ended"]
    assert events[1]["captured"] == len(trace)
    assert (tmp_path / "o.mp4").stat().st_size > 0
    lines = (tmp_path / "l.log").read_text().splitlines()
    told = [line.partition(" livecam: ")[2] for line in lines if " livecam: " in line]
    assert told == ["demo scene opened, 1280x720", "the source ended: duration reached"]
    assert "frames displayed" in result.stderr


def test_quiet_says_nothing_when_all_is_well(tmp_path: Path) -> None:
    result = command_line.livecam(
        "run", "demo", "--detector", "none", "--duration", "0.2", "-q", cwd=tmp_path
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("where", ["flag", "variable", "file"])
def test_a_mask_holds_wherever_it_was_written(where: str, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((90, 160, 3), 200, np.uint8))
    if where == "file":
        (tmp_path / "livecam.toml").write_text('mask = ["0,0,1,1"]', encoding="utf-8")
    result = command_line.livecam(
        "run", "photo.png", "--detector", "none", "--output", "o.png",
        *(["--mask", "0,0,1,1"] if where == "flag" else []),
        cwd=tmp_path, env={"LIVECAM_MASK": "0,0,1,1"} if where == "variable" else None,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    written = cv2.imread(str(tmp_path / "o.png"))
    assert written is not None
    assert written.max() == 0


def test_a_picture_that_cannot_be_read_is_in_the_summary(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    cv2.imwrite(str(tmp_path / "pictures" / "a.png"), np.full((90, 160, 3), 200, np.uint8))
    (tmp_path / "pictures" / "b.png").write_bytes(b"no picture")
    result = command_line.livecam("run", "pictures", "--detector", "none", "--json", cwd=tmp_path)
    records = {record["file"]: record for record in json.loads(result.stdout)["pictures"]}
    assert set(records) == {"a.png", "b.png"}
    assert records["b.png"]["faces"] is None
    assert "damaged" in records["b.png"]["error"]
