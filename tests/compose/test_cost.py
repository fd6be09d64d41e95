from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from livecam.compose.cost import PRICED, Cost, cost_of, prices_of
from livecam.config import load_settings
from livecam.detectors.rekognition import INFO as REKOGNITION
from livecam.detectors.scripted import INFO, ScriptedDetector
from livecam.errors import OutputError, UsageError
from livecam.pricing import US_EAST, nano
from livecam.state.spend import SpendStore
from livecam.testing.clock import FakeClock
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from livecam.detections import DetectorInfo


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def found(info: DetectorInfo = REKOGNITION, **given: Any) -> Cost:  # noqa: ANN401
    return cost_of(
        load_settings({key: value for key, value in given.items() if key != "store"}),
        ScriptedDetector(lambda _: (), info=info),
        FakeClock(),
        Happenings(),
        store=SpendStore(given.get("store", Path("spend.sqlite3"))),
    )


def test_rekognition_has_a_price() -> None:
    cost = found()
    assert cost.budget is not None
    assert cost.budget.price == nano(0.001)
    assert cost.budget.left_usd is None
    assert cost.tally.summary(None)["cost"]["price"] == US_EAST.note
    assert REKOGNITION.name in PRICED


def test_without_a_budget_nothing_is_kept() -> None:
    found(budget=1)
    assert not Path("spend.sqlite3").exists()


@pytest.mark.parametrize("given", [{}, {"budget": 0.0001, "daily_budget": 1}])
def test_what_is_free_has_neither_price_nor_budget(given: dict[str, Any]) -> None:
    cost = found(INFO, **given)
    assert cost.budget is None
    assert cost.tally.summary(None)["cost_usd"] == 0.0
    assert cost_of(load_settings(given), None, FakeClock(), Happenings()).budget is None


def test_a_plugin_s_paid_detector_costs_nobody_knows_what() -> None:
    assert found(replace(INFO, is_paid=True)).tally.summary(None)["cost_usd"] is None
    with pytest.raises(
        UsageError, match="a budget cannot be kept for scripted: what its calls cost is not known"
    ):
        found(replace(INFO, is_paid=True), budget=1)


async def test_both_budgets_hold() -> None:
    cost = found(budget=0.003, daily_budget=0.002)
    assert cost.budget is not None
    assert cost.budget.left_usd == 0.002
    for _ in range(2):
        assert await cost.budget.reserve()
    assert not await cost.budget.reserve()
    again = found(budget=0.003, daily_budget=0.002).budget
    assert again is not None
    assert not again.allows()


@pytest.mark.parametrize("name", ["budget", "daily_budget"])
def test_a_budget_that_pays_no_call_is_refused(name: str) -> None:
    flag = f"--{name.replace('_', '-')}"
    least: dict[str, Any] = {name: 0.001}
    less: dict[str, Any] = {name: 0.0009}
    with pytest.raises(
        UsageError, match=rf"{flag} 0.0009 cannot be used: one call costs \$0.001; give at least"
    ):
        found(**less)
    assert found(**least).budget is not None


def test_a_daily_budget_that_cannot_be_kept_is_told_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="what the day has cost cannot be kept"):
        found(store=tmp_path, daily_budget=1)
    assert found(store=tmp_path, budget=1).budget is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.toml", "detect_faces = 0.0012\nas_of = 2026-11-01"),
        ("p.json", '{"detect_faces": 0.0012, "as_of": "2026-11-01"}'),
        ("p.JSON", '\ufeff{"detect_faces": 0.0012, "as_of": "2026-11-01"}'),
    ],
)
def test_prices_may_be_replaced(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")
    table = prices_of(load_settings({"prices": name}))
    assert (table.call(), table.as_of, table.note) == (0.0012, "2026-11-01", f"as {name} says")
    cost = found(prices=name)
    assert cost.budget is not None
    assert cost.budget.price_usd == 0.0012


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("none.toml", None, "the price file none.toml cannot be read: No such file"),
        ("p.toml", b"detect_faces: 0.001", "p.toml is no price file: not TOML: "),
        ("p.json", b"detect_faces = 0.001", "p.json is no price file: not JSON: "),
        ("p.json", b"[0.001]", "p.json is no price file: its JSON is no object"),
        ("p.toml", b"\xff\xfe", "p.toml is no price file: not TOML: it is not UTF-8 text"),
        ("p.toml", b"detect_faces = -1", "p.toml: detect_faces = -1 cannot be used: give dollars from 0"),
        ("p.toml", b"price = 1", "p.toml: price is no price; give some of detect_faces, clip_minute"),
        ("p.toml", b"[detect_faces]\nx = 1", "p.toml: detect_faces = "),
        (".", None, "the price file . cannot be read: Is a directory"),
    ],
)
def test_prices_that_cannot_be_used_are_refused_in_one_sentence(
    name: str, data: bytes | None, words: str
) -> None:
    if data is not None:
        Path(name).write_bytes(data)
    with pytest.raises(UsageError) as refused:
        found(INFO, prices=name)
    assert str(refused.value).startswith(words)
    assert "\n" not in str(refused.value)
