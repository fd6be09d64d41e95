from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from livecam import logs
from livecam.bench.latency.record import as_record
from livecam.bench.latency.statistics import find
from livecam.cli.bench_compare import compare, compared
from livecam.errors import UsageError
from tests.bench.latency.runs import drawn_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from typer.testing import Result

app = typer.Typer()
app.command()(compare)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Sequence[float]], Path]:
    """Return what writes a run of conditions with these medians."""

    def written(name: str, medians: Sequence[float]) -> Path:
        run = drawn_run(len(name), medians)
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(as_record(run, find(run))))
        return path

    return written


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def test_two_files_are_compared_in_a_table(written: Callable[..., Path], said: Callable[..., Result]) -> None:
    result = said(written("a.json", [0.3]), written("bb.json", [0.5]))
    assert result.exit_code == 0
    assert "first: a.json\nsecond: bb.json\n" in result.stdout
    assert "slower" in result.stdout


def test_json_is_one_object_and_nothing_else(
    written: Callable[..., Path], said: Callable[..., Result]
) -> None:
    result = said(written("a.json", [0.3]), written("bb.json", [0.5]), "--json", "--level", "0.9")
    record = json.loads(result.stdout)
    assert (record["schema"], record["level"]) == ("livecam.bench.comparison/1", 0.9)


def test_one_file_is_compared_within(written: Callable[..., Path], said: Callable[..., Result]) -> None:
    assert "each condition beside its first, 320 px" in said(written("a.json", [0.3, 0.3])).stdout


def test_files_of_the_same_name_are_told_with_their_folders(written: Callable[..., Path]) -> None:
    first, second = written("x/a.json", [0.3]), written("y/a.json", [0.3])
    found = compared(first, second, level=0.99)
    assert (found.first, found.second) == (str(first), str(second))


@pytest.mark.parametrize("level", ["sure", "1", "0.4", "nan"])
def test_a_level_that_is_none_is_refused(
    level: str, written: Callable[..., Path], said: Callable[..., Result]
) -> None:
    with pytest.raises(UsageError, match=rf"--level {level} is no share from 0\.5 to 0\.999"):
        said(written("a.json", [0.3, 0.3]), "--level", level)


def test_a_page_is_written_and_named(
    written: Callable[..., Path], said: Callable[..., Result], tmp_path: Path
) -> None:
    result = said(written("a.json", [0.3]), written("bb.json", [0.5]), "--html", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().lower().startswith("<!doctype html>")
    assert f"the page is {tmp_path / 'page.html'}" in result.stderr


def test_what_is_compared_is_not_written_over(
    written: Callable[..., Path], said: Callable[..., Result]
) -> None:
    first, second = written("a.json", [0.3]), written("bb.json", [0.5])
    before = second.read_bytes()
    with pytest.raises(UsageError, match="would be lost"):
        said(first, second, "--html", second)
    assert second.read_bytes() == before
