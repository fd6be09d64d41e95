"""What the user says about recording during a run, by a key or in a program, beside what the settings say."""

from __future__ import annotations

from collections import deque
from typing import Final

from livecam.errors import UsageError

MOST_MARKS: Final = 16
"""Marks that wait for the next frame."""


class RecordSwitch:
    """Set from any thread; taken by the recorder before each frame.

    Args:
        obstacle: why nothing may be recorded; None where it may.
    """

    def __init__(self, *, obstacle: str | None = None) -> None:
        self.obstacle = obstacle
        self.is_recording = False
        """Whether a clip is open, as the recorder last said."""
        self._said: bool | None = None
        self._marks: deque[str] = deque(maxlen=MOST_MARKS)

    @property
    def is_wanted(self) -> bool:
        """Whether a clip is open, or the next frame begins one: what was said last holds at once."""
        said = self._said
        return self.is_recording if said is None else said

    def say(self, is_wanted: bool) -> None:  # noqa: FBT001  as in say(False)
        """Begin a clip, or stop the one that is being recorded, whatever the settings say.

        Raises:
            UsageError: nothing may be recorded.
        """
        if is_wanted and self.obstacle is not None:
            raise UsageError(f"nothing is recorded: {self.obstacle}")
        self._said = is_wanted

    def toggle(self) -> None:
        """Stop the clip that is being recorded, or begin one."""
        self.say(not self.is_recording)

    def take(self) -> bool | None:
        """Return what was said since this was last asked; None for nothing."""
        said, self._said = self._said, None
        return said

    def mark(self, text: str) -> None:
        """Mark this moment in the clip that is being recorded, if one is."""
        self._marks.append(text)

    def take_marks(self) -> tuple[str, ...]:
        """Return what was marked since this was last asked."""
        return tuple(self._marks.popleft() for _ in range(len(self._marks)))
