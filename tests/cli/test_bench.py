from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from livecam import logs
from livecam.bench.overlay.request import Request
from livecam.cli import benching
from livecam.cli.bench import app
from livecam.errors import ModelMissing, UsageError
from tests import command_line
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = 30


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Request, dict[str, Any]]]:
    """Return what gives the request, and how to speak, that a command line amounts to, without a run."""
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    seen: list[tuple[Request, dict[str, Any]]] = []
    monkeypatch.setattr(benching, "perform", lambda request, **how: seen.append((request, how)))

    def asked(*arguments: str) -> tuple[Request, dict[str, Any]]:
        CliRunner().invoke(app, ["overlay", *arguments], catch_exceptions=False)
        return seen[-1]

    return asked


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Return a clip with a reference beside it: one face that moves to the right."""
    path = write_clip(tmp_path / "walk.mp4", [n / 20 for n in range(FRAMES)], size=(160, 120))
    lines = [{"frame": n, "faces": [[0.1 + 0.01 * n, 0.3, 0.2, 0.4, 0.9]]} for n in range(FRAMES)]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "walk.faces.jsonl").write_text(text, encoding="utf-8")
    return path


def test_flags_amount_to_a_request(asked: Callable[..., tuple[Request, dict[str, Any]]]) -> None:
    flags = "--latency 800ms --rate 1 --jitter .5 --misses .1 --noise .03 --shake --speed 2 --seed 4"
    request, how = asked(*flags.split(), "--finder", "off", "--method", "hold", "--duration", "5")
    assert request == Request(
        latency=0.8,
        rate=1.0,
        jitter=0.5,
        misses=0.1,
        noise=0.03,
        shake=True,
        speed=2,
        seed=4,
        finder=None,
        methods=("hold",),
        max_seconds=5.0,
    )
    assert how == {"trace": None, "folder": None, "as_json": False, "is_quiet": False}


def test_outputs_and_a_trace_are_passed_on(asked: Callable[..., tuple[Request, dict[str, Any]]]) -> None:
    _, how = asked("--trace", "t.jsonl", "--save", "out", "--json", "-q")
    assert how == {"trace": Path("t.jsonl"), "folder": Path("out"), "as_json": True, "is_quiet": True}


def test_a_trace_needs_no_models(
    asked: Callable[..., tuple[Request, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path))
    with pytest.raises(ModelMissing):
        asked("--finder", "5")
    assert asked("--finder", "5", "--trace", "t.jsonl")[0].finder is None


def test_a_bad_value_is_a_usage_error(asked: Callable[..., tuple[Request, dict[str, Any]]]) -> None:
    with pytest.raises(UsageError, match="--latency soon"):
        asked("--latency", "soon")


def test_the_command_prints_a_table(clip: Path, tmp_path: Path) -> None:
    result = command_line.livecam("bench", "overlay", clip, "--finder", "off", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "walk: 160x120, 20 fps, 30 frames, 1 face" in result.stdout
    assert "With answers 340 ms late at 2 calls a second, boxes overlap the faces by" in result.stdout
    assert result.stderr == ""


def test_the_command_prints_json_and_nothing_else_and_writes_files(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = command_line.livecam(
        *("bench", "overlay", clip, "--finder", "off", "--json", "--save", folder), cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    record = json.loads(result.stdout)
    assert record["schema"] == "livecam.bench.overlay/1"
    assert set(record["clips"][0]["methods"]) == {"hold", "flow"}
    assert record == json.loads((folder / "overlay.json").read_text(encoding="utf-8"))
    assert {"overlay.csv", "walk-filmstrip.png"} <= {path.name for path in folder.iterdir()}
    assert f"the files are in {folder}" in result.stderr


@pytest.mark.parametrize(
    "flags",
    [
        ["--rate", "often"],
        ["--speed", "0"],
        ["--convention", "tall"],
        ["--finder", "off", "--method", "merged"],
        ["gone.mp4"],
        ["--truth", "gone.jsonl"],
    ],
)
def test_a_bad_value_ends_with_2_and_a_sentence(flags: list[str], tmp_path: Path) -> None:
    result = command_line.livecam("bench", "overlay", *flags, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("livecam: ")
    assert result.stderr.count("\n") == 1


def test_a_missing_model_is_said_and_asked_for_it_is_an_error(clip: Path, tmp_path: Path) -> None:
    env = {"LIVECAM_MODELS": str(tmp_path / "none")}
    without = command_line.livecam("bench", "overlay", clip, cwd=tmp_path, env=env)
    assert (without.returncode, "merged " in without.stdout) == (0, False)
    assert "livecam models install" in without.stderr
    needed = command_line.livecam("bench", "overlay", clip, "--finder", "5", cwd=tmp_path, env=env)
    assert (needed.returncode, needed.stdout) == (1, "")
    assert "livecam models install" in needed.stderr
