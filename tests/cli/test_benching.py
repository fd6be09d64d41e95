from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from livecam.bench.overlay import plot, replay, simulation, trace
from livecam.bench.overlay.request import Request
from livecam.cli.benching import perform
from livecam.errors import MissingDependency, UsageError
from tests.bench.overlay.samples import a_result, an_image

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from livecam.bench.overlay.results import ClipResult
    from livecam.frames import Image

REQUEST = Request(finder=None)
HOW: dict[str, Any] = {"trace": None, "folder": None, "as_json": False, "is_quiet": False}


@pytest.fixture(autouse=True)
def _simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every clip have a known result, at once."""

    def simulate(request: Request, clip: Path | None, progress: Callable[[int, int], None]) -> ClipResult:
        progress(1, 2)
        return a_result("demo" if clip is None else clip.stem)

    def score_trace(
        request: Request, clip: Path | None, path: Path, progress: Callable[[int, int], None]
    ) -> ClipResult:
        return a_result("demo" if clip is None else clip.stem, methods=("trace",))

    def read_frames(request: Request, clip: Path | None, indices: Collection[int]) -> dict[int, Image]:
        return dict.fromkeys(indices, an_image())

    monkeypatch.setattr(simulation, "simulate", simulate)
    monkeypatch.setattr(trace, "score_trace", score_trace)
    monkeypatch.setattr(replay, "read_frames", read_frames)


def test_a_table_and_its_meaning_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    perform(REQUEST, **HOW)
    said = capsys.readouterr()
    assert "demo: 320x180" in said.out
    assert said.out.endswith("A new face typically has its box after 0.15 s instead of 0.60 s.\n")
    assert said.err == ""


def test_every_clip_is_in_the_record(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clips = (tmp_path / "a.mp4", tmp_path / "b.mp4")
    perform(Request(clips=clips, finder=None), **HOW | {"as_json": True})
    assert [clip["clip"] for clip in json.loads(capsys.readouterr().out)["clips"]] == ["a", "b"]


def test_a_trace_is_scored_in_place_of_a_simulation(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    perform(REQUEST, **HOW | {"as_json": True, "trace": tmp_path / "t.jsonl"})
    record = json.loads(capsys.readouterr().out)
    assert record["trace"] == str(tmp_path / "t.jsonl")
    assert list(record["clips"][0]["methods"]) == ["trace"]


def test_a_trace_is_of_one_clip(tmp_path: Path) -> None:
    clips = (tmp_path / "a.mp4", tmp_path / "b.mp4")
    with pytest.raises(UsageError, match="one clip, not of 2"):
        perform(Request(clips=clips, finder=None), **HOW | {"trace": tmp_path / "t.jsonl"})


def test_files_are_written_and_that_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    perform(REQUEST, **HOW | {"folder": tmp_path / "out"})
    assert {"overlay.json", "overlay.csv", "demo-filmstrip.png"} <= names(tmp_path / "out")
    assert capsys.readouterr().err == f"the files are in {tmp_path / 'out'}\n"


def test_without_matplotlib_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> None:
        raise MissingDependency("pictures need matplotlib")

    monkeypatch.setattr(plot, "require_matplotlib", missing)
    perform(REQUEST, **HOW | {"folder": tmp_path / "out"})
    assert names(tmp_path / "out") == {"overlay.json", "overlay.csv", "demo-filmstrip.png"}
    assert "pictures need matplotlib; the rest is written" in caplog.text


def test_what_is_interrupted_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> ClipResult:
        raise SystemExit(130)

    monkeypatch.setattr(simulation, "simulate", interrupted)
    with pytest.raises(SystemExit):
        perform(REQUEST, **HOW | {"folder": tmp_path / "out"})
    assert not (tmp_path / "out").exists()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith("-iou.png")}
