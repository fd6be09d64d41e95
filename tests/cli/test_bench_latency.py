from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from livecam.cli import latency_run
from livecam.cli.bench import app

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest


def handed_on(monkeypatch: pytest.MonkeyPatch, *flags: str) -> tuple[dict[str, Any], int]:
    """Return the parameters that a command line amounts to, and its exit code when the run's is 3."""
    seen: list[dict[str, Any]] = []

    def perform(params: Mapping[str, Any]) -> int:
        seen.append(dict(params))
        return 3

    monkeypatch.setattr(latency_run, "perform", perform)
    result = CliRunner().invoke(app, ["latency", *flags])
    return seen[0], result.exit_code


def test_flags_are_handed_on_and_the_exit_code_is_that_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = "a.jpg --width 320,640 --width 960 --attributes ALL --in-flight 1,4 --warm-up 2 --json --yes"
    params, code = handed_on(monkeypatch, *flags.split())
    assert code == 3
    assert list(params["sources"]) == ["a.jpg"]
    assert list(params["width"]) == ["320,640", "960"]
    assert (params["warm_up"], params["as_json"], params["yes"], params["dry_run"]) == (
        "2",
        True,
        True,
        False,
    )


def test_what_is_left_out_of_the_request_is_what_the_command_has(monkeypatch: pytest.MonkeyPatch) -> None:
    params, _ = handed_on(monkeypatch)
    assert set(latency_run.NOT_A_REQUEST) <= set(params)
