"""livecam with everything on, for long and with faults now and then: memory, threads and files do not grow.

Run as `scripts/soak [--minutes 20] [--folder DIR] [--json]`, and nothing beside it. A camera on the network
(30 fps, 720p) is shown in the browser view, recorded in short clips that are deleted, uploaded and analysed,
and sent to DetectFaces of a local endpoint. Every minute viewers come and go, one of them never reads,
the service is down, throttles and is slow, the camera falls silent and is lost. A look every two seconds goes
to samples.csv, what came of it to soak.json and soak.png.

Some 30 MB an hour stay in the folder. Ctrl-C ends it with what was seen until then. Exit code 1 when anything
surely grows after the warm-up, or it ended before its time.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloud_endpoint import running
from growth import Growth, growth
from soak_camera import SoakCamera
from soak_course import WELL, Course
from soak_plot import Seen, draw
from soak_process import BUCKET, soaked
from soak_schedule import turn_of
from work_folder import work_folder

from livecam import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soak_samples import Sample

# By how much the floor may rise in all of the judged time, whatever its length. Memory in use: four frames
# that leaked are more, so that 20 minutes show a leak of 40 MB an hour, and a day one of half a megabyte.
# Memory in RAM has the allocator's scattered remains besides, which wander by tens of megabytes. Threads
# and files: what stays behind turn after turn is soon many.
BOUNDS = {"used_mb": 10.0, "rss_mb": 50.0, "threads": 1.0, "fds": 1.0}
NAMES = {
    "used_mb": "memory in use, MB",
    "rss_mb": "memory in RAM, MB",
    "threads": "threads",
    "fds": "file descriptors",
}
WARM_UP = 300.0
"""Seconds that are not judged, or a quarter of a shorter soak: caches fill, every thread has begun once."""


def main() -> int:
    """Soak, write what was seen, say whether it grows, and return the exit code."""
    options = _options()
    seconds = 60 * options.minutes
    with work_folder(options.folder) as folder:
        with SoakCamera() as camera, running(folder) as endpoint:
            endpoint.client("s3").create_bucket(Bucket=BUCKET)
            endpoint.change(**WELL)
            with soaked(folder, camera.url, endpoint.environment) as run:
                course = Course(seconds, run, endpoint, camera)
                is_whole = course.take(say=not options.json)
                run.stop()
        judged = judge(course.samples, seconds)
        record = _record(options.minutes, course.samples, judged, is_whole=is_whole)
        _write(folder, course, judged, record)
    print(json.dumps(record) if options.json else "\n".join(_lines(record)))
    return int(bool(record["problems"]))


def warm_up_of(seconds: float) -> float:
    """Return the seconds of a soak that are not judged."""
    return min(WARM_UP, seconds / 4)


def judge(samples: Sequence[Sample], seconds: float) -> dict[str, Growth | None]:
    """Return the growth of each figure that may not grow; None where the soak was too short to say."""
    after = [each for each in samples if each.at >= warm_up_of(seconds)]
    times = [each.at for each in after]
    return {
        field: growth(times, [getattr(each, field) for each in after], turn=turn_of(seconds), bound=bound)
        for field, bound in BOUNDS.items()
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20.0, help="how long (default: 20)")
    parser.add_argument("--folder", type=Path, help="where to, kept; otherwise a temporary one")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")
    return parser.parse_args()


def _record(
    minutes: float, samples: Sequence[Sample], judged: dict[str, Growth | None], *, is_whole: bool
) -> dict[str, Any]:
    problems = [
        f"{NAMES[field]}: grows" for field, each in judged.items() if each and each.verdict == "grows"
    ]
    return {
        "schema": "livecam.soak/1",
        "version": __version__,
        "platform": platform.platform(),
        "minutes": minutes,
        "warm_up": warm_up_of(60 * minutes),
        "samples": len(samples),
        "growth": {
            field: each and {**dataclasses.asdict(each), "rise": each.rise, "verdict": each.verdict}
            for field, each in judged.items()
        },
        "problems": problems + ["it ended before its time"] * (not is_whole),
    }


def _write(folder: Path, course: Course, judged: dict[str, Growth | None], record: dict[str, Any]) -> None:
    (folder / "soak.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    if not course.samples:
        return
    with (folder / "samples.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(dataclasses.asdict(course.samples[0])))
        table.writeheader()
        table.writerows(map(dataclasses.asdict, course.samples))
    title = f"livecam {__version__}, {record['minutes']:g} minutes with everything on"
    turn = turn_of(60 * record["minutes"])
    seen = Seen(course.samples, course.lasted, judged, record["warm_up"], turn)
    draw(folder / "soak.png", seen, title)


def _lines(record: dict[str, Any]) -> Iterator[str]:
    yield "| floor of | rise | per hour | 95 % interval | rise put up with | verdict |"
    yield "|---|---|---|---|---|---|"
    for field, each in record["growth"].items():
        if each is None:
            yield f"| {NAMES[field]} | - | - | - | {BOUNDS[field]:g} | can't tell: too short |"
        else:
            yield (
                f"| {NAMES[field]} | {each['rise']:+.1f} | {each['per_hour']:+.1f}"
                f" | {each['low']:+.1f} to {each['high']:+.1f} | {each['bound']:g} | {each['verdict']} |"
            )
    yield from (f"PROBLEM: {problem}" for problem in record["problems"])


if __name__ == "__main__":
    sys.exit(main())
