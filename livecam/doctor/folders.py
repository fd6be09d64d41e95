"""Checks of the folders that livecam keeps things in: who may use them, and how much more they take."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import stat
from typing import TYPE_CHECKING

from livecam.archive.folder import ClipFolder, default_folder
from livecam.doctor.databases import Database, reading
from livecam.doctor.examination import Finding
from livecam.recording.disk_room import DiskRoom, size_text
from livecam.state.consent import consent_file
from livecam.state.ledger import ledger_file
from livecam.vision.model_files import models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from livecam.config.settings import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
ASSUMED = 1e9 / 3600
"""Bytes a second of 720p video with people in it; until there are clips to measure."""
MEASURED_FROM = 60.0
"""Seconds of recorded video from which their own bytes a second are taken."""
LITTLE = 3600.0
"""Seconds of video; with less room than that a warning is given."""
MAKE_ROOM = "delete clips with `livecam clips purge`, or record elsewhere with --clip-dir"


def clip_folder(settings: Settings | None) -> Path:
    """Return the folder of the clips."""
    return ((settings.clip_dir if settings else None) or default_folder()).absolute()


def folders(clips: Path, files: Iterable[Database]) -> Finding:
    """Say whether livecam can write where it keeps things, and whether other users can look into them.

    Args:
        clips: the clip folder.
        files: that are for their owner alone.
    """
    data = consent_file().parent
    places = {data: "settings kept by livecam", clips: "clips", models_folder().absolute(): "models"}
    barred = [f"{what} cannot be written: {path}" for path, what in places.items() if not _may_write(path)]
    if barred:
        return Finding(
            "fail", "; ".join(barred), "make the folder writable for you, or name another (--clip-dir)"
        )
    private = [path for path in (data, clips, *(each.path for each in files)) if _is_open_to_others(path)]
    if private:
        named = " ".join(shlex.quote(str(path)) for path in private)
        return Finding("warn", f"other users of this machine may look into {named}", f"chmod go= {named}")
    return Finding("ok", f"{', '.join(map(str, places))}: can be written, and what is private is yours alone")


def clips(
    settings: Settings | None, usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage
) -> Finding:
    """Say how much video there is room for in the clip folder.

    Args:
        settings: folder and what is to stay free; None when they cannot be used, which another check tells.
        usage: total, used and free bytes of a folder's disk.
    """
    folder = clip_folder(settings)
    total, _, free = usage(_nearest(folder))
    judge = DiskRoom(settings.keep_free) if settings else DiskRoom()
    needed = ClipFolder(folder).unfinished_bytes()
    kept = judge.kept_free(total)
    room = judge.judge(free, total, needed)
    if room != "ok":
        stops = "recording stops" if room == "full" else "recording will stop soon, which it does"
        return Finding(
            "fail" if room == "full" else "warn",
            f"{size_text(free)} free of {size_text(total)} for {folder}: {stops} below {size_text(kept)}",
            MAKE_ROOM,
        )
    rate = measured_rate(folder)
    seconds = max(free - needed - kept, 0) / (rate or ASSUMED)
    per_hour = f"{size_text((rate or ASSUMED) * 3600)} an hour"
    basis = f"as your clips took so far, {per_hour}" if rate else f"at {per_hour}, which is assumed"
    told = f"{size_text(free)} free for {folder}: room for {seconds / 3600:,.1f} hours of video, {basis}"
    if seconds < LITTLE:
        return Finding("warn", told, MAKE_ROOM)
    return Finding("ok", told)


def measured_rate(folder: Path) -> float | None:
    """Return the bytes a second of the clips in a folder; None where there are too few, or nobody knows."""
    sql = "SELECT SUM(size), SUM(duration) FROM clips WHERE size > 0 AND duration > 0"
    path = ledger_file(folder)
    if not path.is_file():
        return None
    try:
        with reading(path) as file:
            size, duration = file.execute(sql).fetchone()
            return float(size) / float(duration) if duration and duration >= MEASURED_FROM else None
    except (sqlite3.Error, UnicodeDecodeError, TypeError, ValueError):  # the check of the databases tells
        return None


def _may_write(folder: Path) -> bool:
    """Say whether files can be made in a folder, or the folder itself."""
    place = _nearest(folder)
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def _is_open_to_others(path: Path) -> bool:
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & OTHERS)


def _nearest(folder: Path) -> Path:
    """Return the folder, or that above it which is there."""
    return next((place for place in (folder, *folder.parents) if os.path.lexists(place)), folder)
