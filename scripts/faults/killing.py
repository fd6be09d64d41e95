"""Rounds in which a real livecam is started, and killed at a moment that is drawn by lot."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.archive.folder import is_id
from livecam.clock import SystemClock
from livecam.encoding.h264 import H264Writer
from livecam.native import av, cv2
from livecam.vision import model_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
CLOCK = SystemClock()
LOOK_EVERY = 0.001
"""Seconds between two looks at what a livecam has in its folder: finishing a clip takes ten of them."""
PATIENCE = 20.0
"""Seconds that a livecam may take until it is where it is to be killed."""
LONGEST_STOP = 0.04
"""Seconds from SIGTERM to the kill, at most; in a tenth of a second the last clip is finished."""
UNEVEN_FPS = (7, 25)
UNEVEN_FRAMES = 1200
CYCLE = (
    ("recording", "demo"),
    ("rotating", "clip"),
    ("finishing", "uneven"),
    ("syncing", ""),
    ("stopping", "uneven"),
    ("taking up", "clip"),
    ("recording an event", "demo"),
    ("finishing", "uneven"),
    ("syncing", ""),
    ("rotating", "uneven"),
    ("taking up", "demo"),
    ("stopping", "clip"),
)
"""What is done when the kill comes, and from which source; before "taking up" something is left."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is recorded."""

    name: str
    path: str
    times: Sequence[float] | None
    """Seconds from its first frame to each; None of one that is live, and may drop frames."""


@dataclass(slots=True)
class Round:
    """What was done to one livecam, and what it left."""

    number: int
    phase: str
    source: Source | None
    """None when nothing was recorded."""
    trace: Path
    is_all: bool
    """Whether it recorded every frame."""
    was_killed: bool = False
    clips: list[str] = field(default_factory=list)
    """Those that it began."""
    parts_left: int = 0
    scratches_left: int = 0
    complaint: str | None = None
    """A traceback that it printed."""

    def __str__(self) -> str:
        source = self.source.name if self.source else "-"
        end = "killed" if self.was_killed else "ended before"
        left = f"{self.parts_left} part files and {self.scratches_left} unfinished copies left"
        return f"{self.number:3} {self.phase:18} {source:7} {end}; {len(self.clips)} clips, {left}"


