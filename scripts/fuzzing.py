"""Runs the properties of tests/fuzz with random cases, each target in a process of its own.

A target is a file there: `settings` is tests/fuzz/test_settings.py. Each has its own process, since a picture
or film that makes native code crash would end it: that is told as a failure, with where it happened.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "fuzz"
TARGETS = sorted(file.stem.removeprefix("test_") for file in FOLDER.glob("test_*.py"))
EXAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one target."""

    target: str
    cases: int
    seconds: float
    failures: int
    """Properties that do not hold; a process that crashed or hung counts as one."""
    said: str
    """What pytest printed, where there are failures."""


def tried(target: str, examples: int) -> Outcome:
    """Try a target's properties and return what became of them."""
    with tempfile.TemporaryDirectory() as name:
        counts, report = Path(name) / "counts.json", Path(name) / "report.xml"
        command = [sys.executable, "-m", "pytest", "--quiet", "--timeout", "0", "-p", "no:cacheprovider"]
        command += [f"--junit-xml={report}", str(FOLDER / f"test_{target}.py")]
        environment = {"FUZZ_EXAMPLES": str(examples), "FUZZ_COUNTS": str(counts)}
        began_at = time.monotonic()  # noqa: TID251  a measurement, not a part of livecam
        ended = subprocess.run(  # noqa: S603  our own tests
            command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - began_at  # noqa: TID251
        cases = sum(json.loads(counts.read_text("utf-8")).values()) if counts.exists() else 0
        failed = _failed(report) if report.exists() else 0
    failures = failed or int(ended.returncode != 0)
    return Outcome(
        target, cases, round(seconds, 1), failures, (ended.stdout + ended.stderr) if failures else ""
    )


def _failed(report: Path) -> int:
    text = report.read_text("utf-8")
    return text.count("<failure ") + text.count("<error ")


def main() -> int:
    """Try what is asked for, print a table, and return 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"some of {', '.join(TARGETS)}; all by default"
    )
    parser.add_argument(
        "--examples",
        type=int,
        default=EXAMPLES,
        help=f"cases of a property that has 100 in the tests ({EXAMPLES})",
    )
    parser.add_argument("--json", action="store_true", help="print JSON in the place of the table")
    given = parser.parse_args()
    unknown = sorted(set(given.targets) - set(TARGETS))
    if unknown:
        parser.error(f"there is no target {unknown[0]}; give some of {', '.join(TARGETS)}")
    outcomes = []
    for target in given.targets or TARGETS:
        outcome = tried(target, given.examples)
        outcomes.append(outcome)
        if not given.json:
            print(
                f"{target:16} {outcome.cases:9,} cases {outcome.seconds:8.1f} s {outcome.failures:3} failed",
                flush=True,
            )
            print(outcome.said, end="")
    if given.json:
        print(json.dumps([asdict(outcome) for outcome in outcomes], indent=1))
    else:
        cases, seconds = sum(each.cases for each in outcomes), sum(each.seconds for each in outcomes)
        print(
            f"{'all':16} {cases:9,} cases {seconds:8.1f} s {sum(each.failures for each in outcomes):3} failed"
        )
    return int(any(outcome.failures for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
