from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from livecam import logs
from livecam.cli.bench_image import image
from livecam.errors import CloudError, LivecamError, UsageError
from tests.aws.environment import use_stub_environment
from tests.aws.wire import WireServer, refuses
from tests.bench.test_image import GOOD, a_picture

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from tests.aws.wire import Script

app = typer.Typer()
app.command()(image)


@pytest.fixture(autouse=True)
def _folder_with_a_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_stub_environment(monkeypatch)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    monkeypatch.chdir(tmp_path)
    a_picture(tmp_path / "a.jpg")


def run(*arguments: str, scripts: tuple[Script, ...] = (GOOD,)) -> Result:
    with WireServer(list(scripts)) as server:
        flags = ["--endpoint-url", server.url, "--region", "eu-west-1"]
        return CliRunner().invoke(
            app, ["a.jpg", *flags, *arguments], catch_exceptions=False, standalone_mode=False
        )


def test_one_line_says_what_took_how_long_and_what_came_back(tmp_path: Path) -> None:
    result = run("--calls", "2")
    assert result.return_value == 0
    for text in (
        "client creation",
        "detection, cold",
        "detection, warm",
        "face 1: appears HAPPY 96 %",
        "price: nothing",
    ):
        assert text in result.stdout
    assert (tmp_path / "a-annotated.jpg").is_file()


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    record = json.loads(run("--json", "--calls", "1", "--annotated", "b.png").stdout)
    assert record["schema"] == "livecam.bench.image/1"
    assert record["annotated"] == "b.png"
    assert (tmp_path / "b.png").is_file()
    assert not (tmp_path / "a-annotated.jpg").exists()


def test_an_annotated_picture_that_is_there_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a-annotated.jpg").write_text("mine")
    assert run("--calls", "1").return_value == 0
    assert (tmp_path / "a-annotated.jpg").read_text() == "mine"
    assert "no annotated picture is written" in caplog.text


def test_what_was_measured_is_told_when_a_later_call_fails() -> None:
    result = run("--calls", "3", scripts=(GOOD, refuses("ThrottlingException")))
    assert result.return_value == 1
    assert "detection, cold" in result.stdout
    assert "livecam: call 2 failed: " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--calls", "0"), "--calls 0 cannot be used"),
        (("--calls", "many"), "--calls many cannot be used"),
        (("--calls", "000000050999"), "--calls 000000050999 cannot be used"),
        (("--attributes", "EMOTION"), "--attributes 'EMOTION' cannot be used"),
        (("--width", "0"), "--width '0' cannot be used"),
        (("--annotated", "a.jpg"), "is there already"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_a_sentence(
    arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        run(*arguments)


def test_a_first_call_that_fails_leaves_no_picture(tmp_path: Path) -> None:
    with pytest.raises(CloudError):
        run(scripts=(refuses("ExpiredTokenException"),))
    assert not (tmp_path / "a-annotated.jpg").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have no such mode")
def test_figures_are_told_also_where_the_picture_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from livecam.compose import image_bench
    from livecam.errors import OutputError

    def fail(*_: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(image_bench, "write_annotated", fail)
    runner = CliRunner()
    with WireServer([GOOD]) as server:
        flags = ["a.jpg", "--endpoint-url", server.url, "--region", "eu-west-1", "--calls", "1"]
        result = runner.invoke(app, flags, standalone_mode=False)
    assert isinstance(result.exception, LivecamError)
    assert "detection, cold" in result.stdout