class Rounds:
    """Does one round after the other, in one folder.

    Args:
        work: an empty folder to work in.
        seed: of what is drawn by lot.
    """

    def __init__(self, work: Path, *, seed: int) -> None:
        self.clips = work / "clips"
        self._work = work
        self._lot = random.Random(seed)  # noqa: S311  nothing is to be kept secret
        self._sources = _sources(work)
        models = model_files.verify(model_files.models_folder())
        self._has_models = all(model.state == "ok" for model in models)
        self._number = 0

    def do(self) -> Round:
        """Start a livecam, kill it when it does what the round is about, and return what it left."""
        phase, name = CYCLE[self._number % len(CYCLE)]
        self._number += 1
        source = self._sources[name] if name else None
        is_event = phase == "recording an event" and self._has_models
        trace = self._work / f"trace-{self._number}.jsonl"
        done = Round(self._number, phase, source, trace, is_all=not is_event)
        before = set(_files(self.clips))
        said = self._work / f"said-{self._number}.txt"
        with said.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603  livecam itself
                self._command(done, is_event=is_event),
                cwd=self._work,
                env=environment(self._work),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            done.was_killed = self._kill_when_due(process, phase, before)
        after = _files(self.clips)
        known = {name.partition(".")[0] for name in before}
        made = {name.partition(".")[0] for name in after} - known
        done.clips = sorted(filter(is_id, made))
        done.parts_left = sum(name.endswith(".part.mp4") for name in after)
        done.scratches_left = sum(name.endswith(".tmp.mp4") for name in after)
        text = said.read_text("utf-8", "replace")
        done.complaint = text[text.index("Traceback") :] if "Traceback" in text else None
        return done

    def _command(self, done: Round, *, is_event: bool) -> list[str]:
        base = [sys.executable, "-m", "livecam"]
        folder = ["--clip-dir", str(self.clips)]
        if done.source is None:
            return [*base, "clips", "sync", *folder]
        what = ["record", done.source.path, "--detector", "none"]
        if is_event:
            rule = ["--record", "events", "--record-on", "somebody for 0.2 s", "--pre-roll", "1"]
            what = ["run", done.source.path, "--detector", "on-device", *rule]
        pace = ["--fast"] if done.phase in ("finishing", "stopping") and done.source.name == "uneven" else []
        outputs = ["--view", "none", "--segment", "1", "--trace", str(done.trace)]
        return [*base, *what, *pace, *outputs, *folder]

    def _kill_when_due(self, process: subprocess.Popen[bytes], phase: str, before: set[str]) -> bool:
        """Wait for the moment, kill the process with all it started; return whether it still ran."""
        lot = self._lot
        longest = {"recording": 2.2, "recording an event": 2.2, "rotating": 0.03, "stopping": 1.0}
        is_due = self._moment(phase, before)
        deadline = CLOCK.now() + PATIENCE
        pause = threading.Event()
        while process.poll() is None and not is_due() and CLOCK.now() < deadline:
            pause.wait(LOOK_EVERY)
        pause.wait(lot.uniform(0.0, longest.get(phase, 0.02)))
        if phase == "stopping":
            process.terminate()
            pause.wait(lot.uniform(0.0, LONGEST_STOP))
        was_running = process.poll() is None
        if was_running:
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def _moment(self, phase: str, before: set[str]) -> Callable[[], bool]:
        """Return what says that a livecam is about to do what it is to be killed at."""
        if phase == "rotating":
            begun = self._lot.randint(2, 3)
            return lambda: self._count(before, ".jsonl") >= begun
        if phase == "finishing":
            finished = self._lot.randint(1, 8)
            return lambda: self._count(before, ".mp4") >= finished and self._count(set(), ".tmp.mp4") > 0
        if phase in ("syncing", "taking up"):
            waiting = {name for name in before if name.endswith(".part.mp4")}
            if not waiting:
                return lambda: self._count(before, ".jsonl") > 0
            return lambda: self._is_at_work_on(waiting)
        return lambda: self._count(before, ".part.mp4") > 0

    def _count(self, before: set[str], suffix: str) -> int:
        """Return how many files with that very suffix have come since."""
        return sum(name.partition(".")[2] == suffix[1:] for name in set(_files(self.clips)) - before)

    def _is_at_work_on(self, waiting: set[str]) -> bool:
        """Say whether somebody has begun to finish one of the part files."""
        now = set(_files(self.clips))
        return not waiting <= now or any(name.endswith(".tmp.mp4") for name in now)


def environment(work: Path) -> dict[str, str]:
    """Return this process's environment without a display or settings of this machine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LIVECAM_")}
    kept.pop("DISPLAY", None)
    kept["LIVECAM_MODELS"] = str(model_files.models_folder())
    return kept | {"XDG_CONFIG_HOME": str(work / "config"), "XDG_DATA_HOME": str(work / "data")}


def livecam_json(work: Path, *arguments: str) -> dict[str, Any]:
    """Run a command of livecam to its end and return the object that it printed."""
    result = subprocess.run(  # noqa: S603  livecam itself
        [sys.executable, "-m", "livecam", *arguments],
        cwd=work,
        env=environment(work),
        capture_output=True,
        text=True,
        check=False,
    )
    if not result.stdout:
        raise SystemExit(f"livecam {' '.join(arguments)}: {result.stderr}")
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def _files(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []


def _sources(work: Path) -> dict[str, Source]:
    uneven = work / "uneven.mp4"
    _make_uneven(uneven)
    clip = MEDIA / "webcam_single.mp4"
    clip = clip if clip.is_file() else uneven
    return {
        "demo": Source("demo", "demo", None),
        "clip": Source("clip", str(clip), _times(clip)),
        "uneven": Source("uneven", str(uneven), _times(uneven)),
    }


def _make_uneven(path: Path) -> None:
    """Write a small film whose frames come as from a webcam in bad light."""
    lot = random.Random(0)  # noqa: S311  nothing is to be kept secret
    noise = np.random.default_rng(0).integers(0, 255, (12, 16, 3), np.uint8)
    picture = cv2.resize(noise, (160, 120))
    writer = H264Writer(path)
    at = 0.0
    for index in range(UNEVEN_FRAMES):
        writer.write(np.roll(picture, index * 3, axis=1), at)
        at += 1 / lot.uniform(*UNEVEN_FPS)
    writer.close()


def _times(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        shown = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(container.streams.video[0])
            if packet.pts is not None
        ]
    return sorted(shown)
