"""Rounds in which a livecam that has videos analysed is killed: uploading, submitting, waiting, fetching."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cloud_endpoint import CLOCK, plain_environment
from cloud_films import make_film

from livecam.state.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cloud_endpoint import LocalEndpoint

BUCKET = "killed-clips"
PLACE = f"s3://{BUCKET}/videos"
FACES = 100
"""In every sample, so that results have several pages."""
FILM_SECONDS = 15.0
PADDING = 18_000_000
"""Bytes of a film: three parts of an upload."""
PLAN = {"latency": {"seconds": 0.15}, "uplink": 16_000_000.0}
"""An upload takes a second and more, a submission and a page of results a fraction of one."""
LOOK_EVERY = 0.002
"""Seconds between two looks at the ledger."""
PATIENCE = 30.0
"""Seconds that a livecam may take until it is where it is to be killed."""
STEPS = ("uploading", "uploading", "submitting", "waiting", "fetching", "fetching")
"""Of one film, one after the other; each begins where the kill before it came."""
LONGEST = {"uploading": 1.3, "submitting": 0.35, "waiting": 4.0, "fetching": 0.9, "recording": 2.5}
"""Seconds from the moment at which a step begins to the kill, at most."""
LAST_STATES = ("fetched", "failed", "expired")


@dataclass(slots=True)
class CloudRound:
    """What was done to one livecam."""

    number: int
    step: str
    was_killed: bool
    found: str
    """States of the video and its job after the kill."""
    complaint: str | None
    """A traceback that it printed."""

    def __str__(self) -> str:
        end = "killed" if self.was_killed else "ended before"
        return f"{self.number:3} {self.step:10} {end}; then: {self.found}"


class CloudRounds:
    """Does one round after the other, on one clip folder and one bucket.

    Args:
        work: an empty folder to work in.
        endpoint: where videos go; all that it is asked from here on is about them.
        seed: of what is drawn by lot.
    """

    def __init__(self, work: Path, endpoint: LocalEndpoint, *, seed: int) -> None:
        self.clips = work / "clips"
        self._work = work
        self._lot = random.Random(seed)  # noqa: S311  nothing is to be kept secret
        self._environment = plain_environment(work, endpoint.environment)
        self._ledger = Ledger(self.clips)
        self._number = 0
        s3 = endpoint.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        # What was stored twice is seen then.
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        endpoint.change(**PLAN)
        self._live = make_film(work / "live.mp4", seconds=30)

    def all(self, times: int) -> Iterator[CloudRound]:
        """Kill so many; those that ended before are tried again with another film."""
        killed = 0
        for seed in range(2 * times):
            film = make_film(
                self._work / f"film-{seed}.mp4", seconds=FILM_SECONDS, padding=PADDING, seed=seed
            )
            for step in (*STEPS, "recording"):
                done = self._recorded() if step == "recording" else self._analysed(film, step)
                killed += done.was_killed
                yield done
                if killed >= times:
                    return

    def finish(self) -> list[str]:
        """Let livecam do the rest; return what it complained about."""
        complaints = []
        for command in (
            ["sync"],
            ["analyze", "--wait", "--upload", PLACE, "--yes"],
            ["analyze", str(self.clips), "--wait", "--upload", PLACE, "--yes"],
        ):
            result = subprocess.run(  # noqa: S603  livecam itself
                [sys.executable, "-m", "livecam", "clips", *command, "--clip-dir", str(self.clips)],
                cwd=self._work,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if result.returncode:
                complaints.append(f"livecam clips {command[0]}: {result.stderr.strip()}")
        return complaints

    def _analysed(self, film: Path, step: str) -> CloudRound:
        command = ["clips", "analyze", str(film), "--wait", "--upload", PLACE, "--quiet"]
        return self._do(step, command, lambda: self._is_at(str(film), step), str(film))

    def _recorded(self) -> CloudRound:
        """Kill a livecam that records, uploads and has analysed, all at the same time."""
        outputs = ["--detector", "none", "--view", "none", "--segment", "1", "--quiet"]
        cloud = ["--upload", PLACE, "--analyze", "--yes"]
        before = len(self._ledger.videos.all())
        command = ["record", str(self._live), *outputs, *cloud]
        return self._do("recording", command, lambda: len(self._ledger.videos.all()) > before, None)

    def _do(
        self, step: str, command: Sequence[str], is_due: Callable[[], bool], video: str | None
    ) -> CloudRound:
        self._number += 1
        said = self._work / f"said-{self._number}.txt"
        with said.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603  livecam itself
                [sys.executable, "-m", "livecam", *command, "--clip-dir", str(self.clips)],
                cwd=self._work,
                env=self._environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            was_killed = self._kill_when_due(process, is_due, LONGEST[step])
        text = said.read_text("utf-8", "replace")
        complaint = text[text.index("Traceback") :] if "Traceback" in text else None
        return CloudRound(self._number, step, was_killed, self._found(video), complaint)

    def _kill_when_due(
        self, process: subprocess.Popen[bytes], is_due: Callable[[], bool], longest: float
    ) -> bool:
        deadline, pause = CLOCK.now() + PATIENCE, threading.Event()
        while process.poll() is None and not is_due() and CLOCK.now() < deadline:
            pause.wait(LOOK_EVERY)
        pause.wait(self._lot.uniform(0.0, longest))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def _is_at(self, name: str, step: str) -> bool:
        """Say whether a video has come as far as the step at which its livecam is to be killed."""
        if step == "uploading":
            video = self._ledger.videos.get(name)
            return video is not None and video.state in ("uploading", "stored")
        states = {job.state for job in self._ledger.jobs.of(name)}
        if step == "submitting":
            return bool(states)
        if step == "waiting":
            return bool(states - {"submitting"})
        return bool(states & {"succeeded", *LAST_STATES})

    def _found(self, name: str | None) -> str:
        if name is None:
            videos = self._ledger.videos.all()
            return f"{sum(video.state == 'stored' for video in videos)} of {len(videos)} videos stored"
        video = self._ledger.videos.get(name)
        jobs = ", ".join(job.state for job in self._ledger.jobs.of(name)) or "no job"
        part = " and a half-written file" if Path(name).with_suffix(".results.jsonl.part").exists() else ""
        parts = " in parts" if video is not None and video.upload is not None else ""
        return f"{video.state if video else 'not begun'}{parts}, {jobs}{part}"
