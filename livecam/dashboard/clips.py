"""The clips of a run's folder: what the page lists, plays and reports on.

Everything here reads files and may wait for them: none of it belongs on the server's loop. Only ids that the
ledger knows lead to files.
"""

from __future__ import annotations

import os
import stat
import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

from livecam.archive.folder import is_id
from livecam.archive.sidecar import read_sidecar
from livecam.dashboard.clip_words import clip_told
from livecam.dashboard.wording import without_folders
from livecam.errors import LivecamError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.clips import Clip
    from livecam.stored_video import Job, StoredVideo

Result = TypeVar("Result")

SCHEMA: Final = "livecam.clips/1"
MOST = 100
"""Newest clips that are listed."""
MOST_MARKS = 200
LONGEST_MARK = 200
"""Characters."""
KEPT_REPORTS = 4
LARGEST_KEPT = 8_000_000
"""Bytes of a report that is kept."""
NO_CLIP = "there is no such clip; the page's list has those that there are\n"
NOT_HERE = "the video of this clip is not on this machine\n"
_UNFINISHED: Final = {
    "recording": "this clip is still being recorded; it can be played once it is finished\n",
    "finalising": "this clip is being finished; try again in a moment\n",
    "damaged": "no picture of this clip can be read\n",
    "purging": "this clip is being deleted\n",
}


class NotServed(Exception):
    """What was asked for cannot be had; the status of the answer and why, in a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report that is shown in a browser."""

    content: bytes
    """HTML in UTF-8."""
    policy: str
    """Its content policy, which the server says too."""


@dataclass(frozen=True, slots=True)
class _Newest:
    """What the ledger says of the clips that are listed."""

    version: object
    """Of the ledger's files."""
    rows: list[tuple[Clip, StoredVideo | None, list[Job]]]
    older: int


