from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from livecam import logs
from livecam.bench.pipeline.figures import Round
from livecam.bench.pipeline.request import Request
from livecam.cli import bench_pipeline
from livecam.cli.bench_pipeline import perform
from livecam.compose import pipeline_bench
from livecam.errors import LivecamError
from tests.bench.pipeline.samples import a_camera

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

APP = typer.Typer()
APP.command()(bench_pipeline.pipeline)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Request, dict[str, Any]]]:
    """Return what gives the request, and how to speak, that a command line amounts to, without a run."""
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    seen: list[tuple[Request, dict[str, Any]]] = []
    monkeypatch.setattr(bench_pipeline, "perform", lambda request, **how: seen.append((request, how)))

    def asked(*arguments: str) -> tuple[Request, dict[str, Any]]:
        CliRunner().invoke(APP, [*arguments], catch_exceptions=False)
        return seen[-1]

    return asked


def let_it_find(monkeypatch: pytest.MonkeyPatch, ending: BaseException | None = None) -> None:
    """Let two rounds have known results at once, and then this happen."""

    def measured(request: Request, begin: Callable[[str], Callable[[int, int], None]]) -> Iterator[Round]:
        begin("1 runner")(1, 2)
        yield Round((a_camera(),))
        if ending is not None:
            raise ending
        yield Round((a_camera(), a_camera(fps=20.0)))

    monkeypatch.setattr(pipeline_bench, "measured", measured)


def test_flags_amount_to_a_request(asked: Callable[..., tuple[Request, dict[str, Any]]]) -> None:
    flags = "--runners 1,3 --duration 5 --size 640x480 --record --view none --json -q"
    request, how = asked("clip.mp4", *flags.split())
    assert request == Request(
        source="clip.mp4", runners=(1, 3), duration=5.0, size=(640, 480), record=True, view="none"
    )
    assert how == {"as_json": True, "is_quiet": True}


def test_the_tables_and_their_meaning_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let_it_find(monkeypatch)
    perform(Request(), as_json=False, is_quiet=False)
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("this machine carries 1 camera of 1280x720")
    assert said.err == ""


def test_json_is_one_object_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let_it_find(monkeypatch)
    perform(Request(), as_json=True, is_quiet=False)
    record = json.loads(capsys.readouterr().out)
    assert (record["ended"], record["carried"], len(record["rounds"])) == ("complete", 1, 2)
    assert record["machine"]["cpus"]


@pytest.mark.parametrize("ending", [SystemExit(130), KeyboardInterrupt(), LivecamError("a runner ended")])
def test_what_was_measured_is_kept_when_it_ends_early(
    ending: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let_it_find(monkeypatch, ending)
    with pytest.raises(type(ending)):
        perform(Request(), as_json=True, is_quiet=True)
    record = json.loads(capsys.readouterr().out)
    assert (record["ended"], len(record["rounds"])) == ("interrupted", 1)


def test_the_tables_of_what_was_interrupted_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let_it_find(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        perform(Request(), as_json=False, is_quiet=True)
    assert capsys.readouterr().out.splitlines()[-1] == "interrupted after 1 of 3 rounds"
