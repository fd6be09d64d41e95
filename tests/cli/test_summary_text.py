from __future__ import annotations

from typing import Any

from livecam.cli.summary_text import summary_lines

NOTHING: dict[str, Any] = {
    "frames": {"captured": 0, "displayed": 0, "dropped": {}},
    "display_fps": None,
    "source": {"name": "demo", "trouble": None, "times": {}, "troubles": []},
    "calls": {"ok": 0, "failed": {}, "stood_in": {}, "rate": None},
    "latency": {"count": 0},
    "capture_to_label": {"count": 0},
    "selection": {"chosen": {}, "passed_over": {}},
    "tracks": 0,
}


def test_a_run_reads_as_sentences() -> None:
    summary = NOTHING | {
        "frames": {"captured": 300, "displayed": 299, "dropped": {"picture path busy": 1}},
        "display_fps": 29.97,
        "calls": {"ok": 100, "failed": {"DeadlineExceeded": 2}, "stood_in": {}, "rate": 9.9},
        "latency": {"count": 100, "p50": 0.0234, "p95": 0.041},
        "capture_to_label": {"count": 100, "p50": 0.068},
        "tracks": 1,
    }
    assert summary_lines(summary, "end of file") == [
        "299 of 300 frames displayed at 30.0 fps, 1 dropped: picture path busy (end of file)",
        (
            "100 calls answered at 9.9/s; latency p50 23 ms, p95 41 ms; from capture to label p50 68 ms;"
            " failed: 2 DeadlineExceeded"
        ),
        "1 face told apart",
    ]


def test_what_was_paid_is_told_with_whose_price_it_is() -> None:
    cost = {
        "calls": 42,
        "maybe_charged": 1,
        "per_call_usd": 0.001,
        "per_hour_usd": 3.6,
        "price": "US East list price of 2026-10-07",
        "unconfirmed": False,
        "budget": {"left_usd": 0.457, "is_spent": False},
    }
    summary = NOTHING | {"cost_usd": 0.042, "cost": cost}
    assert summary_lines(summary, "interrupted")[1] == (
        "cost $0.042: 42 calls at $0.001 (US East list price of 2026-10-07); $3.60 an hour at the last"
        " minute's pace; 1 more call failed and may be charged; $0.46 of the budget left"
    )
    spent = cost | {
        "per_hour_usd": None,
        "maybe_charged": 0,
        "unconfirmed": True,
        "budget": {"is_spent": True},
    }
    assert summary_lines(NOTHING | {"cost_usd": 0.042, "cost": spent}, "interrupted")[1] == (
        "cost $0.042: 42 calls at $0.001 (US East list price of 2026-10-07, unconfirmed); the budget is spent"
    )


def test_a_run_without_calls_says_nothing_about_them() -> None:
    assert summary_lines(NOTHING, "interrupted") == [
        "0 of 0 frames displayed (interrupted)",
        "0 faces told apart",
    ]


def test_what_was_wrong_with_the_source_is_told() -> None:
    troubles = [
        {"trouble": "lost", "message": "camera 0 was unplugged", "lasted": 12.34},
        {"trouble": "black", "message": "camera 0 shows black", "lasted": None},
    ]
    source = {"name": "camera 0", "trouble": None, "times": {"lost": 1, "black": 1}, "troubles": troubles}
    lines = summary_lines(NOTHING | {"source": source}, "interrupted")
    assert "lost for 12.3 s: camera 0 was unplugged" in lines
    assert "black to the end: camera 0 shows black" in lines


def test_of_many_troubles_the_newest_are_told_and_all_counted() -> None:
    troubles = [{"trouble": "slow", "message": f"number {n}", "lasted": 1.0} for n in range(40)]
    source = {"name": "camera 0", "trouble": None, "times": {"slow": 40}, "troubles": troubles}
    text = "|".join(summary_lines(NOTHING | {"source": source}, "interrupted"))
    assert "in trouble 40 times; the newest 5:" in text
    assert "number 39" in text
    assert "number 34" not in text


def test_why_frames_were_sent_is_told() -> None:
    selection = {"chosen": {"changed": 12, "new face": 2}, "passed_over": {"unchanged": 300}}
    assert "sent because of: changed 12, new face 2" in summary_lines(
        NOTHING | {"selection": selection}, "end"
    )
