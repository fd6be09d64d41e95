"""Carries a plan out: makes the calls, keeps what became of each, and knows when it is of no use to go on."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from livecam.bench.latency.open_loop import LEAD, PreciseWaiter, Schedule, run_block
from livecam.bench.latency.plan import client_key
from livecam.bench.latency.samples import OK, ClientStart, FoundFace, Sample
from livecam.errors import CloudError, DeadlineExceeded, LivecamError, SourceError
from livecam.pipeline.budget import NOT_CONNECTED, may_be_charged
from livecam.pipeline.outcomes import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.bench.latency.open_loop import Ending, Waiter
    from livecam.bench.latency.pictures import Pictures
    from livecam.bench.latency.plan import Block, Plan
    from livecam.clock import Clock
    from livecam.detections import Detection
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.protocols import FaceDetector

log = logging.getLogger(__name__)

INTERRUPTED = "interrupted"
GRACE = 1.0
"""Seconds that calls are given to end once they were broken off."""
MOST_UNREACHED = 3
"""Calls in a row without a way to a Region after which it is given up."""
FIRST_TRIES = 3
"""Calls until a client's first one is answered; each that reaches nothing is a sample all the same."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    """Calls that have ended, or will not be made any more."""
    planned: int
    cost_usd: float
    latency: float | None
    """Seconds of the last call that was answered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan."""

    samples: tuple[Sample, ...]
    """In the order in which they were due; instants are seconds from the beginning."""
    clients: tuple[ClientStart, ...]
    cost_usd: float
    ended: str
    """As `Run.ended`."""


@dataclass(slots=True)
class _Running:
    """A call that runs."""

    detector: FaceDetector
    frame: Frame
    began_at: float
    is_late: bool = False
    """Whether it was broken off because its time was up."""


