"""What the clips of a run amount to: each with what became of it, and what was wrong with recording.

Pure; `tally.py` locks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from livecam.events import (
    ClipDamaged,
    ClipEnded,
    ClipRecorded,
    ClipRemoved,
    ClipStarted,
    RecordingRecovered,
    RecordingTroubled,
)

if TYPE_CHECKING:
    from livecam.clips import ClipState
    from livecam.events import Event

KEPT_CLIPS = 1_000
"""Newest clips that the summary lists; all are counted."""

ClipFate: TypeAlias = "ClipState | Literal['removed']"
"""What became of a clip; "removed" when it was deleted before the run ended."""


@dataclass(slots=True)
class _RunClip:
    """A clip of this run, as far as it is known."""

    file: str
    reason: str
    state: ClipFate = "recording"
    start: str | None = None
    """Wall time of its first frame, ISO 8601, UTC; None until it is finished."""
    duration: float | None = None
    frames: int | None = None
    problem: str | None = None

    def as_dict(self, clip: str) -> dict[str, Any]:
        """Return it as the summary has it."""
        return {
            "id": clip,
            "file": self.file,
            "start": self.start,
            "duration": self.duration,
            "frames": self.frames,
            "state": self.state,
            "s3": None,
            "reason": self.reason,
            "problem": self.problem,
        }


class ClipTally:
    """Counts clips and knows the present one."""

    def __init__(self) -> None:
        self._clips: dict[str, _RunClip] = {}
        self._present: ClipStarted | None = None
        self._damaged: set[str] = set()
        self._foreign_damaged: set[str] = set()
        self._recorded = 0
        self._seconds = 0.0
        self._salvaged = 0
        self._removed = 0
        self._trouble: RecordingTroubled | None = None
        self._troubles = 0

    def note(self, event: Event) -> None:
        """Take note of an event that concerns clips; of no other."""
        match event:
            case ClipStarted():
                self._start(event)
            case ClipEnded():
                self._end(event)
            case ClipRecorded():
                self._record(event)
            case ClipDamaged():
                self._damage(event)
            case ClipRemoved():
                self._remove(event)
            case RecordingTroubled() | RecordingRecovered():
                self._note_trouble(event)
            case _:
                pass

    @property
    def trouble(self) -> str | None:
        """What is wrong with recording now; None when all is well."""
        return self._trouble.message if self._trouble else None

    @property
    def lost(self) -> int:
        """Clips of this run that are damaged, and one for what is not recorded any more."""
        has_stopped = self._trouble is not None and self._trouble.has_stopped
        return len(self._damaged) + int(has_stopped)

    def seconds(self, now: float) -> float | None:
        """Return for how long the present clip has been recorded at instant `now`; None without one."""
        if self._present is None:
            return None
        return max(0.0, now - self._present.at) + self._present.pre_roll

    def summary(self) -> dict[str, Any]:
        """Return the parts of the `livecam.run/1` object that are about clips."""
        return {
            "clips": [known.as_dict(clip) for clip, known in self._clips.items()],
            "recording": {
                "recorded": self._recorded,
                "seconds": self._seconds,
                "damaged": len(self._damaged) + len(self._foreign_damaged),
                "salvaged": self._salvaged,
                "removed": self._removed,
                "trouble": self.trouble,
                "has_stopped": self._trouble is not None and self._trouble.has_stopped,
                "troubles": self._troubles,
            },
        }

    def _start(self, event: ClipStarted) -> None:
        # The next segment's beginning may be told before the end of the one before.
        self._present = event
        self._remember(event.clip, _RunClip(event.file, event.reason))

    def _end(self, event: ClipEnded) -> None:
        self._leave(event.clip)
        known = self._clips.get(event.clip)
        if known is not None and known.state == "recording":
            known.state = "finalising"

    def _record(self, event: ClipRecorded) -> None:
        self._leave(event.clip)
        self._damaged.discard(event.clip)
        self._foreign_damaged.discard(event.clip)
        known = self._clips.get(event.clip)
        if known is None and event.is_salvaged:
            self._salvaged += 1
            return
        if known is None:
            known = self._remember(event.clip, _RunClip(event.file, event.reason))
        known.file, known.state, known.problem = event.file, "recorded", None
        known.start, known.duration, known.frames = event.started_at, event.duration, event.frames
        self._recorded += 1
        self._seconds += event.duration

    def _damage(self, event: ClipDamaged) -> None:
        self._leave(event.clip)
        known = self._clips.get(event.clip)
        if known is None:
            self._foreign_damaged.add(event.clip)
            return
        self._damaged.add(event.clip)
        known.file, known.state, known.problem = event.file, "damaged", event.message

    def _remove(self, event: ClipRemoved) -> None:
        self._removed += 1
        known = self._clips.get(event.clip)
        if known is not None:
            known.state = "removed"

    def _note_trouble(self, event: RecordingTroubled | RecordingRecovered) -> None:
        if isinstance(event, RecordingRecovered):
            self._trouble = None
            return
        if self._trouble is None or event.has_stopped > self._trouble.has_stopped:
            self._troubles += 1
        if event.has_stopped:
            self._present = None
        self._trouble = event

    def _remember(self, clip: str, known: _RunClip) -> _RunClip:
        self._clips[clip] = known
        if len(self._clips) > KEPT_CLIPS:
            del self._clips[next(iter(self._clips))]
        return known

    def _leave(self, clip: str) -> None:
        if self._present is not None and self._present.clip == clip:
            self._present = None
