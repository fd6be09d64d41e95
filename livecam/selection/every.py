"""Every frame is worth a call: the pace alone decides how many are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.selection.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.faces import Emotion
    from livecam.selection.choice import Choice, FaceEvidence


class Every:
    """Chooses each frame; fits `Policy`. Right where calls cost nothing."""

    def choose(self, now: float, faces: Sequence[FaceEvidence], *, has_cut: bool = False) -> Choice:  # noqa: ARG002
        """Return that the frame is worth a call."""
        return Reason.PACE.choice

    def sent(self, captured_at: float, faces: Sequence[FaceEvidence]) -> None:
        """Nothing follows from it."""

    def answered(
        self, captured_at: float, labels: Mapping[int, tuple[Emotion | None, Emotion | None]]
    ) -> None:
        """Nothing follows from it."""

    def failed(self, captured_at: float) -> None:
        """Nothing follows from it."""
