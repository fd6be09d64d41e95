from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from livecam.cli.estimating import estimate_lines, figures
from livecam.pricing import US_EAST
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path

SUMMARY: dict[str, Any] = {
    "frames": {"displayed": 1800},
    "display_fps": 30.0,
    "calls": {"ok": 30, "failed": {"DeadlineExceeded": 1}},
    "source": {"name": "camera 0 1280x720"},
}


def test_a_minute_tells_what_an_hour_and_a_day_would_cost() -> None:
    found = figures(SUMMARY, US_EAST)
    assert (found["seconds"], found["calls"]) == (60.0, 31)
    assert found["calls_per_hour"] == pytest.approx(1860.0)
    assert found["cost_usd"] == pytest.approx(0.031)
    assert found["per_hour_usd"] == pytest.approx(1.86)
    assert found["per_8_hours_usd"] == pytest.approx(14.88)
    assert found["per_24_hours_usd"] == pytest.approx(44.64)
    assert (found["price_as_of"], found["unconfirmed"]) == ("2026-10-07", False)


def test_nothing_seen_costs_nothing() -> None:
    nothing = SUMMARY | {"display_fps": None, "calls": {"ok": 0, "failed": {}}}
    assert figures(nothing, US_EAST)["per_hour_usd"] == 0.0


def test_an_estimate_says_that_it_is_one_and_whose_prices_it_takes() -> None:
    assert estimate_lines(figures(SUMMARY, US_EAST)) == [
        "estimate: 31 calls in 60 s of camera 0 1280x720, 1860 an hour",
        (
            "at $0.001 a call (US East list price of 2026-10-07): $1.86 an hour, $14.88 in 8 hours,"
            " $44.64 in 24 hours"
        ),
        "nothing was sent and nothing was charged; it depends on what the source shows, and is no promise",
    ]


@pytest.mark.usefixtures("models")
def test_a_dry_run_needs_neither_account_nor_consent(tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text('detector = "rekognition"\n', encoding="utf-8")
    result = command_line.livecam("run", "demo", "--dry-run", "--duration", "1.5", "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["cost_usd"] == 0.0
    assert summary["estimate"]["calls"] == summary["calls"]["ok"] >= 1
    assert summary["estimate"]["per_call_usd"] == 0.001


def test_a_dry_run_of_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    result = command_line.livecam("run", "pictures", "--dry-run", cwd=tmp_path)
    assert result.returncode == 2
    assert "--dry-run is for cameras, streams and videos; of pictures, each is one call" in result.stderr
