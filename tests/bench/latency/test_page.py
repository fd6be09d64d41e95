from __future__ import annotations

import re
import stat
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.bench.latency.figures import Effect, Figure
from livecam.bench.latency.page import build_page, write_page
from livecam.errors import MissingDependency, OutputError
from tests.bench.latency.found import REASON, found
from tests.bench.latency.runs import BASE, MACHINE, drawn_run, run_of, sample

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.bench.latency.samples import Run

HOSTILE = "<script>alert(1)</script>"


def page_of(run: Run) -> str:
    return build_page(run, found(run))


def test_a_page_says_what_was_measured_where_and_what_to_use() -> None:
    page = page_of(drawn_run(1, [0.2, 0.3], calls=40))
    assert "80 calls under 2 conditions, of which 80 were answered; eu-west-1, 2026-03-01 09:30." in page
    assert f'<p class="note">{REASON}</p>' in page
    assert '<th scope="row">320 px<span class="interval">recommended</span></th>' in page
    assert "boto3 1.40.0" in page
    assert "Linux-6.1-x86_64, 2 CPUs, Python 3.12.1, load 0.5 when it began" in page
    assert "eu-west-1, 4 in flight: 85 ms to make" in page


def test_a_figure_stands_with_its_interval_in_milliseconds() -> None:
    run = drawn_run(1, [0.2, 0.3], calls=40)
    findings = found(run)
    figures = replace(
        findings.conditions[0], latency={"p50": Figure(0.2, 0.195, 0.207), "max": Figure(1.2345)}
    )
    page = build_page(run, replace(findings, conditions=(figures, findings.conditions[1])))
    assert '200<span class="interval">195 to 207</span></td>' in page
    assert '<td class="number">1,234</td>' in page or '<td class="number">1,235</td>' in page


def test_what_others_wrote_is_escaped_also_in_the_diagrams() -> None:
    run = run_of(
        [replace(BASE, region=HOSTILE), replace(BASE, region="$x_1$ & <b>")],
        [*(sample(0, index, 0.2) for index in range(9)), sample(1, 3, 0.3)],
        machine=replace(MACHINE, endpoint=HOSTILE, packages={HOSTILE: HOSTILE}),
        ended=HOSTILE,
        price_note=HOSTILE,
    )
    failed = sample(0, 2, 0.1, outcome=HOSTILE, message=HOSTILE)
    page = page_of(replace(run, samples=(*run.samples, failed)))
    assert "<script" not in page
    assert "<b>" not in page
    assert "$x_1$ &amp; &lt;b&gt;" in page


def test_nothing_comes_from_elsewhere_and_no_style_but_the_pages_own_is_used() -> None:
    page = page_of(drawn_run(1, [0.2, 0.3], calls=40))
    assert "default-src 'none'; style-src 'sha256-" in page.replace("&#39;", "'")
    assert " style=" not in page
    assert page.count("<style") == 1
    for outside in ("src=", "url(http", "@import", "<link", "<script"):
        assert outside not in page


def test_no_id_is_there_twice() -> None:
    ids = re.findall(r'\sid="([^"]+)"', page_of(drawn_run(1, [0.2, 0.3], calls=40)))
    assert ids
    assert len(ids) == len(set(ids))


def test_failures_are_a_table_of_their_own_with_what_the_first_said() -> None:
    run = drawn_run(1, [0.2, 0.3], calls=10)
    failed = [
        sample(1, 20 + index, 0.1, outcome="ThrottlingException", message=f"slower, {index}")
        for index in range(3)
    ]
    page = page_of(replace(run, samples=(*run.samples, *failed)))
    assert (
        '<th scope="row">640 px</th><td class="word">ThrottlingException</td><td class="number">3 of 13</td>'
        in page
    )
    assert "slower, 0" in page
    assert "slower, 1" not in page


def test_that_every_call_was_answered_is_said() -> None:
    assert "None: every call was answered." in page_of(drawn_run(1, [0.2], calls=10))


def test_without_an_answer_there_is_a_page_that_says_so_and_has_no_diagram() -> None:
    page = page_of(run_of([BASE], [sample(0, 0, 3.0, outcome="ReadTimeoutError", message="no answer")]))
    assert "No measured call was answered, so there is nothing to draw: the failures below say why." in page
    assert "<svg" not in page
    assert "ReadTimeoutError" in page


def test_a_run_without_any_call_has_a_page() -> None:
    page = page_of(run_of([BASE], []))
    assert "0 calls under 1 condition" in page
    assert "every call was answered" not in page


def test_a_condition_without_an_answer_stands_beside_others() -> None:
    run = run_of(
        [BASE, replace(BASE, width=320)], [sample(0, 0, 0.2), sample(1, 1, 0.1, outcome="AccessDenied")]
    )
    assert "no answer" in page_of(run)


def test_how_a_run_ended_early_is_said_first() -> None:
    assert "The run did not end as planned: interrupted." in page_of(
        replace(drawn_run(1, [0.2], calls=5), ended="interrupted")
    )
    assert "did not end as planned" not in page_of(drawn_run(1, [0.2], calls=5))


def test_figures_of_another_endpoint_are_not_taken_for_aws() -> None:
    local = replace(drawn_run(1, [0.2], calls=5), machine=replace(MACHINE, endpoint="http://127.0.0.1:4577"))
    assert "Measured against http://127.0.0.1:4577, not against AWS" in page_of(local)
    assert "not against AWS" not in page_of(drawn_run(1, [0.2], calls=5))


def test_effects_are_told_with_their_levels() -> None:
    run = drawn_run(1, [0.2, 0.3], calls=10)
    effect = Effect("in_flight", {"1": 0.2, "4": 0.15}, 0.05, 0.25, 0.0001)
    page = build_page(run, found(run, effects=(effect,)))
    assert "in flight" in page
    assert "4: 150" in page
    assert "under 0.001" in page


def test_price_and_cost_are_told() -> None:
    run = replace(drawn_run(1, [0.2], calls=5), cost_usd=0.006, price_note="US East, 2026")
    assert "$0.006 for calls that may have been charged, $0.0010 each (US East, 2026)" in page_of(run)
    assert "nothing was paid" in page_of(replace(run, price_usd=0.0))


def test_the_page_is_the_same_every_time() -> None:
    run = drawn_run(1, [0.2, 0.3], calls=40)
    assert page_of(run) == page_of(run)


def test_a_page_is_written_for_its_owner_alone_and_replaces_another(tmp_path: Path) -> None:
    run = drawn_run(1, [0.2], calls=5)
    path = tmp_path / "report.html"
    path.write_text("old")
    assert write_page(run, found(run), path) == path
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    run = drawn_run(1, [0.2], calls=5)
    with pytest.raises(OutputError, match="cannot be written"):
        write_page(run, found(run), tmp_path / "nowhere" / "report.html")


def test_without_matplotlib_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[bench\]'"):
        page_of(drawn_run(1, [0.2], calls=5))
