"""What `Smart` keeps of one face, and whether that face is worth a call."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livecam.selection.asking import Asking
from livecam.selection.drift import Drift
from livecam.selection.reasons import Reason

if TYPE_CHECKING:
    from livecam.faces import Emotion
    from livecam.selection.blur import BlurVeto
    from livecam.selection.choice import FaceEvidence
    from livecam.selection.threshold import FixedThreshold, LearningThreshold

BLIND_AFTER = 1.5
"""Seconds without a look after which nothing is known of what a face does: the finder looks five times a
second, or once where it is slow."""
BLIND_REFRESH = 2.0
"""Seconds between calls about such a face: a quarter of the cost of a fixed 2/s, and labels stay young."""


class WatchedFace:
    """One face, over time.

    Args:
        threshold: distance of two looks (1 - cosine) from which on it has changed.
        veto: puts calls off while it is blurred; None for never.
        refresh: seconds after which it is asked about although it did not change.
    """

    def __init__(
        self, *, threshold: LearningThreshold | FixedThreshold, veto: BlurVeto | None, refresh: float
    ) -> None:
        self._refresh = refresh
        self._drift = Drift()
        self._threshold = threshold
        self._veto = veto
        self._asking = Asking(longest_wait=refresh)
        self._cut_at: float | None = None
        self.known_at = -math.inf
        """When the face was among those of a frame last."""

    def look(self, face: FaceEvidence) -> None:
        """Take what the finder saw of it, if that is new."""
        seen = face.appearance
        if seen is None or face.seen_at is None or face.seen_at <= self._drift.seen_at:
            return
        self._drift.look(seen.vector, face.seen_at)
        if self._veto is not None:
            self._veto.look(seen.sharpness)

    def verdict(self, now: float, face: FaceEvidence, *, may_repeat: bool) -> Reason:
        """Return what speaks for or against a call about the frame captured at `now`.

        Args:
            now: the instant.
            face: the newest evidence.
            may_repeat: the last call is so long ago that another may be made for a face that is not new.
        """
        due = self._due(now, face)
        if due in (Reason.SCENE_CUT, Reason.NEW_FACE):
            return due
        if due is None:
            self._rest()
            return Reason.ASKED if self._asking.is_under_way(now, face) else Reason.UNCHANGED
        if not may_repeat:
            return Reason.TOO_SOON
        return Reason.BLURRED if self._veto is not None and self._veto.holds(now) else due

    def sent(self, captured_at: float, face: FaceEvidence) -> None:
        """Take note that a frame with this face was sent."""
        is_known = self._cut_at is None and not self._is_new(face)
        had_changed = self._has_changed(captured_at) if is_known else None
        self._asking.sent(captured_at, had_changed=had_changed)
        self._drift.settle()
        self._rest()
        if self._cut_at is not None and captured_at >= self._cut_at:
            self._cut_at = None

    def answered(self, captured_at: float, labels: tuple[Emotion | None, Emotion | None]) -> None:
        """Take note of the label shown before and of the answer's own."""
        had_changed = self._asking.named(captured_at)
        if had_changed is not None:
            shown, own = labels
            self._threshold.learn(had_changed=had_changed, is_other_label=own != shown)

    def missed(self, captured_at: float) -> None:
        """Take note that the answer about that frame did not name it: a change that was seen was in vain."""
        if self._asking.missed(captured_at):
            self._threshold.learn(had_changed=True, is_other_label=False)

    def failed(self, captured_at: float) -> None:
        """Take note that there will be no answer about that frame."""
        if self._asking.failed(captured_at):
            self._drift.forget()

    def cut(self, at: float) -> None:
        """Take note that the frame captured at `at` shows another scene."""
        self._cut_at = at
        self._drift.restart(at)
        if self._veto is not None:
            self._veto.restart()

    def _due(self, now: float, face: FaceEvidence) -> Reason | None:
        """Return what speaks for a call; None when nothing does."""
        if self._cut_at is not None:
            return Reason.SCENE_CUT
        if self._is_new(face):
            return Reason.NEW_FACE
        if self._asking.is_to_be_repeated(now):
            return Reason.NOT_ANSWERED
        if self._has_changed(now):
            return Reason.CHANGED
        is_blind = self._drift.distance is None or now - self._drift.seen_at > BLIND_AFTER
        refresh = min(BLIND_REFRESH, self._refresh) if is_blind else self._refresh
        is_old = now - self._asking.asked_at(face) >= refresh
        return Reason.LABEL_OLD if is_old and not self._asking.is_under_way(now, face) else None

    def _rest(self) -> None:
        if self._veto is not None:
            self._veto.rest()

    def _is_new(self, face: FaceEvidence) -> bool:
        return self._asking.asked_at(face) == -math.inf

    def _has_changed(self, now: float) -> bool:
        """Return whether it looks otherwise than in the last frame sent, as far as is known."""
        distance = self._drift.distance
        is_seen = now - self._drift.seen_at <= BLIND_AFTER
        return is_seen and distance is not None and distance > self._threshold.value
