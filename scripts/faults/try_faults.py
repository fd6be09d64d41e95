"""Put every fault before a real livecam, and see that it keeps its promises.

Run as `scripts/try_faults [--seconds 5] [--json | --markdown] [FAULT ...]`. Each fault has a `livecam run` of
its own that shows a camera, records it, sends pictures to a local endpoint and serves a page, all at once;
several are tried at the same time, as mostly they wait. Promised is: the picture goes on whenever there is
one; what was recorded can be read; no call is paid twice; the events, the page and the summary say what is
wrong; and when the fault is over all is well again by itself. Exit code 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import faults_of_machine
import faults_of_service
import faults_of_sources
import trial_endings
from fault import Fault, NotHere
from trial import CLOCK, FRAMES, Trial
from trial_promises import LONGEST_GAP, Outcome, has_told, judge
from trial_report import markdown, text

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background

if TYPE_CHECKING:
    from collections.abc import Sequence

FAULTS: dict[str, Fault] = faults_of_sources.FAULTS | faults_of_service.FAULTS | faults_of_machine.FAULTS
"""That begin and end while livecam runs."""
PATIENCE = 90.0
"""Seconds for what must come about: a service that was away for long is asked again every minute."""
AT_ONCE = 4
LONG, MORE_AT_ONCE = 30.0, 8
"""Seconds from which on they wait so much that more are tried at the same time."""
STARTS = threading.Lock()
"""Held while a livecam starts, which takes a core for two seconds: the others are measured meanwhile."""


def try_fault(name: str, work: Path, *, seconds: float, longest_gap: float | None = LONGEST_GAP) -> Outcome:
    """Put one fault before a livecam; return what came of it.

    Args:
        name: one of `FAULTS`.
        work: an empty folder.
        seconds: that the fault lasts at least; it ends when it was told and pictures were displayed.
        longest_gap: seconds between two pictures that count as going on; None is not judged.
    """
    fault = FAULTS[name]
    with in_background(Setup(eyes=CannedEyes(1), with_moto=False)) as endpoint:
        trial = Trial(work, endpoint, seconds, PATIENCE)
        try:
            _through(fault, trial)
        except NotHere as why:
            return Outcome(name, fault.what, not_tried=str(why))
        return judge(name, fault, trial, longest_gap=longest_gap)


def _through(fault: Fault, trial: Trial) -> None:
    with fault.set_up(trial) as outage:
        with STARTS:
            trial.start()
            trial.settle()
        trial.begin()
        try:
            with outage():
                _wait_it_out(fault, trial)
            trial.ended_at = CLOCK.now()
            trial.wait_until(trial.is_well, "it is not well again")
        finally:
            trial.finish()


def _wait_it_out(fault: Fault, trial: Trial) -> None:
    """Return when the fault was told, lasted long enough, and pictures were shown meanwhile."""
    if fault.words:
        trial.wait_until(lambda: has_told(fault, trial), "it was not told in events and on the page")
    trial.hold()
    if fault.has_picture:
        trial.wait_until(lambda: len(trial.frames_since(trial.began_at)) >= FRAMES, "the picture stood still")


def main() -> int:
    """Try the faults, print what came of them, and return the exit code."""
    options = _options()
    names = options.faults or [*FAULTS, *trial_endings.ENDINGS]
    with tempfile.TemporaryDirectory(prefix="livecam-faults-") as folder:

        def tried(name: str) -> Outcome:
            work = Path(folder).resolve() / name
            work.mkdir()
            if name in FAULTS:
                outcome = try_fault(name, work, seconds=options.seconds)
            else:
                outcome = trial_endings.try_ending(name, work, times=options.times, starts=STARTS)
            print(f"{name}: {outcome.not_tried or outcome.problems or 'kept'}", file=sys.stderr, flush=True)
            return outcome

        at_once = options.at_once or (AT_ONCE if options.seconds < LONG else MORE_AT_ONCE)
        with ThreadPoolExecutor(at_once) as pool:
            outcomes = list(pool.map(tried, names))
    _print(outcomes, options)
    return int(any(each.problems for each in outcomes))


def _print(outcomes: Sequence[Outcome], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps({"seconds": options.seconds, "faults": [each.as_dict() for each in outcomes]}))
    else:
        print(*(markdown if options.markdown else text)(outcomes), sep="\n")


def _options() -> argparse.Namespace:
    known = [*FAULTS, *trial_endings.ENDINGS]
    parser = argparse.ArgumentParser(description="Put faults before a real livecam.")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"of {', '.join(known)} (default: all)")
    parser.add_argument("--seconds", type=float, default=5.0, help="that a fault lasts (default: 5)")
    parser.add_argument("--times", type=int, default=3, help="that livecam is killed or ended (default: 3)")
    parser.add_argument("--at-once", type=int, help="at the same time (default: by --seconds)")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")
    parser.add_argument("--markdown", action="store_true", help="print the table of docs/reliability.md")
    options = parser.parse_args()
    if strange := set(options.faults) - set(known):
        parser.error(f"there is no fault {', '.join(sorted(strange))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
