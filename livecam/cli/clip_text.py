"""What is said of clips: tables and sentences for people, records for programs."""

from __future__ import annotations

import itertools
import shlex
from typing import TYPE_CHECKING, Any

from livecam.archive.folder import is_id
from livecam.clip_record import clip_record
from livecam.recording.disk_room import size_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.archive.syncing import SyncReport
    from livecam.clips import Clip

COLUMNS = ("clip", "began", "length", "frames", "size", "state", "why")
RIGHT = ("length", "frames", "size")


def clip_table(clips: Sequence[Clip], states: Mapping[str, str] | None = None) -> list[str]:
    """Return clips as a table, one a line; nothing where there are none.

    Args:
        clips: what is told.
        states: how far each has come, by id, as `states_of` says; without them what is told is the file's.
    """
    if not clips:
        return []
    rows = [COLUMNS, *(_row(clip, (states or {}).get(clip.id, clip.state)) for clip in clips)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths) for row in rows]


def states_of(archive: Archive) -> dict[str, str]:
    """Return how far each clip has come on its way to S3 and its results, by id; of those that are on it."""
    states: dict[str, str] = {video.name: video.state for video in archive.ledger.videos.all()}
    for job in archive.ledger.jobs.all():
        states[job.video] = job.state
    return states


def total_text(clips: Sequence[Clip], folder: Path) -> str:
    """Return how much there is, and where; how long a clip is that is being recorded nobody knows."""
    if not clips:
        return f"no clips in {folder}; `livecam record` makes one"
    whole = [clip for clip in clips if clip.state not in ("recording", "finalising")]
    unfinished = len(clips) - len(whole)
    clips = whole
    seconds = sum(clip.duration or 0.0 for clip in clips)
    size = size_text(sum(clip.size or 0 for clip in clips))
    count = "1 clip" if len(clips) == 1 else f"{len(clips)} clips"
    without = f", without {unfinished} unfinished" if unfinished else ""
    return f"{count}, {length_text(seconds)}, {size} in {folder}{without}"


def left_lines(names: Sequence[str]) -> list[str]:
    """Return what is said of videos that were deleted, and of which something may be left on S3."""
    lines = []
    clips = [name for name in names if is_id(name)]
    others = [name for name in names if not is_id(name)]
    if clips:
        count = "1 clip is" if len(clips) == 1 else f"{len(clips)} clips are"
        lines.append(f"{count} gone here and left on S3: {_with_command(clips)}")
    if others:
        count = "1 other video was" if len(others) == 1 else f"{len(others)} other videos were"
        lines.append(f"{count} to be deleted and left on S3: {_with_command(others)}")
    return lines


def on_s3_alone(archive: Archive, clip: Clip) -> str | None:
    """Return where on S3 a clip is whose file here is gone; None of one that is here."""
    video = archive.ledger.videos.get(clip.id)
    if video is None or video.place is None or video.state != "stored" or clip.file.is_file():
        return None
    return video.place.uri


