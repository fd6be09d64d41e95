from __future__ import annotations

import contextlib
import io
import json
import signal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from livecam import logs
from livecam.bench.latency import statistics, table
from livecam.bench.latency.open_loop import Ending
from livecam.bench.latency.plan import plan_of
from livecam.bench.latency.plan_text import charge_by
from livecam.bench.latency.reading import read_run
from livecam.bench.latency.request import Request
from livecam.cli import latency_run
from livecam.cli.bench import app
from livecam.errors import UsageError
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from livecam.native import cv2
from livecam.pricing import US_EAST
from tests.aws.environment import use_stub_environment
from tests.bench.latency.runs import BASE, run_of, sample
from tests.bench.latency.stand_ins import a_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

QUICK = ("--calls", "4", "--rate", "100", "--warm-up", "0", "--region", "us-east-1")


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_stub_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(logs, "configure", lambda **_: None)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.zeros((90, 120, 3), np.uint8))
    return str(path)


@pytest.fixture
def measured(picture: str) -> Iterator[Callable[..., Result]]:
    """Return what measures at an endpoint in this process."""
    with in_background(Setup(eyes=CannedEyes(1), with_moto=False)) as endpoint:

        def measured(*flags: str, charset: str = "utf-8") -> Result:
            return said(picture, *QUICK, "--endpoint-url", endpoint.url, *flags, charset=charset)

        yield measured


def said(*arguments: str, charset: str = "utf-8") -> Result:
    return CliRunner(charset).invoke(app, ["latency", *arguments], catch_exceptions=False)


def test_a_dry_run_tells_calls_and_price_and_sends_nothing(picture: str) -> None:
    record = json.loads(said(picture, *QUICK, "--dry-run", "--json").stdout)
    assert (record["calls"], record["cost_usd"]) == (5, pytest.approx(0.005))
    assert "nothing was sent" in said(picture, *QUICK, "--dry-run").stdout


def test_the_record_is_printed_and_all_files_are_written(
    measured: Callable[..., Result], tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("a.json", "a.csv", "a.html")]
    result = measured("--json", "--save", str(files[0]), "--csv", str(files[1]), "--html", str(files[2]))
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record == json.loads(files[0].read_text(encoding="utf-8"))
    assert (record["schema"], record["ended"], len(record["samples"])) == (
        "livecam.bench.latency/1",
        "complete",
        5,
    )
    assert record["cost_usd"] == 0
    assert all(path.stat().st_size for path in files)


def test_a_table_is_printed_below_the_plan(measured: Callable[..., Result]) -> None:
    result = measured("--width", "100,120")
    assert "p50" in result.stdout
    assert "calls: 9 (8 measured" in result.stderr


def test_what_is_paid_is_asked_about(picture: str) -> None:
    with pytest.raises(UsageError, match=r"add --yes"):
        said(picture, *QUICK)


def test_a_budget_that_is_too_small_is_told_with_both_sums() -> None:
    plan = plan_of(Request(), (a_condition(),))
    latency_run.require_budget(plan, charge_by(US_EAST), 0.054)
    with pytest.raises(UsageError, match=r"--budget 0.05 is too small: 54 calls cost \$0.054"):
        latency_run.require_budget(plan, charge_by(US_EAST), 0.05)
    plan = plan_of(Request(calls=100), (a_condition(),))
    with pytest.raises(UsageError, match=r"104 calls cost \$0.104;"):  # $0.10 would not be enough
        latency_run.require_budget(plan, charge_by(US_EAST), 0.1)


def test_the_price_is_agreed_to_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with pytest.raises(UsageError, match="agree with --yes"):
        latency_run._ask(5, 0.005)
    monkeypatch.setattr("sys.stderr", Terminal())
    for answer, agrees in (("y\n", True), ("\n", False), ("", False)):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        if agrees:
            latency_run._ask(5, 0.005)
        else:
            with pytest.raises(UsageError, match="nothing was sent"):
                latency_run._ask(5, 0.005)


def test_an_endpoint_that_is_not_there_is_a_sentence_and_no_table(picture: str) -> None:
    result = said(picture, *QUICK, "--endpoint-url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nothing listens at http://127.0.0.1:9" in result.stderr


def test_a_file_that_cannot_be_written_keeps_nothing_else_back(
    measured: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from livecam import whole_file
    from livecam.errors import OutputError

    write_whole = whole_file.write_whole

    def write(path: Path, content: bytes) -> None:
        if path.suffix == ".json":
            raise OutputError("the disk is full")
        write_whole(path, content)

    monkeypatch.setattr(whole_file, "write_whole", write)
    with pytest.raises(OutputError, match="disk is full"):
        measured("--save", str(tmp_path / "a.json"), "--csv", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").is_file()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_the_calls_are_kept_where_figures_cannot_be_made_of_them(
    error: type[BaseException],
    measured: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(statistics, "find", find)
    with contextlib.suppress(error):
        measured("--save", str(tmp_path / "a.json"))
    assert len(read_run(tmp_path / "a.json").samples) == 5


def test_histograms_are_printed_where_their_characters_are_unknown(
    measured: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "table_lines", lambda *_: ["\u2581\u2588"])
    assert ".@" in measured(charset="ascii").stdout


def test_a_run_without_an_answer_that_counts_is_none() -> None:
    cold = sample(0, 0, 0.3, phase="cold")
    failed = sample(0, 1, 0.3, outcome="ThrottlingException")
    answered = sample(0, 2, 0.3)
    assert latency_run.exit_code(run_of([BASE], [cold, failed])) == 1
    assert latency_run.exit_code(run_of([BASE], [cold, failed, answered])) == 0
    assert latency_run.exit_code(run_of([BASE], [answered], ended="interrupted")) == 1


@pytest.fixture
def hangup() -> Iterator[Callable[[Any], None]]:
    """Return what sets what a terminal that closes does, as it may be inherited."""
    before = signal.getsignal(signal.SIGHUP)

    def hangup(handler: Any) -> None:  # noqa: ANN401  as signal has it
        signal.signal(signal.SIGHUP, handler)

    yield hangup
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_measurement_and_not_the_process(
    number: signal.Signals, hangup: Callable[[Any], None]
) -> None:
    hangup(signal.SIG_DFL)
    ending: Any = Ending()
    before = signal.getsignal(number)
    with latency_run._signals(ending) as codes:
        signal.raise_signal(number)
        assert ending.event.wait(20)
    assert (codes, ending.reason) == ([128 + number], "interrupted")
    assert signal.getsignal(number) is before


def test_a_terminal_that_closes_is_nothing_where_it_is_to_be_ignored(hangup: Callable[[Any], None]) -> None:
    hangup(signal.SIG_IGN)
    ending: Any = Ending()
    with latency_run._signals(ending) as codes:
        signal.raise_signal(signal.SIGHUP)
    assert (codes, ending.is_set) == ([], False)
