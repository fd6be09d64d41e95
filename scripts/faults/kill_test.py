"""Kill livecam at random moments while it records, finishes and takes up clips; see that nothing is lost.

Run as `scripts/kill_test [--times 50] [--seed 0] [--json]`, some five seconds a kill. All rounds record into
one folder, so that every start takes up what the kill before it has left. In the end `livecam clips sync`
takes up the rest, and every clip is decoded and compared with what its livecam said to have written.
Exit code 1 when a clip cannot be read, lost more than one frame, holds one that another has too, or anything
is left lying about.

With `--cloud` it is killed while it uploads clips to a local endpoint, submits jobs, waits for them and
fetches results; every object, job and result is compared with what the endpoint says. Exit code 1 when
anything is missing, not whole, there twice, or left lying about.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloud_checks
from clip_checks import Verdict, judge
from cloud_endpoint import running
from cloud_killing import BUCKET, FACES, CloudRounds
from killing import Rounds, livecam_json
from work_folder import work_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cloud_killing import CloudRound
    from killing import Round

COLUMNS = ("killed while", "rounds", "too late", "left: part files", "unfinished", "clips of these")
CLOUD_COLUMNS = ("killed while", "rounds", "too late")


def main() -> int:
    """Do the rounds, print what came of them, and return the exit code."""
    options = _options()
    return _kill_in_the_cloud(options) if options.cloud else _kill_recording(options)


def _kill_recording(options: argparse.Namespace) -> int:
    with work_folder(options.folder) as work:
        rounds = Rounds(work, seed=options.seed)
        done: list[Round] = []
        while sum(each.was_killed for each in done) < options.times and len(done) < 2 * options.times:
            done.append(rounds.do())
            if not options.json:
                print(done[-1], file=sys.stderr, flush=True)
        synced = livecam_json(work, "clips", "sync", "--json", "--clip-dir", str(rounds.clips))
        listed = livecam_json(work, "clips", "list", "--json", "--clip-dir", str(rounds.clips))
        verdict = judge(rounds.clips, done, listed["clips"])
        verdict.problems += [f"not taken up: {why}" for why in synced["failed"].values()]
        if (killed := sum(each.was_killed for each in done)) < options.times:
            verdict.problems.append(f"only {killed} of {options.times} processes could be killed in time")
    if options.json:
        print(json.dumps(_record(options.seed, done, verdict)))
    else:
        print(*_report(done, verdict), sep="\n")
    return int(bool(verdict.problems))


def _kill_in_the_cloud(options: argparse.Namespace) -> int:
    done: list[CloudRound] = []
    with work_folder(options.folder) as work, running(work, faces=FACES) as endpoint:
        rounds = CloudRounds(work, endpoint, seed=options.seed)
        for each in rounds.all(options.times):
            done.append(each)
            if not options.json:
                print(each, file=sys.stderr, flush=True)
        complaints = rounds.finish()
        verdict = cloud_checks.judge(endpoint, BUCKET, rounds.clips)
    verdict.problems += complaints
    verdict.problems += [f"round {each.number}: {each.complaint}" for each in done if each.complaint]
    kills = Counter(each.step for each in done if each.was_killed)
    if options.json:
        too_late = len(done) - kills.total()
        print(json.dumps({"seed": options.seed, "kills": kills, "too_late": too_late, **verdict.as_dict()}))
    else:
        late = Counter(each.step for each in done if not each.was_killed)
        rows = [(step, kills[step], late[step]) for step in dict.fromkeys(each.step for each in done)]
        print(*_table(CLOUD_COLUMNS, rows), "", *_figures(verdict.as_dict()), sep="\n")
    return int(bool(verdict.problems))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill livecam while it records; see that nothing is lost.")
    parser.add_argument("--times", type=int, default=50, help="how often to kill it (default: 50)")
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn by lot (default: 0)")
    parser.add_argument("--folder", type=Path, help="where to, kept; otherwise a temporary one")
    parser.add_argument("--cloud", action="store_true", help="kill it while clips are stored and analysed")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")
    return parser.parse_args()


def _record(seed: int, rounds: Sequence[Round], verdict: Verdict) -> dict[str, Any]:
    kills = Counter(each.phase for each in rounds if each.was_killed)
    return {"seed": seed, "kills": kills, "too_late": len(rounds) - kills.total(), **verdict.as_dict()}


def _report(rounds: Sequence[Round], verdict: Verdict) -> list[str]:
    rows = []
    for phase in dict.fromkeys(each.phase for each in rounds):
        of_phase = [each for each in rounds if each.phase == phase]
        row = (
            phase,
            sum(each.was_killed for each in of_phase),
            sum(not each.was_killed for each in of_phase),
            sum(each.parts_left for each in of_phase),
            sum(each.scratches_left for each in of_phase),
            sum(len(each.clips) for each in of_phase),
        )
        rows.append(row)
    return [*_table(COLUMNS, rows), "", *_figures(verdict.as_dict())]


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    head = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return [*head, *(f"| {' | '.join(map(str, row))} |" for row in rows)]


def _figures(figures: Mapping[str, Any]) -> list[str]:
    told = [f"{name.replace('_', ' ')}: {figures[name]}" for name in figures if name != "problems"]
    return [*told, *(f"PROBLEM: {problem}" for problem in figures["problems"])]


if __name__ == "__main__":
    sys.exit(main())
