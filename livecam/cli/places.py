"""Where livecam keeps things on this machine, how large they are, and how to remove them. Removes nothing."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder that livecam reads or makes."""

    what: str
    """For people, such as "models"."""
    path: Path
    """Absolute."""
    size: int | None
    """Bytes of what is ours there; None when nothing is there."""
    is_in_use: bool
    """Whether livecam takes it into account now: the second of two settings files is not."""
    remove: str | None
    """The command that removes what is ours; None when there is nothing to remove."""


def places(*, platform: str = sys.platform) -> list[Place]:
    """Return every place, in the order in which they are looked at."""
    from livecam.cli import demo
    from livecam.config import settings_file
    from livecam.state import browser_key, consent, conventions, spend
    from livecam.vision import model_files

    chosen = settings_file.in_use()
    models = [pinned.name for pinned in (*model_files.MODELS, *model_files.LICENCES)]
    here, user = settings_file.candidates()
    return [
        _file("settings of this folder", here, is_in_use=chosen == here, platform=platform),
        _file("settings of this user", user, is_in_use=chosen == user, platform=platform),
        _folder("models", model_files.models_folder(), models, platform=platform),
        _file("what you agreed to", consent.consent_file(), is_in_use=True, platform=platform),
        _file("what each day has cost", spend.spend_file(), is_in_use=True, platform=platform),
        _file("how detectors draw boxes", conventions.conventions_file(), is_in_use=True, platform=platform),
        _file("key of open pages", browser_key.key_file(), is_in_use=True, platform=platform),
        _clips(),
        _folder("last demo's output", demo.FOLDER, [demo.VIDEO, demo.SHEET], platform=platform),
    ]


def removal(paths: Sequence[Path], *, platform: str) -> str:
    """Return the command that removes files or folders, for the platform's usual shell."""
    if platform == "win32":  # PowerShell: a quote inside single quotes is doubled
        names = ",".join("'{}'".format(str(path).replace("'", "''")) for path in paths)
        return f"Remove-Item -Recurse -Force -LiteralPath {names}"
    return f"rm -rf {' '.join(shlex.quote(str(path)) for path in paths)}"


def _file(what: str, path: Path, *, is_in_use: bool, platform: str) -> Place:
    place = path.absolute()
    if not os.path.lexists(place):
        return Place(what, place, None, is_in_use, None)
    return Place(what, place, _size([place]), is_in_use, removal([place], platform=platform))


def _clips() -> Place:
    """Return the place of the clips, of which livecam's own command deletes all that is known too."""
    from livecam.archive.folder import ClipFolder, default_folder
    from livecam.config import load_settings
    from livecam.errors import UsageError

    try:
        chosen = load_settings({}).clip_dir
    except UsageError:  # other commands say so
        chosen = None
    folder = ClipFolder(chosen or default_folder())
    files = [path for clip in folder.ids() for path in folder.files(clip)]
    if not files and not folder.locks.parent.is_dir():
        return Place("clips", folder.path, None, is_in_use=True, remove=None)
    return Place("clips", folder.path, _size(files), is_in_use=True, remove="livecam clips purge --all")


def _folder(what: str, path: Path, names: Sequence[str], *, platform: str) -> Place:
    """Return the place of a folder in which only files with these names are ours."""
    place = path.absolute()
    ours = [place / name for name in names if (place / name).is_file()]
    try:
        is_ours_alone = {entry.name for entry in place.iterdir()} <= set(names)
    except OSError:
        return Place(what, place, None, is_in_use=True, remove=None)
    # A folder that the user named may hold other things: those are not ours to remove.
    doomed = [place] if is_ours_alone else ours
    return Place(
        what,
        place,
        _size(ours),
        is_in_use=True,
        remove=removal(doomed, platform=platform) if doomed else None,
    )


def _size(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())
