"""One fault before one real `livecam run` that shows, records, sends and serves a page, all at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloud_endpoint import plain_environment
from trial_page import Page

from livecam.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.local_aws.record import Entry
    from livecam.local_aws.server import Running

ROOT = Path(__file__).resolve().parents[2]
CLOCK = SystemClock()
LOOK_EVERY = 0.02
"""Seconds between two looks at what the run has written."""
FRAMES = 30
"""Displayed before the fault, during it where there is a picture, and after it."""
CALLS = 3
"""Answered before the fault."""
OPENS = {
    "source_troubled": "source_recovered",
    "circuit_opened": "circuit_closed",
    "recording_troubled": "recording_recovered",
}
"""Events that tell of a trouble, each with the one that tells that it is over; the first say most."""
TELLS = (*OPENS, "detector_unavailable", "output_failed", "clip_damaged", "detection_failed", "pace_changed")
"""Events that say that something is wrong, those that say most first."""


class Lines:
    """Whole lines of a JSON Lines file that another process writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0
        self._records: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        """Return all that there are by now."""
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self._offset)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._offset += len(whole)
            self._records += [json.loads(line) for line in whole.splitlines()]
        return self._records


@dataclass
class Trial:
    """A run of livecam and what is known of it.

    Args:
        work: an empty folder.
        endpoint: where it sends pictures; nobody else uses it.
        seconds: that the fault lasts at least.
        patience: seconds that anything may take that must come about.
    """

    work: Path
    endpoint: Running
    seconds: float
    patience: float = 30.0
    source: str = "0"
    clips: Path = field(init=False)
    """Where the run records to, as the run sees it."""
    seen_clips: Path = field(init=False)
    """The same folder, as it is seen from here."""
    prefix: Sequence[str] = ()
    """What the command is started by."""
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(init=False)
    problems: list[str] = field(default_factory=list, init=False)
    began_at: float = field(default=0.0, init=False)
    ended_at: float = field(default=0.0, init=False)
    well_at: float | None = field(default=None, init=False)
    code: int | None = field(default=None, init=False)
    summary: dict[str, Any] | None = field(default=None, init=False)
    _said_before: int = field(default=0, init=False)
    process: subprocess.Popen[bytes] = field(init=False)
    calls: Sequence[Entry] = field(default=(), init=False)
    """As the endpoint has recorded them."""

    def __post_init__(self) -> None:
        self.clips = self.seen_clips = self.work / "clips"
        more = {"AWS_EC2_METADATA_DISABLED": "true", "PYTHONPATH": str(ROOT)}
        self.environment = plain_environment(self.work, self.endpoint.environment | more)
        self.trace, self.events = Lines(self.work / "trace.jsonl"), Lines(self.work / "events.jsonl")
        self.said = self.work / "said.txt"
        self.page = Page(self.said)
        self.mood("well")

    def mood(self, mood: str) -> None:
        """Make the camera do something else; see stand_in_camera.py."""
        (self.work / "mood.new").write_text(mood, "utf-8")
        (self.work / "mood.new").replace(self.work / "mood")

    def start(self) -> None:
        """Start livecam."""
        is_camera = self.source == "0"
        stand_in = [str(Path(__file__).with_name("stand_in_camera.py")), str(self.work)]
        program = [sys.executable, *(stand_in if is_camera else ("-m", "livecam"))]
        calls = ["--detector", "rekognition", "--policy", "every", "--rate", "5", "--finder", "off"]
        calls += ["--budget", "5", "--daily-budget", "5"]
        outputs = ["--view", "web", "--port", "0", "--no-open", "--json"]
        outputs += ["--trace", str(self.trace.path), "--events", str(self.events.path)]
        clips = ["--record", "all", "--segment", "2", "--clip-dir", str(self.clips)]
        command = [*self.prefix, *program, "run", self.source, *calls, *outputs, *clips, *self.arguments]
        with self.said.open("wb") as said, (self.work / "summary.json").open("wb") as summary:
            self.process = subprocess.Popen(  # noqa: S603  livecam itself
                command, cwd=self.work, env=self.environment, stdout=summary, stderr=said
            )

    def settle(self) -> None:
        """Wait until all is as it should be."""
        self.wait_until(self.page.open, "the page's address was not told")
        self.wait_until(lambda: len(self.trace.read()) >= FRAMES, "no picture was shown")
        self.wait_until(lambda: len(self._answered(0.0)) >= CALLS, "no call was answered")
        self.wait_until(lambda: self.page.panels > 0, "the page shows nothing")

    def frames_since(self, at: float) -> list[dict[str, Any]]:
        """Return what the trace says of the frames displayed from an instant on."""
        return [frame for frame in self.trace.read() if frame["displayed_at"] >= at]

    def told_since(self, at: float) -> list[dict[str, Any]]:
        """Return the events from an instant on that say that something is wrong, in their order."""
        return [event for event in self.events.read() if event["at"] >= at and event["type"] in TELLS]

    def troubles(self) -> list[str]:
        """Return which troubles were told and are not over."""
        last = {each["type"]: index for index, each in enumerate(self.events.read())}
        return [begin for begin, over in OPENS.items() if last.get(begin, -1) > last.get(over, -1)]

    def is_well(self) -> bool:
        """Say whether pictures are shown and recorded, calls answered and no trouble is left; note when."""
        frames = self.frames_since(self.ended_at)
        recorded = [frame for frame in frames if frame["clip"] is not None]
        answered = self._answered(self.ended_at)
        if len(recorded) < FRAMES or not answered or self.troubles():
            return False
        over = [event["at"] for event in self.events.read() if event["type"] in OPENS.values()]
        moments = [frames[0]["displayed_at"], recorded[0]["displayed_at"], answered[0]["at"], *over]
        self.well_at = max(moments)
        return True

    def finish(self, number: signal.Signals = signal.SIGINT) -> None:
        """End the run as Ctrl-C does, and read what it says in the end."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.code = self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.problems.append("it did not end when it was told to")
            self.process.kill()
            self.code = self.process.wait()
        self.page.close()
        self.calls = [entry for entry in self.endpoint.requests() if entry.operation == "DetectFaces"]
        text = (self.work / "summary.json").read_text("utf-8")
        self.summary = json.loads(text) if text else None
        said = self.said.read_text("utf-8", "replace")
        if "Traceback" in said:
            self.problems.append(f"it printed a traceback: {said[said.index('Traceback') :]}")

    def begin(self) -> None:
        """Take note that the fault begins now."""
        self._said_before = self.said.stat().st_size
        self.began_at = CLOCK.now()

    def said_since_the_fault(self) -> str:
        """Return what was logged since then."""
        return self.said.read_bytes()[self._said_before :].decode("utf-8", "replace")

    def wait_until(self, condition: Callable[[], object], otherwise: str) -> bool:
        """Wait for what must come about; note what is wrong when it does not."""
        deadline = CLOCK.now() + self.patience
        while not condition():
            if self.process.poll() is not None:
                self.problems.append(f"{otherwise}: livecam ended: {self.said.read_text('utf-8')[-500:]}")
                return False
            if CLOCK.now() > deadline:
                self.problems.append(f"{otherwise} within {self.patience:.0f} s")
                return False
            pause(LOOK_EVERY)
        return True

    def hold(self) -> None:
        """Wait until the fault has lasted long enough."""
        pause(self.began_at + self.seconds - CLOCK.now())

    def _answered(self, since: float) -> list[dict[str, Any]]:
        """Return the calls that were begun after an instant and answered."""
        return [
            event
            for event in self.events.read()
            if event["type"] == "detection_completed" and event["requested_at"] >= since
        ]


def pause(seconds: float) -> None:
    """Wait."""
    threading.Event().wait(max(seconds, 0.0))
