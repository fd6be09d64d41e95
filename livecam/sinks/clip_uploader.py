"""Finished clips are uploaded, and their jobs looked after, beside the run."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

from livecam.analysis.waiting import JobWatch
from livecam.errors import LivecamError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from livecam.analysis.cloud import Cloud
    from livecam.analysis.desk import Desk, Outcome
    from livecam.analysis.targets import Target

log = logging.getLogger(__name__)

LONGEST_LISTENING = 1.0
"""Seconds between two looks whether there is another clip to be uploaded."""
CLOSE_PATIENCE = 900.0
"""Seconds given to uploads at the end; what takes longer goes on at the next start."""
TRY_AGAIN_AFTER = 60.0
"""Seconds after which an upload is tried again that had failed."""


class ClipUploader:
    """Takes finished clips; a thread of its own does the rest. What fails waits in the ledger.

    Args:
        cloud: where to.
        desk: does what is to be done with each.
        is_analysed: whether each is analysed, or stored alone.
        begun: returns what earlier runs have left undone; asked once, in the thread.
        on_failure: told what cannot go on at all.
    """

    def __init__(
        self,
        cloud: Cloud,
        desk: Desk,
        *,
        is_analysed: bool,
        begun: Callable[[], Iterable[Target]],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._desk = desk
        self._is_analysed = is_analysed
        self._begun = begun
        self._on_failure = on_failure
        self._queue: queue.SimpleQueue[Target] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._clock = cloud.archive.clock
        self._jobs = JobWatch(cloud=cloud, pause=self._closing.wait, longest_listening=LONGEST_LISTENING)
        self._failed: list[tuple[float, Target]] = []
        self._told: str | None = None
        self._thread = threading.Thread(target=self._run, name="livecam-uploads", daemon=True)
        self._has_started = False

    def start(self) -> None:
        """Go on with what was left undone."""
        self._has_started = True
        self._thread.start()

    def put(self, target: Target) -> None:
        """Have a clip uploaded, now or at the next start; returns when that is written down."""
        try:
            self._desk.want(target, is_analysed=self._is_analysed)
        except LivecamError as error:  # it is uploaded all the same, unless this is killed before
            log.warning("%s", error)
        self._queue.put(target)

    def close(self) -> None:
        """Upload what is waiting; jobs are left to the next start, or to `livecam clips analyze`."""
        self._closing.set()
        if not self._has_started:
            return
        self._thread.join(LONGEST_LISTENING)
        if self._thread.is_alive():
            log.warning("uploading what was recorded; Ctrl-C leaves it to the next start")
            self._thread.join(CLOSE_PATIENCE)

    def _run(self) -> None:
        try:
            for target in self._begun():
                self._queue.put(target)
            while not self._closing.is_set():
                self._advance()
            while not self._queue.empty():
                self._deal_with(self._queue.get())
        except Exception as error:  # noqa: BLE001  the run goes on without uploads
            self._on_failure(error)

    def _advance(self) -> None:
        """Deal with the next clip, or look after jobs while there is none."""
        try:
            target = self._queue.get(timeout=0.0 if self._jobs.open else LONGEST_LISTENING)
        except queue.Empty:
            self._again()
            if self._jobs.open:
                self._closing.wait(min(self._jobs.step(), LONGEST_LISTENING))
            return
        self._deal_with(target)

    def _deal_with(self, target: Target) -> None:
        self._note(self._desk.analyse(target) if self._is_analysed else self._desk.store(target), target)

    def _note(self, outcome: Outcome, target: Target) -> None:
        if outcome.problem is not None:  # an outage is told once, not for every clip and every try
            level = logging.DEBUG if outcome.problem == self._told else logging.WARNING
            log.log(level, "clip %s: %s", outcome.video.name, outcome.problem)
        self._told = outcome.problem
        if outcome.job is not None:  # one that was not taken yet is asked for again there
            self._jobs.add(outcome.job)
        elif outcome.problem is not None and outcome.video.state != "refused":
            self._failed.append((self._clock.now() + TRY_AGAIN_AFTER, target))

    def _again(self) -> None:
        now = self._clock.now()
        due = [target for at, target in self._failed if at <= now]
        self._failed = [(at, target) for at, target in self._failed if at > now]
        for target in due:
            self._queue.put(target)
