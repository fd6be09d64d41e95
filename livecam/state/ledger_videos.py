"""The ledger's videos: what goes to S3 or is there, each step written down before it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict, get_args

from livecam.state import ledger_cells as cell
from livecam.state.ledger_paths import as_cell, file_of, video_name, writable
from livecam.state.sqlite_file import NotOurs
from livecam.stored_video import S3Place, StoredVideo, Upload, VideoState

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
    from typing import Unpack

    from livecam.state.ledger_file import LedgerFile

_COLUMNS = (
    "name, state, file, bucket, key, version, etag, upload_id, part_size, size, checksum, wants_analysis,"
    " problem"
)
_STATES: Final[tuple[VideoState, ...]] = get_args(VideoState)
_NOT_ON_S3: Final[tuple[VideoState, ...]] = ("waiting", "uploading", "refused")


class VideoFacts(TypedDict, total=False):
    """What becomes known of a video; see `StoredVideo`."""

    file: Path | None
    place: S3Place | None
    upload: Upload | None
    size: int | None
    checksum: str | None
    wants_analysis: bool
    problem: str | None


class LedgerVideos:
    """The videos of a ledger, which is their owner; see `Ledger` for what holds of every method.

    A video's file is in the clip folder, or a transcoded copy in `.livecam/transcoded` there, or it is the
    very path that the video is named by, absolute and without `..`; a method that is given another one
    raises `ValueError`.

    Args:
        file: the ledger's.
    """

    def __init__(self, file: LedgerFile) -> None:
        self._file = file

    def want(self, video: StoredVideo) -> StoredVideo:
        """Write down a video that is wanted on S3, and return it as the ledger has it then.

        Of one that is known, an analysis that is wanted is wanted from now on. As long as it is not on S3,
        the file (a transcoded copy, say) and the place are those that are said now; an upload of another
        file, or to another place, is let go of.
        """
        self._as_row(video)

        def work(file: sqlite3.Connection) -> StoredVideo:
            known = self._find(file, video.name)
            wanted = video if known is None else self._wanted(known, video)
            if wanted != known:
                self._write(file, wanted)
            return wanted

        return self._file.write(work)

    def add(self, video: StoredVideo) -> None:
        """Write down a video as it is; it takes the place of what was known of the same name."""
        self._as_row(video)
        self._file.write(lambda file: self._write(file, video))

    def note(
        self, name: str, *, state: VideoState | None = None, **facts: Unpack[VideoFacts]
    ) -> StoredVideo | None:
        """Write down what is about to be done with a video, or what has become known of it.

        Args:
            name: of the video.
            state: what is begun, or was reached; None leaves it as it was.
            facts: what is not given stays as it was.

        Returns:
            The video as it is now; None when the ledger does not know it, and nothing is written.
        """

        def work(file: sqlite3.Connection) -> StoredVideo | None:
            known = self._find(file, name)
            if known is None:
                return None
            video = replace(known, state=state or known.state, **facts)
            self._write(file, video)
            return video

        return self._file.change(work, otherwise=None)

    def get(self, name: str) -> StoredVideo | None:
        """Return the video of that name; None when there is none."""
        return self._file.read(lambda file: self._find(file, name), otherwise=None)

    def all(self) -> tuple[StoredVideo, ...]:
        """Return every video, in the order in which they were first written down."""
        sql = f"SELECT {_COLUMNS} FROM videos ORDER BY rowid"  # noqa: S608  # our own columns
        return self._file.read(
            lambda file: tuple(self._video(*row) for row in file.execute(sql)), otherwise=()
        )

    def forget(self, name: str) -> bool:
        """Take a video out of the ledger, not its jobs; say whether it was there."""
        sql = "DELETE FROM videos WHERE name = ?"
        return self._file.change(
            lambda file: file.execute(sql, (cell.encodable(name),)).rowcount > 0, otherwise=False
        )

    def _wanted(self, known: StoredVideo, video: StoredVideo) -> StoredVideo:
        wanted = replace(
            known,
            file=known.file or video.file,
            wants_analysis=known.wants_analysis or video.wants_analysis,
        )
        if known.state not in _NOT_ON_S3:
            return wanted
        # An upload is bound to its bucket and key, and half of one file goes with no half of another.
        if video.place is not None and not _is_same_object(known.place, video.place):
            wanted = replace(wanted, place=video.place, upload=None)
        folder = self._file.folder
        if video.file is not None and as_cell(folder, wanted.file) != as_cell(folder, video.file):
            wanted = replace(wanted, file=video.file, upload=None)
        return wanted

    def _find(self, file: sqlite3.Connection, name: str) -> StoredVideo | None:
        sql = f"SELECT {_COLUMNS} FROM videos WHERE name = ?"  # noqa: S608  # our own columns
        row = file.execute(sql, (cell.encodable(name),)).fetchone()
        return None if row is None else self._video(*row)

    def _write(self, file: sqlite3.Connection, video: StoredVideo) -> None:
        # Not "INSERT OR REPLACE", which would put the video behind all others.
        row = (*self._as_row(video), self._file.stamp())
        places = ", ".join("?" * len(row))
        changes = ", ".join(f"{each} = excluded.{each}" for each in (*_COLUMNS.split(", ")[1:], "updated_at"))
        sql = (
            f"INSERT INTO videos ({_COLUMNS}, updated_at) VALUES ({places})"  # noqa: S608  # our own columns
            f" ON CONFLICT (name) DO UPDATE SET {changes}"
        )
        file.execute(sql, row)

    def _as_row(self, video: StoredVideo) -> tuple[object, ...]:
        place, upload = video.place, video.upload
        row = (
            writable(video.name),
            video.state,
            as_cell(self._file.folder, video.file),
            *((place.bucket, place.key, place.version, place.etag) if place else (None,) * 4),
            *((upload.upload_id, upload.part_size) if upload else (None,) * 2),
            video.size,
            video.checksum,
            int(video.wants_analysis),
            cell.encodable_or_none(video.problem),
        )
        try:
            self._video(*row)
        except NotOurs as error:
            raise ValueError(str(error)) from error
        return row

    def _video(self, *row: object) -> StoredVideo:
        """Return the video of a row.

        Raises:
            NotOurs: it holds what livecam never writes.
        """
        name, state, file, bucket, key, version, etag, *upload, size, checksum, wants_analysis, problem = row
        video = video_name(name)
        return StoredVideo(
            name=video,
            state=cell.one_of(_STATES, state, "state of a video"),
            file=file_of(self._file.folder, video, file),
            place=place_of(bucket, key, version, etag),
            upload=_upload(*upload),
            size=cell.count(size),
            checksum=cell.words_or_none(checksum),
            wants_analysis=cell.flag(wants_analysis),
            problem=cell.text_or_none(problem),
        )


def place_of(bucket: object, key: object, version: object, etag: object) -> S3Place | None:
    """Return the place that four cells tell; None when they are empty.

    Raises:
        NotOurs: they tell half of one.
    """
    if all(each is None for each in (bucket, key, version, etag)):
        return None
    return S3Place(cell.words(bucket), cell.words(key), cell.words_or_none(version), cell.words_or_none(etag))


def _is_same_object(one: S3Place | None, other: S3Place) -> bool:
    return one is not None and (one.bucket, one.key) == (other.bucket, other.key)


def _upload(upload_id: object, part_size: object) -> Upload | None:
    if upload_id is None and part_size is None:
        return None
    return Upload(cell.words(upload_id), cell.ordinal(part_size))
