"""Jobs are waited for: told of their end by a queue where there is one, else asked about politely."""

from __future__ import annotations

import contextlib
import logging
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.analysis.jobs import UNFINISHED, ask, look
from livecam.analysis.polling import PollSchedule
from livecam.errors import CloudError, LivecamError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.analysis.cloud import Cloud
    from livecam.stored_video import Job

log = logging.getLogger(__name__)

LONGEST_TELLING = 20.0
"""Seconds for which a queue is listened to at a time (SQS allows no more)."""
SHORTEST_TELLING = 1.0
"""Seconds: SQS waits for whole ones, and would be asked again and again for less."""
SURE_AFTER = 300.0
"""Seconds after which a job is asked about though its queue says nothing: a message may be lost."""
NO_SLOT_WAIT = 30.0
"""Seconds until a job without a free slot is submitted again."""
FAULT_WAIT = 15.0
"""Seconds until somebody who could not be asked is asked again."""

RENEWAL_WAIT = 3600.0
"""Seconds for which somebody may sign in again before jobs are left to the next start."""
RENEWABLE = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "TokenRefreshRequired",
        "UnauthorizedException",
        "UnauthorizedSSOTokenError",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "SSOError",
        "LoginRefreshRequired",
        "UnrecognizedClientException",  # of a key that was taken back: another one may be in its place soon
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "RuntimeError",  # botocore's own of credentials that are "still expired"
    }
)
"""Codes of a session or a key that is no longer good, which somebody may renew at any moment."""


@dataclass
class _Waiting:
    job: Job
    schedule: PollSchedule
    due_at: float
    told: str = ""
    """What was said last of why it could not be asked about."""
    refused_at: float | None = None
    """Since when nothing but a person's doing helps."""


@dataclass(kw_only=True)
class JobWatch:
    """Sees unfinished jobs through to their ends; for one thread.

    Args:
        cloud: whom to ask.
        pause: waits for so many seconds; returns whether to give up.
        on_change: told a job whenever it has come further.
        random: for the polls' jitter.
        longest_listening: seconds for which a queue is listened to at a time, at most `LONGEST_TELLING`.
    """

    cloud: Cloud
    pause: Callable[[float], bool]
    on_change: Callable[[Job], None] = lambda _job: None
    random: random.Random = field(default_factory=random.Random)
    longest_listening: float = LONGEST_TELLING
    _waiting: dict[int, _Waiting] = field(default_factory=dict, init=False)
    given_up: dict[int, str] = field(default_factory=dict, init=False)
    """Why jobs are waited for no more that are not at their end, by number; the ledger keeps them."""
    _has_queue: bool = field(default=True, init=False)
    """Whether the end of jobs was told when that was last asked for."""

    def add(self, job: Job, *, seconds: float | None = None) -> None:
        """Watch a job; `seconds` is the length of its video, if it is known."""
        if job.state in UNFINISHED:
            clock = self.cloud.archive.clock
            age = max((clock.wall() - job.began_at).total_seconds(), 0.0)
            schedule = PollSchedule(seconds, random=self.random, since_start=age)
            now = clock.now()
            due_at = now + (schedule.next_wait() if job.state == "submitted" else 0.0)
            self._waiting[job.number] = _Waiting(job, schedule, due_at)

    @property
    def open(self) -> list[Job]:
        """The jobs that are not at their end yet."""
        return [each.job for each in self._waiting.values()]

    def run(self) -> bool:
        """Wait until every job is at its end or given up; return False when it was given up before."""
        while self._waiting:
            if self.pause(self.step()):
                return False
        return True

    def step(self) -> float:
        """Do what is due, and return the seconds until something will be."""
        self._listen()
        now = self.cloud.archive.clock.now()
        for each in [each for each in self._waiting.values() if each.due_at <= now]:
            self._advance(each)
        if not self._waiting:
            return 0.0
        left = self._due_in()
        is_told = self._has_queue and any(each.job.job_id for each in self._waiting.values())
        return 0.0 if is_told and left >= SHORTEST_TELLING else left  # the queue is listened to again at once

    def _advance(self, each: _Waiting) -> None:
        """Bring a job as far as it goes now."""
        before = each.job
        try:
            known = self.cloud.archive.ledger.jobs.get(before.number)
            if known is None:  # purged meanwhile
                del self._waiting[before.number]
                return
            each.job = ask(self.cloud, known) if known.state == "submitting" else look(self.cloud, known)
            wait = NO_SLOT_WAIT if each.job.state == "submitting" else self._wait(each)
            each.told, each.refused_at = "", None
        except LivecamError as error:
            each.job, wait = self._as_known(before), FAULT_WAIT
            if self._is_hopeless(each, error):
                self._give_up(each, error)
                return
            self._tell(each, error)
        each.due_at = self.cloud.archive.clock.now() + wait
        if each.job != before:
            self.on_change(each.job)
        if each.job.state not in UNFINISHED:
            del self._waiting[each.job.number]

    def _is_hopeless(self, each: _Waiting, error: LivecamError) -> bool:
        """Say whether nobody but a person can help, and is not likely to while this waits."""
        if each.job.state not in UNFINISHED:
            return False
        if not isinstance(error, CloudError) or not error.is_lasting or error.blame != "user":
            each.refused_at = None
            return False
        now = self.cloud.archive.clock.now()
        each.refused_at = now if each.refused_at is None else each.refused_at
        return error.code not in RENEWABLE or now - each.refused_at >= RENEWAL_WAIT

    def _give_up(self, each: _Waiting, error: LivecamError) -> None:
        self.given_up[each.job.number] = str(error)
        del self._waiting[each.job.number]
        log.warning("%s; when that is mended, `livecam clips analyze --wait` goes on", error)
        self.on_change(each.job)

    def _tell(self, each: _Waiting, error: LivecamError) -> None:
        """Tell an outage once, not every time."""
        if str(error) != each.told:
            again = f"; asked again every {FAULT_WAIT:.0f} s" if each.job.state in UNFINISHED else ""
            log.warning("%s%s", error, again)
        each.told = str(error)

    def _as_known(self, job: Job) -> Job:
        with contextlib.suppress(OutputError):  # it has been told why
            return self.cloud.archive.ledger.jobs.get(job.number) or job
        return job

    def _due_in(self) -> float:
        now = self.cloud.archive.clock.now()
        return max(min(each.due_at for each in self._waiting.values()) - now, 0.0)

    def _wait(self, each: _Waiting) -> float:
        polled = each.schedule.next_wait()
        return max(polled, SURE_AFTER) if self._has_queue else polled

    def _listen(self) -> None:
        """Take word of jobs that have ended, for at most as long as nothing else is due."""
        ours = {each.job.job_id: each for each in self._waiting.values() if each.job.job_id}
        if not ours:
            return
        patience = min(self._due_in(), self.longest_listening)
        try:
            # Those that are over too: what is said of them a second time is taken off the queue.
            known = {job.job_id for job in self.cloud.archive.ledger.jobs.all() if job.job_id}
            ended = self.cloud.jobs.finished(frozenset(known | ours.keys()), patience)
        except LivecamError as error:  # the ledger may be unreadable too
            log.warning("%s; jobs are asked about instead", error)
            ended = None
        now = self.cloud.archive.clock.now()
        if ended is None:
            if self._has_queue:
                for each in self._waiting.values():
                    each.due_at = min(each.due_at, now + each.schedule.next_wait())
            self._has_queue = False
            return
        self._has_queue = True
        for job_id in ended & ours.keys():
            ours[job_id].due_at = now
