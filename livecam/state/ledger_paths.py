"""Names of videos and paths of their files in the ledger: in the clip folder, or what the user named himself.

A ledger may have been tampered with, and files that it names are deleted: no path in it leads elsewhere. What
lies in the clip folder is kept as a bare name, so that the folder may be moved together with its ledger.
"""

from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from livecam.errors import OutputError
from livecam.state import ledger_cells as cell
from livecam.state.sqlite_file import NotOurs

S3 = "s3://"
RESULTS = ".results.jsonl"
"""What the name of every file with results ends in."""
TRANSCODED = PurePosixPath(".livecam/transcoded")
"""Where in the clip folder copies are that are uploaded in the place of what Rekognition would refuse."""


def video_name(value: object) -> str:
    """Return the name of a video: a clip's id, the absolute path of a file, or s3://BUCKET/KEY.

    Raises:
        NotOurs: it is none of these.
    """
    name = cell.text(value)
    if name.startswith(S3):
        bucket, _, key = name.removeprefix(S3).partition("/")
        if bucket and key:
            return name
    elif cell.is_plain_name(name) or ((path := _named_path(name)) and ".." not in path.parts):
        return name
    raise NotOurs(f"{name!r:.60} is no name of a video")


def as_cell(folder: Path, path: Path | None) -> str | None:
    """Return what is written down of a path: its bare name if it is in the clip folder, else all of it.

    Of a transcoded copy it is the path from the clip folder on.

    Raises:
        OutputError: it is no text, which a path on Linux need not be.
    """
    if path is None:
        return None
    parent = path.parent.resolve()
    if cell.is_plain_name(path.name) and parent == folder.resolve():
        return writable(path.name)
    if cell.is_plain_name(path.name) and parent == folder.resolve() / TRANSCODED:
        return writable(str(TRANSCODED / path.name))
    return writable(str(path))


def writable(name: str) -> str:
    """Return a name that can be written down, and sent to S3, as it is.

    Raises:
        OutputError: it is no UTF-8.
    """
    if cell.encodable(name) == name:
        return name
    raise OutputError(f"{name!a:.200} cannot be worked with, as its name is no UTF-8; rename the file")


def file_of(folder: Path, video: str, value: object) -> Path | None:
    """Return the file that is uploaded: in the clip folder, a transcoded copy, or what names the video.

    Raises:
        NotOurs: it leads elsewhere.
    """
    written = cell.text_or_none(value)
    if written is None:
        return None
    if _is_in_folder(written.removeprefix(f"{TRANSCODED}/"), video):
        return folder / written
    if written == video and _named_path(video):
        return Path(written)
    raise NotOurs(f"{written!r:.60} is no file of the video {video!r:.60}")


def results_of(folder: Path, video: str, value: object) -> Path | None:
    """Return the file with a video's results: in the clip folder, or beside the file that names the video.

    Raises:
        NotOurs: it leads elsewhere, or may be something else than results.
    """
    written = cell.text_or_none(value)
    if written is None:
        return None
    if written.endswith(RESULTS):
        if _is_in_folder(written, video):
            return folder / written
        if _is_beside(written, video):
            return Path(written)
    raise NotOurs(f"{written!r:.60} is no file with results of the video {video!r:.60}")


def _is_in_folder(written: str, video: str) -> bool:
    """Say whether it names a file in the clip folder; a clip's own begins with its id."""
    return cell.is_plain_name(written) and (not cell.is_plain_name(video) or written.startswith(f"{video}."))


def _is_beside(written: str, video: str) -> bool:
    named, results = _named_path(video), _named_path(written)
    if named is None or results is None:
        return False
    # Without the video's ending it is what an earlier livecam wrote.
    return results.parent == named.parent and results.name in (named.name + RESULTS, named.stem + RESULTS)


def _named_path(name: str) -> PurePath | None:
    """Return the path that is an absolute one on any system: a folder may be carried to another one."""
    for flavour in (PurePosixPath, PureWindowsPath):
        path = flavour(name)
        if path.is_absolute():
            return path
    return None
