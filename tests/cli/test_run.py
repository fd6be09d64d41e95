from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
    assert (tmp_path / "l.log").exists()
    assert "frames displayed" in result.stderr


def test_quiet_says_nothing_when_all_is_well(tmp_path: Path) -> None:
    result = command_line.livecam(
        "run", "demo", "--detector", "none", "--duration", "0.2", "-q", cwd=tmp_path
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
