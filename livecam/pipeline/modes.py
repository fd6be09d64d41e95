"""How the picture and its answers go together; the user may switch while it runs."""

from __future__ import annotations


class ModeSwitch:
    """Live: each picture at once, with what is known. Aligned: held back until its answer may be there.

    Set from any thread; read by the picture thread before each frame.
    """

    def __init__(self, mode: str = "live") -> None:
        self.is_aligned = mode == "aligned"

    @property
    def name(self) -> str:
        """The mode's name."""
        return "aligned" if self.is_aligned else "live"

    def toggle(self) -> None:
        """Change to the other mode."""
        self.is_aligned = not self.is_aligned