@dataclass(kw_only=True)
class Measurement:
    """Carries out one plan, once."""

    plan: Plan
    pictures: Pictures
    detectors: Sequence[FaceDetector]
    """One for each condition."""
    make_client: Callable[[int], float | None]
    """Makes the client of a condition, unless it is there; returns the seconds that this took.

    Raises `CloudError`.
    """
    clock: Clock
    ending: Ending
    deadline: float
    """Seconds that a call may take."""
    price_usd: float = 0.0
    """Of one call."""
    on_progress: Callable[[Progress], None] = lambda _: None
    wait_until: Waiter | None = None
    """The clock's seam; None for the real one."""
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _samples: list[Sample] = field(default_factory=list, init=False)
    _clients: list[ClientStart] = field(default_factory=list, init=False)
    _running: dict[int, _Running] = field(default_factory=dict, init=False)
    _calls: int = field(default=0, init=False)
    _left_out: int = field(default=0, init=False)
    _charged: int = field(default=0, init=False)
    _given_up: dict[str, str] = field(default_factory=dict, init=False)
    """Region -> why."""
    _unreached: dict[str, int] = field(default_factory=dict, init=False)
    _broken: str | None = field(default=None, init=False)
    """Why it cannot go on anywhere."""
    _begin_at: float = field(default=0.0, init=False)

    def run(self) -> Outcome:
        """Make all calls that can be made; what ends it early is said in the outcome, never raised."""
        self._begin_at = self.clock.now()
        for turn in self.plan.turns:
            if self.ending.is_set or self._broken is not None:
                break
            self._run_blocks(turn)
            self._tell()
        self._end_calls()
        with self._lock:
            samples = sorted(self._samples, key=lambda each: each.due_at)
            cost = self._charged * self.price_usd
        return Outcome(tuple(samples), tuple(self._clients), cost, self._ended())

    def _ended(self) -> str:
        if self._broken is not None:
            return self._broken
        if self.ending.is_set:
            return self.ending.reason or INTERRUPTED
        regions = {condition.region for condition in self.plan.conditions}
        if not self._given_up:
            return "complete"
        reasons = "; ".join(dict.fromkeys(self._given_up.values()))
        if set(self._given_up) == regions:
            return reasons
        return f"{', '.join(self._given_up)} given up: {reasons}"

    def _run_blocks(self, blocks: Sequence[Block]) -> None:
        """Carry out blocks of one condition and phase that follow each other, without a pause in between."""
        first = blocks[0]
        region = self.plan.conditions[first.condition].region
        if first.phase == "cold" and region not in self._given_up:
            self._start_client(first)
        if region in self._given_up:
            self._left_out += sum(block.calls for block in blocks)
            return
        if first.phase == "cold":
            self._make_first_call(first)
        else:
            self._make_calls(blocks)

    def _start_client(self, block: Block) -> None:
        """Make the client of a condition; nothing is sent."""
        condition = self.plan.conditions[block.condition]
        try:
            creation = self.make_client(block.condition)
        except CloudError as error:
            self._give_up(condition.region, str(error))
        else:
            self._clients.append(ClientStart(*client_key(condition), creation))

    def _make_first_call(self, block: Block) -> None:
        """Make a client's first call, and open the rest of its connections when it was answered."""
        region = self.plan.conditions[block.condition].region
        for _ in range(FIRST_TRIES):
            if region in self._given_up or self.ending.is_set:
                return
            before = len(self._samples)
            self._make_calls([block])
            last = self._samples[-1] if len(self._samples) > before else None
            if last is None or last.outcome not in NOT_CONNECTED:
                break
        if region not in self._given_up:
            self.detectors[block.condition].warm()

    def _make_calls(self, blocks: Sequence[Block]) -> None:
        condition = self.plan.conditions[blocks[0].condition]
        calls = [(block, block.first + number) for block in blocks for number in range(block.calls)]
        schedule = Schedule(len(calls), rate=condition.rate, begin_at=self.clock.now() + LEAD)

        def call(number: int, due_at: float) -> None:
            self._call(*calls[number], due_at)
            if condition.region in self._given_up or self._broken is not None:
                schedule.give_up()

        run_block(
            schedule,
            call,
            in_flight=min(condition.in_flight, len(calls)),
            wait_until=self.wait_until or PreciseWaiter(self.clock, self.ending),
            look=self._look,
        )

    def _call(self, block: Block, number: int, due_at: float) -> None:
        """Make one call and keep what became of it; in a thread of its own."""
        began_at = self.clock.now()
        with self._lock:
            self._calls += 1
            identity = self._calls
        detector = self.detectors[block.condition]
        try:
            frame, picture = self.pictures.frame(identity, number, due_at)
        except SourceError as error:
            self._broken = str(error)
            return
        running = _Running(detector, frame, began_at)
        with self._lock:
            self._running[identity] = running
        found: Detection | Exception
        try:
            found = detector.detect(frame)
        except Exception as problem:  # noqa: BLE001  whatever it was, it is what became of the call
            found = problem
        ended_at = self.clock.now()
        if running.is_late:
            found = DeadlineExceeded(f"no answer within {self.deadline:g} s")
        sample = self._sample(block, picture, due_at, running, found, ended_at)
        failure = found if isinstance(found, Exception) else None
        with self._lock:
            del self._running[identity]
            self._charged += failure is None or may_be_charged(failure)
            if failure is not None and self.ending.is_set:
                return  # it was broken off: that says nothing of the service
            self._samples.append(sample)
        self._judge(self.plan.conditions[block.condition].region, failure)

    def _sample(
        self,
        block: Block,
        picture: int,
        due_at: float,
        running: _Running,
        found: Detection | Exception,
        ended_at: float,
    ) -> Sample:
        since, captured_at = self._begin_at, running.frame.captured_at
        sample = Sample(
            condition=block.condition,
            block=block.number,
            phase=block.phase,
            picture=picture,
            due_at=due_at - since,
            began_at=running.began_at - since,
            sent_at=None,
            ended_at=ended_at - since,
            outcome=OK,
            captured_at=None if captured_at == due_at else captured_at - since,
        )
        if isinstance(found, Exception):
            return replace(sample, outcome=code_of(found), message=" ".join(str(found).split()))
        return replace(
            sample,
            sent_at=None if found.sent_at is None else found.sent_at - since,
            parts=dict(found.timing),
            bytes_sent=found.bytes_sent,
            faces=tuple(map(_found, found.faces)),
            request_id=found.request_id,
            is_cold=found.is_cold,
        )

    def _judge(self, region: str, error: Exception | None) -> None:
        """Give up what can be of no use: a Region that is not reached, an account that is refused."""
        if error is None:
            self._unreached[region] = 0
            return
        if not isinstance(error, LivecamError):
            log.warning("a call failed in a way that livecam does not know: %r", error)
        if not isinstance(error, CloudError):
            return
        if error.is_lasting and error.blame == "user":
            self._give_up(region, str(error))
        elif error.code in NOT_CONNECTED:
            with self._lock:
                self._unreached[region] = unreached = self._unreached.get(region, 0) + 1
            if unreached >= MOST_UNREACHED:
                self._give_up(region, str(error))

    def _give_up(self, region: str, why: str) -> None:
        with self._lock:
            if region in self._given_up:
                return
            self._given_up[region] = why
        log.info("no more calls to %s: %s", region, why)

    def _look(self) -> bool:
        """End calls whose time is up; return whether the rest is worth waiting for."""
        now = self.clock.now()
        with self._lock:
            late = [each for each in self._running.values() if now - each.began_at > self.deadline]
        for each in late:
            each.is_late = True
            _abort(each)
        self._tell()
        return not self.ending.is_set

    def _end_calls(self) -> None:
        """Break off what still runs, and wait for it a moment."""
        with self._lock:
            running = list(self._running.values())
        for each in running:
            _abort(each)
        over = threading.Event()  # nobody sets it: a wait that can be broken off by nothing else
        until = self.clock.now() + GRACE
        while self._running and self.clock.now() < until:
            over.wait(LEAD)
        with self._lock:
            self._charged += len(self._running)

    def _tell(self) -> None:
        with self._lock:
            done = len(self._samples) + self._left_out
            last = next((each.latency for each in reversed(self._samples) if each.outcome == OK), None)
            cost = self._charged * self.price_usd
        self.on_progress(Progress(min(done, self.plan.calls), self.plan.calls, cost, last))


def _abort(running: _Running) -> None:
    with contextlib.suppress(Exception):  # it may be over, or be anybody's detector
        running.detector.abort(running.frame)


def _found(face: Face) -> FoundFace:
    box = face.box
    return FoundFace(box.left, box.top, box.width, box.height, face.confidence)
