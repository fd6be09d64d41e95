"""What a policy is told, and what it says. Values and the shape of a policy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.detections import Appearance
    from livecam.faces import Emotion


@dataclass(frozen=True, slots=True)
class FaceEvidence:
    """What is known of one face, free of charge."""

    key: int
    """The same for the same face as long as it is known; never used again."""
    answered_at: float | None
    """When the newest frame was captured that an answer named it in; None before the first."""
    appearance: Appearance | None = None
    """How it looked when the finder saw it last; None where the finder has not."""
    seen_at: float | None = None
    """When that frame was captured."""
    height: float = 0.0
    """Of its box, as a fraction of the frame's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a frame is worth a call, and why or why not."""

    is_chosen: bool
    reason: str
    """A few words, of a small set: they are counted."""


class Policy(Protocol):
    """Decides frame by frame. Told in the order in which things happen; instants are monotonic seconds."""

    def choose(self, now: float, faces: Sequence[FaceEvidence], *, has_cut: bool = False) -> Choice:
        """Return whether the frame captured at `now` is worth a call."""

    def sent(self, captured_at: float, faces: Sequence[FaceEvidence]) -> None:
        """Take note that the frame captured at that instant was sent, with the evidence of that time."""

    def answered(
        self, captured_at: float, labels: Mapping[int, tuple[Emotion | None, Emotion | None]]
    ) -> None:
        """Take note of the answer about that frame: by face, the label shown before and the answer's own."""

    def failed(self, captured_at: float) -> None:
        """Take note that there will be no answer about that frame."""
