"""What the user says about recording during a run, by a key or in a program, beside what the settings say."""

from __future__ import annotations


class RecordSwitch:
    """Set from any thread; taken by the recorder before each frame."""

    def __init__(self) -> None:
        self.is_recording = False
        """Whether a clip is open, as the recorder last said."""
        self._said: bool | None = None

    def say(self, is_wanted: bool) -> None:  # noqa: FBT001  as in say(False)
        """Begin a clip, or stop the one that is being recorded, whatever the settings say."""
        self._said = is_wanted

    def toggle(self) -> None:
        """Stop the clip that is being recorded, or begin one."""
        self.say(not self.is_recording)

    def take(self) -> bool | None:
        """Return what was said since this was last asked; None for nothing."""
        said, self._said = self._said, None
        return said
