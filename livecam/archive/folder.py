"""The clip folder: which file belongs to which clip. Names only; opens nothing."""

from __future__ import annotations

import contextlib
import re
import secrets
import string
from typing import TYPE_CHECKING

from livecam.clips import COPIES
from livecam.errors import OutputError
from livecam.whole_file import make_folder

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-z]{6}")
_RANDOM = string.ascii_lowercase + string.digits
_SUFFIXES = (".mp4", ".part.mp4", ".tmp.mp4", ".jsonl", *(f".{kind}.mp4" for kind in COPIES))
_RESULTS = (".results.jsonl", ".results.jsonl.part", ".report.html", ".report.png")
_HALF_REPORTS = (".report.html.part", ".report.png.part")
_OWN = (*_SUFFIXES, *(f".{kind}.part.mp4" for kind in COPIES), *_RESULTS, *_HALF_REPORTS)


def new_id(started_at: datetime) -> str:
    """Return an id for a clip: its time for people, and an end that no other clip has.

    The time alone would not do: two livecams may begin at once, and a clock may be set back.
    """
    return f"{started_at:%Y%m%d-%H%M%S}-{''.join(secrets.choice(_RANDOM) for _ in range(6))}"


def is_id(text: str) -> bool:
    """Say whether a text has the form of a clip's id; only such a text may become part of a path."""
    return _ID.fullmatch(text) is not None


def default_folder() -> Path:
    """Return where clips are kept unless told otherwise: in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("livecam", appauthor=False) / "clips"


class ClipFolder:
    """Knows the files of each clip.

    Args:
        path: of the folder; need not exist before `make`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def make(self) -> None:
        """Make the folder, for its owner only, and see that files can be made in it.

        Raises:
            OutputError: it cannot be used.
        """
        try:
            if not self.path.is_dir():
                make_folder(self.path)
            self.locks.parent.mkdir(mode=0o700, exist_ok=True)
            self.locks.mkdir(mode=0o700, exist_ok=True)
            probe = self.locks / f"probe-{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink(missing_ok=True)  # a `sync` that tidies up may have been quicker
        except OSError as error:
            raise OutputError(
                f"clips cannot be kept in {self.path}: {error.strerror}; give another folder with --clip-dir"
            ) from error

    @property
    def locks(self) -> Path:
        """Folder of the locks of those clips that somebody is at work on."""
        return self.path / ".livecam" / "locks"

    def clip(self, clip: str) -> Path:
        """Return where the finished clip is, or will be."""
        return self._file(clip, ".mp4")

    def part(self, clip: str) -> Path:
        """Return the file that frames are written to; readable whenever that ends."""
        return self._file(clip, ".part.mp4")

    def scratch(self, clip: str) -> Path:
        """Return the file in which the finished clip is put together; rubbish after a crash."""
        return self._file(clip, ".tmp.mp4")

    def sidecar(self, clip: str) -> Path:
        """Return the file that says what was shown on each frame."""
        return self._file(clip, ".jsonl")

    def copy(self, clip: str, kind: str) -> Path:
        """Return where a copy of the clip is, or will be; see `COPIES`."""
        return self._file(clip, f".{kind}.mp4")

    def locked(self) -> list[str]:
        """Return the ids of those clips that somebody is, or was when a kill came, at work on."""
        return sorted(path.stem for path in self.locks.glob("*.lock") if is_id(path.stem))

    def probes(self) -> list[Path]:
        """Return the files by which it was tried whether files can be made, unless they are gone."""
        return list(self.locks.glob("probe-*"))

    def lock(self, clip: str) -> Path:
        """Return the file whose lock says that somebody is at work on the clip."""
        return self.locks / f"{self._checked(clip)}.lock"

    def files(self, clip: str) -> list[Path]:
        """Return every file of a clip that is there, its lock excepted."""
        return [path for suffix in _OWN if (path := self._file(clip, suffix)).is_file()]

    def holds(self, path: Path) -> bool:
        """Say whether a path is that of a clip's file, of results or of livecam's own, there or not."""
        folder, real = self.path.resolve(), path.resolve()
        if not real.is_relative_to(folder):
            return False
        if real.relative_to(folder).parts[:1] == (".livecam",):
            return True
        name = real.name.lower()  # some disks take both cases for the same
        clip, dot, rest = name.partition(".")
        is_clips = is_id(clip) and dot + rest in _OWN
        return real.parent == folder and (is_clips or name.endswith(_RESULTS[:2]))

    def ids(self) -> list[str]:
        """Return the ids of all clips that have a file here, oldest first."""
        try:
            names = [path.name for path in self.path.iterdir()]
        except OSError:
            return []
        found = {name.partition(".")[0] for name in names if name.endswith(_OWN)}
        return sorted(filter(is_id, found))

    def unfinished_bytes(self) -> int:
        """Return the size of all part files, those of other livecams too: finishing takes as much again."""
        total = 0
        for path in self.path.glob("*.part.mp4"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total

    def half_copies(self, clip: str) -> list[Path]:
        """Return the copies of a clip that were begun, and are not whole."""
        paths = (self._file(clip, f".{kind}.part.mp4") for kind in COPIES)
        return [path for path in paths if path.is_file()]

    def _file(self, clip: str, suffix: str) -> Path:
        return self.path / f"{self._checked(clip)}{suffix}"

    @staticmethod
    def _checked(clip: str) -> str:
        """Return an id that is one: no text from elsewhere becomes part of a path."""
        if not is_id(clip):
            raise OutputError(f"{clip!r} is no clip's id; `livecam clips list` shows them")
        return clip
