"""What must be true of clips whose livecams were killed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from livecam.archive.sidecar import read_sidecar
from livecam.encoding.probe import probe, why_refused
from livecam.errors import LivecamError
from livecam.native import av

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from killing import Round, Source

MOST_LOST = 1
"""Frames of a clip, and lines that a sidecar may have too many or too few."""
TIME_ERROR = 0.001
"""Seconds that a frame may be shown too early or too late."""


@dataclass(frozen=True, slots=True)
class ReadClip:
    """A clip as it can be read: times of the video and of its sidecar, seconds from the first frame."""

    video: Sequence[float]
    lines: Sequence[tuple[float, int]]
    """Time, and index of the frame in its source."""

    @property
    def sequences(self) -> list[int]:
        """Indexes in the source of the frames that can be read."""
        return [sequence for _, sequence in self.lines[: len(self.video)]]


@dataclass(slots=True)
class Verdict:
    """What was found."""

    clips: int = 0
    """Of them the ledger knows."""
    salvaged: int = 0
    """Processes whose newest clip was left unfinished by the kill."""
    frames_said: int = 0
    """That traces tell were recorded."""
    frames_readable: int = 0
    frames_lost: int = 0
    most_lost_of_a_clip: int = 0
    clips_gone: int = 0
    """Killed before the first frame was whole; with one frame at most."""
    frames_doubled: int = 0
    frames_not_recorded: int = 0
    """Of a live source, dropped by the recorder, and told so."""
    unreadable: int = 0
    worst_time_error_ms: float = 0.0
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def judge(folder: Path, rounds: Sequence[Round], ledger: Sequence[Mapping[str, Any]]) -> Verdict:
    """Read every clip to its end, and compare it with its trace, its sidecar and the ledger.

    Args:
        folder: of the clips.
        rounds: what was done.
        ledger: what `livecam clips list --json` says.
    """
    verdict = Verdict(clips=len(ledger), salvaged=sum(each.parts_left > 0 for each in rounds))
    _judge_leftovers(folder, ledger, verdict)
    read: dict[str, ReadClip] = {}
    for row in ledger:
        try:
            read[row["id"]] = _judged_clip(folder, row, verdict)
        except (LivecamError, av.FFmpegError) as error:
            verdict.unreadable += 1
            verdict.problems.append(f"{row['id']}: {error}")
    for each in rounds:
        if each.complaint:
            verdict.problems.append(f"round {each.number}: {each.complaint}")
        _judge_round(each, read, verdict)
    strangers = read.keys() - {clip for each in rounds for clip in each.clips}
    verdict.problems += [f"{clip}: nobody has recorded it" for clip in strangers]
    return verdict


def _judge_leftovers(folder: Path, ledger: Sequence[Mapping[str, Any]], verdict: Verdict) -> None:
    ids = [row["id"] for row in ledger]
    expected = {f"{clip}{suffix}" for clip in ids for suffix in (".mp4", ".jsonl")}
    found = {path.name for path in folder.iterdir() if path.is_file()}
    verdict.problems += [f"left lying about: {name}" for name in sorted(found - expected)]
    verdict.problems += [f"missing: {name}" for name in sorted(expected - found)]
    locks = sorted(path.name for path in (folder / ".livecam" / "locks").iterdir())
    verdict.problems += [f"left lying about: the lock {name}" for name in locks]
    aside = [path.name for path in (folder / ".livecam").iterdir() if ".damaged-" in path.name]
    verdict.problems += [f"the ledger was damaged: {name}" for name in aside]
    if len(set(ids)) != len(ids):
        verdict.problems.append("the ledger lists a clip twice")


def _judged_clip(folder: Path, row: Mapping[str, Any], verdict: Verdict) -> ReadClip:
    """Decode a clip to its end, and compare it with its row and its sidecar."""
    clip = row["id"]
    path = folder / f"{clip}.mp4"
    facts = probe(path)
    read = ReadClip(decoded_times(path), _lines(folder / f"{clip}.jsonl"))
    frames = len(read.video)
    errors = [abs(shown - line[0]) for shown, line in zip(read.video, read.lines, strict=False)]
    verdict.worst_time_error_ms = max(verdict.worst_time_error_ms, *(error * 1000 for error in errors))
    faults = {
        f"its state is {row['state']}": row["state"] != "recorded",
        f"{why_refused(facts)}": why_refused(facts) is not None,
        "its index comes last": not facts.is_faststart,
        f"{frames} frames of {facts.frames} can be decoded": frames != facts.frames,
        f"the ledger says {row['frames']} frames, the file {frames}": frames != row["frames"],
        f"{frames} frames, {len(read.lines)} lines": abs(len(read.lines) - frames) > MOST_LOST,
        "its video and its sidecar differ in time": max(errors) > TIME_ERROR,
        "it does not begin at 0": read.video[0] != 0,
    }
    verdict.problems += [f"{clip}: {fault}" for fault, holds in faults.items() if holds]
    return read


def decoded_times(path: Path) -> list[float]:
    """Return the time of each frame of a video, in seconds; every one is decoded.

    Raises:
        av.FFmpegError: one cannot be decoded.
    """
    with av.open(str(path)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def _lines(path: Path) -> list[tuple[float, int]]:
    return [(frame.time, frame.frame) for frame in read_sidecar(path).frames()]


def _judge_round(each: Round, read: Mapping[str, ReadClip], verdict: Verdict) -> None:
    """Compare what a process said to have recorded with what there is."""
    said = _said(each.trace)
    for clip, sequences in _by_clip(said).items():
        there = set(read[clip].sequences) if clip in read else set()
        lost = len(set(sequences) - there)
        verdict.clips_gone += clip not in read
        verdict.frames_said += len(sequences)
        verdict.frames_lost += lost
        verdict.most_lost_of_a_clip = max(verdict.most_lost_of_a_clip, lost)
        if lost > MOST_LOST:
            verdict.problems.append(
                f"{clip}: {lost} frames are lost of {len(sequences)} (round {each.number})"
            )
    clips = [read[clip] for clip in each.clips if clip in read]
    every = sorted(sequence for clip in clips for sequence in clip.sequences)
    verdict.frames_readable += len(every)
    doubled = len(every) - len(set(every))
    verdict.frames_doubled += doubled
    if doubled:
        verdict.problems.append(f"round {each.number}: {doubled} frames are in two clips")
    if each.is_all and each.source is not None:
        _judge_joins(each, every, said, verdict)
        for one in clips:
            _judge_source_times(each.source, one, verdict)


def _judge_joins(each: Round, every: Sequence[int], said: Mapping[int, str | None], verdict: Verdict) -> None:
    """See that nothing is missing between the first and the last frame of a process."""
    missing = [lost for before, after in pairwise(every) for lost in range(before + 1, after)]
    if each.source is not None and each.source.times is None:
        dropped = [sequence for sequence in missing if said.get(sequence) is None]
        verdict.frames_not_recorded += len(dropped)
        missing = sorted(set(missing) - set(dropped))
    if missing:
        verdict.problems.append(f"round {each.number}: frames {missing} are missing between clips")
    if every and every[0] > MOST_LOST and each.source is not None and each.source.times is not None:
        verdict.problems.append(f"round {each.number}: its first frame is {every[0]}")


def _judge_source_times(source: Source, clip: ReadClip, verdict: Verdict) -> None:
    if source.times is None or not clip.sequences:
        return
    first = source.times[clip.sequences[0]]
    pairs = zip(clip.video, clip.sequences, strict=False)
    worst = max(abs(shown - (source.times[sequence] - first)) for shown, sequence in pairs)
    verdict.worst_time_error_ms = max(verdict.worst_time_error_ms, worst * 1000)
    if worst > TIME_ERROR:
        verdict.problems.append(f"a clip of {source.name} is {worst * 1000:.1f} ms off")


def _said(trace: Path) -> dict[int, str | None]:
    """Return what a trace says of each frame: its clip, or None; a torn end is left out."""
    if not trace.exists():
        return {}
    said = {}
    for line in trace.read_text("utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            record = json.loads(line)
            said[record["frame"]] = record["clip"]
    return said


def _by_clip(said: Mapping[int, str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for sequence, clip in said.items():
        if clip is not None:
            found.setdefault(clip, []).append(sequence)
    return found
