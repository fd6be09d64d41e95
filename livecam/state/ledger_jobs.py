"""The ledger's jobs: what was asked of the service, written down before it was asked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict, get_args

from livecam.state import ledger_cells as cell
from livecam.state.ledger_paths import as_cell, results_of, video_name, writable
from livecam.state.ledger_videos import place_of
from livecam.state.sqlite_file import NotOurs
from livecam.stored_video import Attributes, Job, JobParameters, JobState

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path
    from typing import Unpack

    from livecam.state.ledger_file import LedgerFile
    from livecam.stored_video import S3Place

OPEN: Final[tuple[JobState, ...]] = ("submitting", "submitted", "succeeded")
"""States of a job that something is still to be done about."""

_COLUMNS = (
    "video, bucket, key, version, etag, attributes, tag, topic, role, attempt, token, state, began_at,"
    " job_id, message, ended_at, faces, minutes, results"
)
_STATES: Final[tuple[JobState, ...]] = get_args(JobState)
_ATTRIBUTES: Final[tuple[Attributes, ...]] = get_args(Attributes)
_TOKEN = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_FIRST = 1


class JobFacts(TypedDict, total=False):
    """What becomes known of a job; see `Job`."""

    job_id: str | None
    message: str | None
    ended_at: datetime | None
    faces: int | None
    minutes: float | None
    results: Path | None


class LedgerJobs:
    """The jobs of a ledger, which is their owner; see `Ledger` for what holds of every method.

    Jobs are of *the same thing* when video, place, attributes and tag are the same: whom the service tells
    of a job's end (topic and role) changes nothing about its results.

    A file with results ends in `.results.jsonl` and is in the clip folder, or beside the file that names the
    video; a method that is given another one raises `ValueError`.

    Args:
        file: the ledger's.
    """

    def __init__(self, file: LedgerFile) -> None:
        self._file = file

    def begin(
        self, video: str, place: S3Place, parameters: JobParameters, *, token: str, attempt: int
    ) -> Job:
        """Return the job of a thing that is to be gone on with; write it down if there is none.

        It is a new one, "submitting", when there is no open one of the same thing, and none of this attempt
        or a later one. Otherwise it is the open one, or the latest: with parameters, attempt and token of
        its own, which may be others than those given here. Several livecams at once get the same one.

        Args:
            video: its name.
            place: of the object.
            parameters: what the service is asked for.
            token: ClientRequestToken of this attempt.
            attempt: 1 for the first; see `next_attempt`.
        """
        job = Job(
            number=1,
            video=video,
            place=place,
            parameters=parameters,
            attempt=attempt,
            token=token,
            state="submitting",
            began_at=self._file.clock.wall(),
        )
        self._as_row(job)

        def work(file: sqlite3.Connection) -> Job:
            known = self._of_thing(file, video, place, parameters)
            current = _current(known)
            if current is not None and (current.state in OPEN or current.attempt >= attempt):
                return current
            return self._insert(file, job)

        return self._file.write(work)

    def next_attempt(
        self, video: str, place: S3Place, parameters: JobParameters, *, is_anew: bool = False
    ) -> int:
        """Return which attempt `begin` is to be called with.

        That of an open job, as there is to be no other beside it; that of one whose results are there, unless
        it is to be done anew; else one more than the last; 1 when there was none.
        """
        known = self._file.read(lambda file: self._of_thing(file, video, place, parameters), otherwise=())
        current = _current(known)
        if current is None:
            return _FIRST
        is_kept = current.state in OPEN or (current.state == "fetched" and not is_anew)
        return current.attempt if is_kept else current.attempt + 1

    def add(self, job: Job) -> Job:
        """Write down a job as it is, and return it with the number it has here, whatever it had elsewhere.

        It takes the place of what was known of the same attempt at the same thing.
        """
        self._as_row(job)

        def work(file: sqlite3.Connection) -> Job:
            for known in self._of_thing(file, job.video, job.place, job.parameters):
                if known.attempt == job.attempt:
                    return self._update(file, replace(job, number=known.number))
            return self._insert(file, job)

        return self._file.write(work)

    def note(self, number: int, *, state: JobState | None = None, **facts: Unpack[JobFacts]) -> Job | None:
        """Write down what is about to be done about a job, or what has become of it.

        Args:
            number: of the job.
            state: what is begun, or was reached; None leaves it as it was.
            facts: what is not given stays as it was.

        Returns:
            The job as it is now; None when the ledger does not know it, and nothing is written.
        """

        def work(file: sqlite3.Connection) -> Job | None:
            known = self._find(file, number)
            if known is None:
                return None
            return self._update(file, replace(known, state=state or known.state, **facts))

        return self._file.change(work, otherwise=None)

    def get(self, number: int) -> Job | None:
        """Return the job of that number; None when there is none."""
        return self._file.read(lambda file: self._find(file, number), otherwise=None)

    def of(self, video: str) -> tuple[Job, ...]:
        """Return every job of a video, oldest first."""
        return self._file.read(lambda file: self._of(file, video), otherwise=())

    def unfinished(self) -> tuple[Job, ...]:
        """Return every job that something is still to be done about, oldest first."""
        return tuple(job for job in self.all() if job.state in OPEN)

    def all(self) -> tuple[Job, ...]:
        """Return every job, oldest first."""
        return self._file.read(lambda file: self._select(file, "1"), otherwise=())

    def forget_of(self, video: str) -> int:
        """Take every job of a video out of the ledger; return how many there were."""
        sql = "DELETE FROM jobs WHERE video = ?"
        return self._file.change(
            lambda file: file.execute(sql, (cell.encodable(video),)).rowcount, otherwise=0
        )

    def _of_thing(
        self, file: sqlite3.Connection, video: str, place: S3Place, parameters: JobParameters
    ) -> tuple[Job, ...]:
        thing = (place, parameters.attributes, parameters.tag)
        return tuple(
            job
            for job in self._of(file, video)
            if (job.place, job.parameters.attributes, job.parameters.tag) == thing
        )

    def _of(self, file: sqlite3.Connection, video: str) -> tuple[Job, ...]:
        return self._select(file, "video = ?", cell.encodable(video))

    def _find(self, file: sqlite3.Connection, number: int) -> Job | None:
        return next(iter(self._select(file, "number = ?", number)), None)

    def _select(self, file: sqlite3.Connection, where: str, *values: object) -> tuple[Job, ...]:
        sql = f"SELECT number, {_COLUMNS} FROM jobs WHERE {where} ORDER BY number"  # noqa: S608  # our own text
        return tuple(self._job(*row) for row in file.execute(sql, values))

    def _insert(self, file: sqlite3.Connection, job: Job) -> Job:
        row = (*self._as_row(job), self._file.stamp())
        sql = f"INSERT INTO jobs ({_COLUMNS}, updated_at) VALUES ({', '.join('?' * len(row))})"  # noqa: S608
        return replace(job, number=cell.ordinal(file.execute(sql, row).lastrowid))

    def _update(self, file: sqlite3.Connection, job: Job) -> Job:
        row = (*self._as_row(job), self._file.stamp(), job.number)
        changes = ", ".join(f"{each} = ?" for each in (*_COLUMNS.split(", "), "updated_at"))
        file.execute(f"UPDATE jobs SET {changes} WHERE number = ?", row)  # noqa: S608  # our own columns
        return job

    def _as_row(self, job: Job) -> tuple[object, ...]:
        place, parameters = job.place, job.parameters
        row = (
            writable(job.video),
            *(place.bucket, place.key, place.version, place.etag),
            *(parameters.attributes, parameters.tag, parameters.topic, parameters.role),
            job.attempt,
            job.token,
            job.state,
            cell.written(job.began_at),
            job.job_id,
            cell.encodable_or_none(job.message),
            cell.written_or_none(job.ended_at),
            job.faces,
            job.minutes,
            as_cell(self._file.folder, job.results),
        )
        try:
            self._job(1, *row)
        except NotOurs as error:
            raise ValueError(str(error)) from error
        return row

    def _job(self, number: object, *row: object) -> Job:
        """Return the job of a row.

        Raises:
            NotOurs: it holds what livecam never writes.
        """
        name, *place, attributes, tag, topic, role = row[:9]
        attempt, token, state, began_at, job_id, message, ended_at, faces, minutes, results = row[9:]
        video = video_name(name)
        return Job(
            number=cell.ordinal(number),
            video=video,
            place=_place(*place),
            parameters=JobParameters(
                cell.one_of(_ATTRIBUTES, attributes, "choice of attributes"),
                cell.words_or_none(tag),
                cell.words_or_none(topic),
                cell.words_or_none(role),
            ),
            attempt=cell.ordinal(attempt),
            token=_token(token),
            state=cell.one_of(_STATES, state, "state of a job"),
            began_at=cell.instant(began_at),
            job_id=cell.words_or_none(job_id),
            message=cell.text_or_none(message),
            ended_at=cell.instant_or_none(ended_at),
            faces=cell.count(faces),
            minutes=cell.duration(minutes),
            results=results_of(self._file.folder, video, results),
        )


def _current(jobs: tuple[Job, ...]) -> Job | None:
    """Return which of the jobs of one thing counts: an open one, else the latest attempt."""
    return max(jobs, key=lambda job: (job.state in OPEN, job.attempt, job.number), default=None)


def _place(*cells: object) -> S3Place:
    bucket, key, version, etag = cells
    place = place_of(bucket, key, version, etag)
    if place is None:
        raise NotOurs("a job has no place")
    return place


def _token(value: object) -> str:
    token = cell.text(value)
    if _TOKEN.fullmatch(token):
        return token
    raise NotOurs(f"{token!r:.80} is no token")