class ClipShelf:
    """Reads what is known of clips. Any thread may call.

    Args:
        archive: whose clips.
        usd_per_minute: price of an analysis.
        make_report: returns the page about a recorded clip, whose video it is told the address of; None when
            nothing is known of what is seen in it. Raises `LivecamError`.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        usd_per_minute: float,
        make_report: Callable[[Clip, str | None], ReportPage | None],
    ) -> None:
        self._archive = archive
        self._usd_per_minute = usd_per_minute
        self._make_report = make_report
        self._reading = threading.Lock()
        self._known_newest: _Newest | None = None
        self._making = threading.Lock()
        self._reports: OrderedDict[str, tuple[object, ReportPage]] = OrderedDict()

    def listing(self) -> dict[str, Any]:
        """Return the newest clips, JSON-ready: a `livecam.clips/1` object.

        Where the ledger cannot be read there are none, and `problem` says why.
        """
        try:
            newest = self._newest()
        except OutputError as error:
            return listed([], problem=without_folders(str(error)))
        records = [
            clip_told(clip, video, jobs, usd_per_minute=self._usd_per_minute) | self._offers(clip)
            for clip, video, jobs in newest.rows
        ]
        return listed(records, older=newest.older)

    def details(self, clip_id: str) -> dict[str, Any]:
        """Return a clip as in the listing, with the moments that the user marked in it.

        Raises:
            NotServed: there is no such clip, or the ledger cannot be read.
        """
        clip, ledger = self._known(clip_id), self._archive.ledger
        video, jobs = _read(lambda: (ledger.videos.get(clip.id), ledger.jobs.of(clip.id)))
        record = clip_told(clip, video, jobs, usd_per_minute=self._usd_per_minute) | self._offers(clip)
        notice, marks = self._marks(clip)
        return {"schema": SCHEMA, "clip": record | {"notice": notice, "marks": marks}}

    def open_video(self, clip_id: str) -> tuple[BinaryIO, os.stat_result]:
        """Return a clip's video, opened, and what it is; who gets it closes it.

        Raises:
            NotServed: there is no such clip, or its video cannot be played now.
        """
        clip = self._recorded(clip_id)
        path = self._video(clip)
        if path is None:
            raise NotServed(404, NOT_HERE)
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            file = os.fdopen(os.open(path, flags), "rb", buffering=0)
        except OSError as error:
            raise NotServed(404, NOT_HERE) from error
        return file, os.fstat(file.fileno())

    def report(self, clip_id: str) -> ReportPage:
        """Return the page about a clip; made anew only where something that it is made from has changed.

        Raises:
            NotServed: there is no such clip, or nothing to report on it.
        """
        clip = self._recorded(clip_id)
        with self._making:  # one at a time: each may take a core for long
            made_from = self._made_from(clip)
            known = self._reports.get(clip.id)
            if known is not None and known[0] == made_from:
                self._reports.move_to_end(clip.id)
                return known[1]
            page = self._made(clip)
            self._keep(clip.id, made_from, page)
        return page

    def _newest(self) -> _Newest:
        """Return the newest clips; the ledger is read again only where it has changed.

        Raises:
            OutputError: it cannot be read.
        """
        ledger = self._archive.ledger
        with self._reading:  # for all pages that ask at once
            version = _version(ledger.path)
            if self._known_newest is not None and self._known_newest.version == version:
                return self._known_newest
            clips = [clip for clip in ledger.all(newest_first=True) if is_id(clip.id)]
            videos = {video.name: video for video in ledger.videos.all()}
            jobs: defaultdict[str, list[Job]] = defaultdict(list)
            for job in ledger.jobs.all():
                jobs[job.video].append(job)
            rows = [(clip, videos.get(clip.id), jobs[clip.id]) for clip in clips[:MOST]]
            self._known_newest = _Newest(version, rows, len(clips) - len(rows))
            return self._known_newest

    def _made(self, clip: Clip) -> ReportPage:
        address = None if self._video(clip) is None else f"../{clip.id}.mp4"
        try:
            page = self._make_report(clip, address)
        except LivecamError as error:
            raise NotServed(409, f"no report can be made: {without_folders(str(error))}\n") from error
        if page is None:
            raise NotServed(404, "nothing is known of what is seen in this clip: there is no report\n")
        return page

    def _keep(self, clip_id: str, made_from: object, page: ReportPage) -> None:
        self._reports.pop(clip_id, None)
        if len(page.content) <= LARGEST_KEPT:
            self._reports[clip_id] = (made_from, page)
        while len(self._reports) > KEPT_REPORTS:
            self._reports.popitem(last=False)

    def _made_from(self, clip: Clip) -> object:
        """Return what changes when a report of a clip would be another one."""
        archive = self._archive
        files = []
        for path in archive.folder.files(clip.id):
            try:
                facts = path.stat()
            except OSError:  # gone meanwhile
                continue
            files.append((path.name, facts.st_mtime_ns, facts.st_size))
        return clip, _read(lambda: archive.ledger.jobs.of(clip.id)), files

    def _known(self, clip_id: str) -> Clip:
        clip = _read(lambda: self._archive.ledger.get(clip_id)) if is_id(clip_id) else None
        if clip is None:
            raise NotServed(404, NO_CLIP)
        return clip

    def _recorded(self, clip_id: str) -> Clip:
        clip = self._known(clip_id)
        if clip.state != "recorded":
            raise NotServed(409, _UNFINISHED[clip.state])
        return clip

    def _video(self, clip: Clip) -> Path | None:
        """Return the finished clip's file; None when it is not there, or something else than a file."""
        path = self._archive.folder.clip(clip.id)
        try:
            is_file = stat.S_ISREG(path.lstat().st_mode)  # no link, which might lead elsewhere
        except OSError:
            return None
        return path if is_file and clip.file.name == path.name else None

    def _offers(self, clip: Clip) -> dict[str, bool]:
        """Return whether a clip can be played, and whether there is something to report on it."""
        folder, is_whole = self._archive.folder, clip.state == "recorded"
        has_seen = folder.sidecar(clip.id).is_file() or any(
            path.name.endswith(".results.jsonl") for path in folder.files(clip.id)
        )
        return {"can_play": is_whole and self._video(clip) is not None, "has_report": is_whole and has_seen}

    def _marks(self, clip: Clip) -> tuple[str | None, list[dict[str, Any]]]:
        """Return what must be said with the clip, and its marks; nothing where its sidecar cannot be read."""
        try:
            sidecar = read_sidecar(self._archive.folder.sidecar(clip.id))
            marks = [
                {"time": time, "text": without_folders(text[:LONGEST_MARK])}
                for time, text in islice(sidecar.marks(), MOST_MARKS)
            ]
        except OutputError:
            return None, []
        notice = sidecar.header.get("notice")
        return (notice if isinstance(notice, str) else None), marks


def listed(clips: list[dict[str, Any]], *, older: int = 0, problem: str | None = None) -> dict[str, Any]:
    """Return a `livecam.clips/1` object of clips, newest first.

    Args:
        clips: what is known of each.
        older: how many are left out.
        problem: why there are none, in a sentence.
    """
    return {"schema": SCHEMA, "clips": clips, "older": older, "problem": problem}


def _version(ledger: Path) -> object:
    """Return what is another one when the ledger was written to."""
    facts: list[tuple[int, int, int] | None] = []
    for path in (ledger, ledger.with_name(f"{ledger.name}-wal")):
        try:
            found = path.stat()
        except OSError:
            facts.append(None)
        else:
            facts.append((found.st_ino, found.st_mtime_ns, found.st_size))
    return facts


def _read(look_up: Callable[[], Result]) -> Result:
    """Return what the ledger says.

    Raises:
        NotServed: it cannot be read.
    """
    try:
        return look_up()
    except OutputError as error:
        raise NotServed(503, f"{without_folders(str(error))}\n") from error
