"""livecam killed, and ended by SIGTERM, at moments drawn by lot, while it does everything at once."""

from __future__ import annotations

import random
import signal
from typing import TYPE_CHECKING

from killing import livecam_json
from trial import CLOCK, Trial, pause
from trial_promises import Outcome, judge_clips, judge_costs

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background

if TYPE_CHECKING:
    import contextlib
    from pathlib import Path

LONGEST = 3.0
"""Seconds from when all is well to the end, at most: more than a clip lasts."""
ENDINGS = {
    "killed": (signal.SIGKILL, "killed at a random moment (SIGKILL)", "nothing any more"),
    "terminated": (signal.SIGTERM, "ended at a random moment (SIGTERM)", "its summary, as after Ctrl-C"),
}


def try_ending(
    name: str, work: Path, *, times: int, starts: contextlib.AbstractContextManager[object], seed: int = 0
) -> Outcome:
    """End livecam several times, each time in a new folder; return what came of all of them.

    Args:
        name: one of `ENDINGS`.
        work: an empty folder.
        times: to do it.
        starts: held while a livecam starts.
        seed: of the moments.
    """
    number, what, words = ENDINGS[name]
    lot = random.Random(seed)  # noqa: S311  nothing is to be kept secret
    total = Outcome(name, f"{what}, {times} times", words=words)
    for index in range(times):
        folder = work / str(index)
        folder.mkdir()
        with in_background(Setup(eyes=CannedEyes(1), with_moto=False)) as endpoint:
            trial = Trial(folder, endpoint, 0.0)
            with starts:
                trial.start()
                trial.settle()
            pause(lot.uniform(0.0, LONGEST))
            trial.finish(number)
            ended_at = CLOCK.now()
            livecam_json(folder, "clips", "sync", "--json", "--clip-dir", str(trial.clips))
            one = Outcome(name, what, problems=trial.problems)
            judge_clips(trial, one)
            judge_costs(trial, one)
            if number == signal.SIGTERM and trial.code != 128 + number:
                one.problems.append(f"it ended with exit code {trial.code}")
            one.displayed = len(trial.trace.read())
            one.captured = trial.summary["frames"]["captured"] if trial.summary else one.displayed
            one.well_after = CLOCK.now() - ended_at
        _add(total, one)
    return total


def _add(total: Outcome, one: Outcome) -> None:
    for name in ("captured", "displayed", "recorded", "lost", "not_recorded", "clips", "clips_lost"):
        setattr(total, name, getattr(total, name) + getattr(one, name))
    for name in ("sent", "charged", "paid", "maybe_paid", "noted"):
        setattr(total, name, getattr(total, name) + getattr(one, name))
    total.well_after = max(total.well_after or 0.0, one.well_after or 0.0)
    total.problems += one.problems
