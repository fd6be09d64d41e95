"""Which clips the user does not want to keep any longer. Deletes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from livecam.recording.disk_room import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from livecam.clips import Clip

REMOVABLE = ("recorded", "damaged")
"""States in which nobody is at work on a clip."""


def expired(
    clips: Sequence[Clip], *, now: datetime, keep_days: float | None, keep_bytes: int | None
) -> list[tuple[Clip, str]]:
    """Return the clips that are to go and why, oldest first.

    The newest clip never goes for size: what was just recorded is what the user wants to see.

    Args:
        clips: all of them, in any order and state.
        now: wall time, aware.
        keep_days: days after its end for which a clip is kept; None for ever.
        keep_bytes: bytes that all clips may take together, those being recorded included as far as their
            size is known; None for any number.
    """
    removable = sorted((clip for clip in clips if clip.state in REMOVABLE), key=_age_key)
    going: dict[str, tuple[Clip, str]] = {}
    if keep_days is not None:
        why = f"older than {keep_days:g} {'day' if keep_days == 1 else 'days'}"
        going |= {clip.id: (clip, why) for clip in removable if _days_since(clip, now) > keep_days}
    if keep_bytes is not None:
        why = f"all clips together take more than {size_text(keep_bytes)}"
        kept = [clip for clip in removable if clip.id not in going]
        taken = sum(clip.size or 0 for clip in clips if clip.id not in going and clip.state != "purging")
        going |= {clip.id: (clip, why) for clip in _for_room(kept, taken - keep_bytes)}
    return [going[clip.id] for clip in removable if clip.id in going]


def _for_room(clips: Sequence[Clip], too_many: int) -> list[Clip]:
    """Return the oldest clips that take at least so many bytes, as far as they may go."""
    newest = {clip.id for clip in clips[-1:]}
    newest |= {clip.id for clip in [each for each in clips if each.state == "recorded"][-1:]}
    going = []
    for clip in clips:
        if too_many <= 0:
            break
        if clip.size and clip.id not in newest:
            going.append(clip)
            too_many -= clip.size
    return going


def _age_key(clip: Clip) -> tuple[datetime, str]:
    return clip.started_at, clip.id


def _days_since(clip: Clip, now: datetime) -> float:
    ended_at = clip.started_at + timedelta(seconds=clip.duration or 0.0)
    return (now - ended_at) / timedelta(days=1)
