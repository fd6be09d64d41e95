from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from livecam import logs
from livecam.bench.overlay import plot
from livecam.bench.selection import simulation
from livecam.bench.selection.request import Request
from livecam.cli import bench_selection
from livecam.cli.bench import app
from livecam.cli.bench_selection import perform
from livecam.errors import MissingDependency, UsageError
from tests import command_line
from tests.bench.selection.samples import CALM, HAPPY, lasting

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.bench.selection.results import ClipResult

REQUEST = Request()
HOW: dict[str, Any] = {"folder": None, "as_json": False, "is_quiet": False}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Request, dict[str, Any]]]:
    """Return what gives the request, and how to speak, that a command line amounts to, without a run."""
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    seen: list[tuple[Request, dict[str, Any]]] = []
    monkeypatch.setattr(bench_selection, "perform", lambda request, **how: seen.append((request, how)))

    def asked(*arguments: str) -> tuple[Request, dict[str, Any]]:
        CliRunner().invoke(app, ["selection", *arguments], catch_exceptions=False)
        return seen[-1]

    return asked


@pytest.fixture
def _simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every clip have a known result, at once."""

    def simulate(request: Request, clip: Path | None, progress: Callable[[int, int], None]) -> ClipResult:
        progress(1, 2)
        return simulation.compared(lasting((CALM, 10), (HAPPY, 10)), request)

    monkeypatch.setattr(simulation, "simulate", simulate)


@pytest.mark.usefixtures("models")
def test_flags_amount_to_a_request(asked: Callable[..., tuple[Request, dict[str, Any]]]) -> None:
    flags = "--policy smart --rate 4 --latency 800ms --wrong .1 --minutes 2 --variant still --seed 4"
    request, how = asked(*flags.split(), "--save", "out", "--json", "-q")
    assert request == Request(
        policies=("smart",), rate=4.0, latency=0.8, wrong=0.1, minutes=2.0, variant="still", seed=4
    )
    assert how == {"folder": Path("out"), "as_json": True, "is_quiet": True}


@pytest.mark.usefixtures("models")
def test_a_bad_value_is_a_usage_error(asked: Callable[..., tuple[Request, dict[str, Any]]]) -> None:
    with pytest.raises(UsageError, match="policy magic is not known"):
        asked("--policy", "magic")


@pytest.mark.usefixtures("_simulated")
def test_a_table_and_its_meaning_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    perform(REQUEST, **HOW)
    said = capsys.readouterr()
    assert "policy" in said.out
    assert "made-up: smart makes" in said.out.splitlines()[-1]
    assert said.err == ""


@pytest.mark.usefixtures("_simulated")
def test_json_is_all_there_is_on_standard_output_and_files_are_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    request = Request(clips=(Path("a.mp4"), Path("b.mp4")))
    perform(request, **HOW | {"as_json": True, "folder": tmp_path / "out"})
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert (record["schema"], len(record["clips"])) == ("livecam.bench.selection/1", 2)
    assert record == json.loads((tmp_path / "out" / "selection.json").read_text(encoding="utf-8"))
    assert said.err == f"the files are in {tmp_path / 'out'}\n"


@pytest.mark.usefixtures("_simulated")
def test_without_matplotlib_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> None:
        raise MissingDependency("pictures need matplotlib")

    monkeypatch.setattr(plot, "require_matplotlib", missing)
    perform(REQUEST, **HOW | {"folder": tmp_path / "out"})
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"selection.json", "selection.csv"}
    assert "pictures need matplotlib; the rest is written" in caplog.text


def test_what_is_interrupted_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> ClipResult:
        raise SystemExit(130)

    monkeypatch.setattr(simulation, "simulate", interrupted)
    with pytest.raises(SystemExit):
        perform(REQUEST, **HOW | {"folder": tmp_path / "out"})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "flags", [["--rate", "often"], ["--policy", "magic"], ["--variant", "holiday"], ["gone.mp4"]]
)
@pytest.mark.usefixtures("models")
def test_a_bad_value_ends_with_2_and_a_sentence(flags: list[str], tmp_path: Path) -> None:
    result = command_line.livecam("bench", "selection", *flags, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("livecam: ")
    assert result.stderr.count("\n") == 1


def test_a_missing_model_is_said(tmp_path: Path) -> None:
    env = {"LIVECAM_MODELS": str(tmp_path / "none")}
    result = command_line.livecam("bench", "selection", cwd=tmp_path, env=env)
    assert (result.returncode, result.stdout) == (1, "")
    assert "livecam models install" in result.stderr


@pytest.mark.usefixtures("models")
def test_the_command_prints_a_table(tmp_path: Path) -> None:
    result = command_line.livecam(
        "bench", "selection", "--minutes", "0.2", "--variant", "still", cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "still: 640x360, 10 fps, 0.2 min, 0 changes" in result.stdout
    assert result.stderr == ""
