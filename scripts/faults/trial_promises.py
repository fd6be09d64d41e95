"""What must be true of a livecam that was hurt: read from all that it writes, and from the endpoint."""

from __future__ import annotations

import re
import signal
import sqlite3
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import clip_checks
from killing import Round
from trial import TELLS

from livecam.cli.summary_text import summary_lines
from livecam.state.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from fault import Fault
    from trial import Trial

LONGEST_GAP = 1.0
"""Seconds between two pictures, while there are any, that still count as going on."""
PRICE = 1_000_000
"""Billionths of a dollar of a call."""


@dataclass(slots=True)
class Outcome:
    """What came of a fault."""

    fault: str
    what: str
    seconds: float | None = None
    """That it lasted."""
    told_after: float | None = None
    words: str = ""
    """Of the event that says most."""
    on_page: str = ""
    """What the page and the picture said."""
    in_summary: str = ""
    """What the summary says of it."""
    gap_before: float | None = None
    """Largest time between two pictures, seconds."""
    gap_during: float | None = None
    captured: int = 0
    displayed: int = 0
    dropped: int = 0
    """Of the captured ones while the fault lasted."""
    recorded: int = 0
    """Frames that the trace says were recorded."""
    lost: int = 0
    """Of these, how many no clip has."""
    not_recorded: int = 0
    """Frames that were displayed and told not to be in a clip, between the first and the last that are."""
    clips: int = 0
    clips_lost: int = 0
    sent: int = 0
    """Calls as the endpoint counts them."""
    charged: int = 0
    """Of these, those that it did."""
    paid: int = 0
    """Calls that livecam says were paid."""
    maybe_paid: int = 0
    noted: int = 0
    """Calls that the file of the days' costs knows of."""
    well_after: float | None = None
    """Seconds from the fault's end until all was well."""
    not_tried: str | None = None
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def judge(name: str, fault: Fault, trial: Trial, *, longest_gap: float | None = LONGEST_GAP) -> Outcome:
    """Return what came of a fault whose run has ended.

    Args:
        name: of the fault.
        fault: what it is.
        trial: of its run.
        longest_gap: seconds between two pictures that still count as going on; None is not judged.
    """
    outcome = Outcome(name, fault.what, seconds=trial.ended_at - trial.began_at, problems=trial.problems)
    if trial.well_at is not None:
        outcome.well_after = max(trial.well_at - trial.ended_at, 0.0)
    _judge_picture(fault, trial, outcome, longest_gap)
    judge_words(fault, trial, outcome)
    judge_clips(trial, outcome)
    judge_costs(trial, outcome)
    if trial.code != 128 + signal.SIGINT:
        outcome.problems.append(f"it ended with exit code {trial.code}")
    return outcome


def _judge_picture(fault: Fault, trial: Trial, outcome: Outcome, longest_gap: float | None) -> None:
    shown = [frame["displayed_at"] for frame in trial.trace.read()]
    outcome.displayed = len(shown)
    if trial.summary is not None:
        outcome.captured = trial.summary["frames"]["captured"]
    outcome.gap_before = _largest_gap([at for at in shown if at < trial.began_at])
    dropped = [event["at"] for event in trial.events.read() if event["type"] == "frame_dropped"]
    outcome.dropped = sum(trial.began_at <= at <= trial.ended_at for at in dropped)
    during = [at for at in shown if trial.began_at <= at <= trial.ended_at]
    outcome.gap_during = _largest_gap([trial.began_at, *during, trial.ended_at])
    if fault.has_picture and longest_gap is not None and (outcome.gap_during or 0.0) > longest_gap:
        outcome.problems.append(f"no picture for {outcome.gap_during:.1f} s, though there was one")


def judge_words(fault: Fault, trial: Trial, outcome: Outcome) -> None:
    """Compare what was told with what had to be."""
    told = trial.told_since(trial.began_at)
    fitting = [event for event in told if re.search(fault.words, _words_of(event), re.IGNORECASE)]
    if fault.words and fitting:
        outcome.words = _words_of(min(fitting, key=_weight))
        outcome.told_after = fitting[0]["at"] - trial.began_at
    elif logged := re.findall(r"^livecam: (.+)", trial.said_since_the_fault(), re.MULTILINE):
        outcome.words = f"in the log: {logged[-1]}"
    outcome.on_page = "; ".join(dict.fromkeys(trial.page.told_since(trial.began_at)))
    outcome.in_summary = "; ".join(_told_in_summary(trial))
    if fault.words and not outcome.in_summary:
        outcome.problems.append("the summary says nothing of it")


