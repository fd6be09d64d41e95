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
    "clips": [],
    "uploads": {"stored": 0, "waiting": {}},
    "jobs": [],
    "analysis": {"minutes": 0.0, "usd": 0.0},
    "recording": {
        "recorded": 0,
        "seconds": 0.0,
        "damaged": 0,
        "salvaged": 0,
        "removed": 0,
        "trouble": None,
        "has_stopped": False,
        "troubles": 0,
    },
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


def a_clip(name: str, state: str = "recorded", problem: str | None = None) -> dict[str, Any]:
    return {"id": name, "file": f"/clips/{name}.mp4", "state": state, "problem": problem}


def lines_with(
    *clips: dict[str, Any], tells_all_clips: bool = False, **recording: float | str | None
) -> list[str]:
    """Return the lines between the frames and the faces."""
    own = {"recorded": sum(clip["state"] == "recorded" for clip in clips), "seconds": 63.9}
    summary = NOTHING | {"clips": list(clips), "recording": NOTHING["recording"] | own | recording}
    return summary_lines(summary, "end", tells_all_clips=tells_all_clips)[1:-1]


def test_one_clip_is_told_in_one_line() -> None:
    assert lines_with(a_clip("a")) == ["1 clip recorded, 1:03 in all: /clips/a.mp4"]


def test_several_clips_are_told_one_under_the_other() -> None:
    assert lines_with(a_clip("a"), a_clip("b"), seconds=3723.0) == [
        "2 clips recorded, 1:02:03 in all",
        "/clips/a.mp4",
        "/clips/b.mp4",
    ]


def test_of_many_clips_the_newest_are_told_or_all_where_they_are_what_was_wanted() -> None:
    clips = [a_clip(str(n)) for n in range(7)]
    assert lines_with(*clips) == [
        "7 clips recorded, 1:03 in all",
        *(f"/clips/{n}.mp4" for n in range(2, 7)),
        "and 2 older in /clips",
    ]
    assert lines_with(*clips, tells_all_clips=True)[1:] == [clip["file"] for clip in clips]


def test_more_clips_than_the_summary_lists_are_counted() -> None:
    assert lines_with(a_clip("a"), a_clip("b"), recorded=1002, tells_all_clips=True) == [
        "1002 clips recorded, 1:03 in all",
        "/clips/a.mp4",
        "/clips/b.mp4",
        "and 1000 older in /clips",
    ]


def test_clips_that_all_were_deleted_again_have_no_paths() -> None:
    assert lines_with(a_clip("a", "removed"), recorded=1, removed=1) == [
        "1 clip recorded, 1:03 in all",
        "1 clip deleted, as it was more than is to be kept",
    ]


def test_clips_that_are_damaged_or_not_finished_are_told() -> None:
    assert lines_with(a_clip("a", "damaged", "no picture can be read"), a_clip("b", "finalising")) == [
        "clip a: no picture can be read",
        "1 clip is not finished yet: livecam finishes it when it is next started",
    ]


def test_what_was_done_with_earlier_clips_is_told() -> None:
    assert lines_with(salvaged=1, removed=3) == [
        "1 clip saved that an earlier run had left unfinished",
        "3 clips deleted, as they were more than is to be kept",
    ]


def test_trouble_of_recording_is_told() -> None:
    full = "the disk is full; recording has stopped"
    assert lines_with(trouble=full, has_stopped=True, troubles=2) == [f"recording: {full}"]
    assert lines_with(troubles=2) == ["recording was in trouble 2 times, and recovered"]


def test_what_became_of_clips_on_s3_is_told() -> None:
    job = {"id": "1", "clip": "a", "status": "SUCCEEDED", "faces": 3, "results": "a.jsonl", "message": None}
    running = job | {"status": "IN_PROGRESS", "results": None}
    failed = job | {"status": "FAILED", "results": None, "message": "Unsupported codec/format."}
    summary = NOTHING | {
        "uploads": {"stored": 2, "waiting": {"b": "there is no bucket x"}},
        "jobs": [job, running, failed],
    }
    assert summary_lines(summary, "end")[1:-1] == [
        "2 clips on S3",
        "not on S3 yet: b: there is no bucket x",
        "results: a.jsonl",
        "no results of a: Unsupported codec/format.",
        "1 job not at the end yet: `livecam clips analyze --wait` goes on",
    ]