def length_text(seconds: float | None) -> str:
    """Return a duration as people read it, such as "1:02" or "2:00:05"."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes = f"{rest // 60:02}" if hours else f"{rest // 60}"
    return f"{f'{hours}:' if hours else ''}{minutes}:{rest % 60:02}"


def record_of(archive: Archive, clip: Clip) -> dict[str, Any]:
    """Return a clip of an archive as a JSON-ready dict."""
    ledger = archive.ledger
    record = clip_record(clip, ledger.videos.get(clip.id), ledger.jobs.of(clip.id))
    return record | {"file": str(archive.folder.clip(clip.id))}


def clip_details(archive: Archive, clip: Clip) -> dict[str, Any]:
    """Return all that is known of a clip as a JSON-ready dict: its video and what was seen in it as well."""
    from livecam.encoding.probe import Unreadable, probe, why_refused

    record = record_of(archive, clip)
    record["files"] = {path.name: path.stat().st_size for path in archive.folder.files(clip.id)}
    try:
        facts = probe(archive.folder.clip(clip.id))
    except Unreadable as error:
        uri = on_s3_alone(archive, clip)
        record["video"], record["refused"] = None, str(error) if uri is None else None
        record["is_on_s3_alone"] = uri is not None
    else:
        record["video"] = {
            "container": facts.container,
            "codec": facts.codec,
            "pixel_format": facts.pixel_format,
            "fps": facts.fps,
            "is_faststart": facts.is_faststart,
        }
        record["refused"] = why_refused(facts)
    return record | {"seen": _seen(archive, clip)}


def details_lines(details: dict[str, Any]) -> list[str]:
    """Return what `show` prints."""
    video, seen = details["video"], details["seen"]
    lines = [f"{details['id']}  {details['state']}"]
    lines += _field("began", f"{details['start']} (UTC), because of: {details['reason']}")
    lines += _field("source", details["source"])
    if video:
        size = f"{details['width']}x{details['height']}"
        lines += _field("video", f"{video['codec']} {size}, {video['fps']:.1f} fps, {video['pixel_format']}")
        lines += _field("length", f"{length_text(details['duration'])}, {details['frames']} frames")
    if details["problem"]:
        lines += _field("problem", details["problem"])
    if details.get("is_on_s3_alone"):
        lines += _field("video", f"it is on S3 alone: {details['s3']}")
    else:
        lines += _field("stored video", details["refused"] or "Rekognition takes a file like this one")
    if seen is not None:
        shown = ", ".join(f"{emotion.lower()} {share:.0%}" for emotion, share in seen["emotions"].items())
        faces = "1 face" if seen["faces"] == 1 else f"{seen['faces']} faces"
        lines += _field("seen", f"{faces}{f'; appeared {shown} of the time' if shown else ''}")
    if details["s3"] and not details.get("is_on_s3_alone"):
        lines += _field("on S3", details["s3"])
    for job in details["jobs"]:
        lines += _field("job", f"{job['status']}, {job['message'] or job['results'] or job['id']}")
    for name, size in details["files"].items():
        lines += _field("file", f"{name}  {size_text(size)}")
    return lines


def report_lines(report: SyncReport, known: int) -> list[str]:
    """Return what `sync` prints: what was done, then how many clips there are."""
    lines = [f"finished: {clip.file} ({length_text(clip.duration)})" for clip in report.salvaged]
    lines += [f"known again: {clip.file}" for clip in report.added]
    lines += [f"nothing was in {clip}" for clip in report.empty]
    lines += [f"deletion finished: {clip}" for clip in report.removed]
    lines += [f"its video is gone: {clip}" for clip in report.forgotten]
    lines += [f"somebody is at work on {clip}" for clip in report.busy]
    lines += [f"not finished: {why}" for why in report.failed.values()]
    return [*lines, f"{'1 clip' if known == 1 else f'{known} clips'} in the ledger"]


def report_record(archive: Archive, report: SyncReport) -> dict[str, Any]:
    """Return what was done as a JSON-ready dict."""
    return {
        "salvaged": [record_of(archive, clip) for clip in report.salvaged],
        "added": [record_of(archive, clip) for clip in report.added],
        "empty": report.empty,
        "removed": report.removed,
        "forgotten": report.forgotten,
        "busy": report.busy,
        "failed": report.failed,
    }


def _seen(archive: Archive, clip: Clip) -> dict[str, Any] | None:
    """Return how many faces were seen, and for which share of face-frames they appeared how."""
    from collections import Counter

    from livecam.archive.sidecar import read_sidecar
    from livecam.errors import OutputError

    tracks: set[int] = set()
    emotions: Counter[str] = Counter()
    try:
        for frame in read_sidecar(archive.folder.sidecar(clip.id)).frames():
            for face in frame.faces:
                tracks.add(face.track_id)
                emotions[face.emotion or "unclear"] += 1
    except OutputError:
        return None
    total = emotions.total()
    return {
        "faces": len(tracks),
        "emotions": {name: count / total for name, count in emotions.most_common(4)},
    }


def _with_command(names: Sequence[str]) -> str:
    return f"{', '.join(names)}; `livecam clips purge {shlex.join(names)}` deletes it there"


def _row(clip: Clip, state: str) -> tuple[str, ...]:
    return (
        clip.id,
        f"{clip.started_at.astimezone():%Y-%m-%d %H:%M:%S}",
        length_text(clip.duration),
        "-" if clip.frames is None else str(clip.frames),
        "-" if clip.size is None else size_text(clip.size),
        state,
        clip.reason,
    )


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    cells = [
        text.rjust(width) if name in RIGHT else text.ljust(width)
        for text, width, name in zip(row, widths, itertools.cycle(COLUMNS), strict=False)
    ]
    return "  ".join(cells).rstrip()


def _field(name: str, text: str) -> list[str]:
    return [f"  {name:<13}{text}"] if text else []
