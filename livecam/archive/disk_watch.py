"""How much room the clips' disk has, looked at every few seconds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from livecam.recording.disk_room import DiskRoom, room_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.recording.disk_room import Room

LOOK_EVERY = 0.5
"""Seconds of media time: a clip takes half a megabyte between two looks, and a small disk has little more."""


class DiskWatch:
    """Says when the room on a disk has become another.

    Args:
        folder: on that disk; must exist.
        keep_free: bytes that recording leaves alone.
    """

    def __init__(self, folder: Path, *, keep_free: int) -> None:
        self._folder = folder
        self._room = DiskRoom(keep_free)
        self._due_at: float | None = None
        self.state: Room = "ok"
        self.sentence = ""
        """What the last verdict means and what to do."""

    def look(self, at: float, *, unfinished_bytes: Callable[[], int]) -> Room | None:
        """Return the verdict if it has changed since the last look.

        Args:
            at: media time, seconds.
            unfinished_bytes: returns the size of all clips that are not finished: that takes as much again.
        """
        if self._due_at is not None and self._due_at - LOOK_EVERY <= at < self._due_at:
            return None
        self._due_at = at + LOOK_EVERY
        try:
            usage = shutil.disk_usage(self._folder)
        except OSError:  # unmounted: writing will tell
            return None
        before, self.state = self.state, self._room.judge(usage.free, usage.total, unfinished_bytes())
        if self.state == before:
            return None
        self.sentence = room_text(self.state, free=usage.free, total=usage.total, folder=self._folder)
        return self.state