def has_told(fault: Fault, trial: Trial) -> bool:
    """Say whether the events and the page have said by now what is wrong."""
    events = " ".join(map(_words_of, trial.told_since(trial.began_at)))
    page = " ".join(trial.page.told_since(trial.began_at))
    return all(re.search(fault.words, text, re.IGNORECASE) for text in (events, page))


def _weight(event: dict[str, Any]) -> tuple[int, bool]:
    """Return what is smallest for the event that says most."""
    return TELLS.index(event["type"]), not event.get("has_stopped", False)


def _words_of(event: dict[str, Any]) -> str:
    if event["type"] == "pace_changed":
        return f"slowed to {event['rate']:.2g} calls per second ({event['reason']})"
    return str(event["message"])


def _told_in_summary(trial: Trial) -> list[str]:
    """Return the summary's lines that say that something was wrong."""
    if trial.summary is None:
        return []
    lines = summary_lines(trial.summary, "")
    patterns = (
        r"failed|may be charged|in trouble|recording:|^(lost|stalled|frozen|black|slow) |clip .*:|dropped"
    )
    return [line for line in lines if re.search(patterns, line)]


def judge_clips(trial: Trial, outcome: Outcome) -> None:
    """Read every clip to its end, and compare it with what the trace says."""
    if not trial.clips.is_dir():
        outcome.problems.append("there are no clips")
        return
    rows = [{"id": clip.id, "state": clip.state, "frames": clip.frames} for clip in Ledger(trial.clips).all()]
    ids = [str(row["id"]) for row in rows]
    each = Round(1, outcome.fault, None, trial.trace.path, is_all=False, clips=ids)
    verdict = clip_checks.judge(trial.clips, [each], rows)
    was_told = [problem for problem in verdict.problems if "the ledger was damaged" not in problem]
    outcome.problems += was_told
    outcome.clips = verdict.clips
    outcome.recorded, outcome.lost = verdict.frames_said, verdict.frames_lost
    outcome.clips_lost = verdict.clips_gone + verdict.unreadable
    clips = [frame["clip"] for frame in trial.trace.read()]
    inside = [index for index, clip in enumerate(clips) if clip is not None]
    if inside:
        outcome.not_recorded = clips[inside[0] : inside[-1]].count(None)


def judge_costs(trial: Trial, outcome: Outcome) -> None:
    """Compare what livecam says of costs with what the endpoint did."""
    outcome.sent = len(trial.calls)
    outcome.charged = sum(entry.outcome == "ok" for entry in trial.calls)
    outcome.noted = noted_calls(trial.work / "data" / "livecam" / "spend.sqlite3")
    if outcome.noted < outcome.charged:
        outcome.problems.append(
            f"{outcome.charged} calls were charged, and {outcome.noted} put down for the day"
        )
    if trial.summary is None:
        return
    cost = trial.summary["cost"]
    outcome.paid, outcome.maybe_paid = cost["calls"], cost["maybe_charged"]
    begun = trial.summary["calls"]["ok"] + sum(trial.summary["calls"]["failed"].values())
    if outcome.sent > begun:
        outcome.problems.append(f"{outcome.sent} calls came, and only {begun} were made: some were repeated")
    if not outcome.paid <= outcome.charged <= outcome.paid + outcome.maybe_paid:
        told = f"{outcome.paid} paid and {outcome.maybe_paid} maybe"
        outcome.problems.append(f"{outcome.charged} calls were charged, and the summary says {told}")


def noted_calls(spend: Path) -> int:
    """Return how many calls the file of the days' costs knows of."""
    if not spend.exists():
        return 0
    with sqlite3.connect(f"{spend.as_uri()}?mode=ro", uri=True) as file:
        (total,) = file.execute("SELECT coalesce(sum(nanodollars), 0) FROM spend").fetchone()
    return int(total) // PRICE


def _largest_gap(times: list[float]) -> float | None:
    return max((later - earlier for earlier, later in pairwise(times)), default=None)
