"""Asks when there is something to ask: on an office day 9 % of the calls of a fixed 2/s showed as much.

Worth a call is a face that nobody was asked about, one whose mouth or brows changed since the last frame
that was sent, one whose label grows old, and every face after a scene cut. One call serves all faces of the
frame.

Where nothing can be known it asks more, not less: a face that the finder does not see is asked about every
two seconds, and without a finder every frame is worth a call, since "nobody" would then only mean that nobody
looked.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livecam.selection.blur import BlurVeto
from livecam.selection.reasons import Reason, foremost
from livecam.selection.threshold import FIRST, FixedThreshold, LearningThreshold
from livecam.selection.watched_face import WatchedFace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.faces import Emotion
    from livecam.selection.choice import Choice, FaceEvidence

REFRESH = 10.0
"""Seconds after which a face is asked about although it did not change. This finds almost nothing (with 20 or
5 s as many changes are seen); it bounds how old a label is."""
NOBODY_EVERY = 60.0
"""Seconds without any face from one check to the next."""
FIRST_CHECK = 2.0
"""Seconds without any face until the first one: whether calls can be made at all shows before somebody comes,
and the finder may be blind for who is there."""
LEAST_APART = 0.5
"""Seconds from one call to the next that is not about a new face: 0.7 misses a twentieth of the changes."""
FORGOTTEN_AFTER = 30.0
"""Seconds after which a face that is no longer known is forgotten."""


class Smart:
    """Chooses the frames that are worth a paid call; fits `Policy`.

    Args:
        has_finder: whether the on-device finder looks for faces.
        refresh: seconds after which a face is asked about although it did not change.
        nobody_every: seconds without any face from one check to the next; None for never.
        threshold: distance of two looks (1 - cosine) from which on a face has changed, until its answers
            have taught a better one.
        learns: whether they do.
        waits_while_blurred: whether a call is put off, briefly, while the face is blurred.
    """

    def __init__(
        self,
        *,
        has_finder: bool,
        refresh: float = REFRESH,
        nobody_every: float | None = NOBODY_EVERY,
        threshold: float = FIRST,
        learns: bool = True,
        waits_while_blurred: bool = True,
    ) -> None:
        self._has_finder = has_finder
        self._refresh = refresh
        self._nobody_every = math.inf if nobody_every is None else nobody_every
        self._threshold = threshold
        self._learns = learns
        self._waits_while_blurred = waits_while_blurred
        self._faces: dict[int, WatchedFace] = {}
        self._sent_at = -math.inf
        self._nobody_since: float | None = None

    @property
    def refresh(self) -> float:
        """Seconds that an unchanged face's label grows old before it is asked about again."""
        return self._refresh

    def finder_lost(self) -> None:
        """Take note that nobody looks for faces any more: every frame is worth a call from now on."""
        self._has_finder = False

    def choose(self, now: float, faces: Sequence[FaceEvidence], *, has_cut: bool = False) -> Choice:
        """Return whether the frame captured at `now` is worth a call.

        A cut to a scene without faces is no reason: a light that is switched on in an empty room would be.
        """
        if has_cut:
            for watched in self._faces.values():
                watched.cut(now)
        if not self._has_finder:
            return Reason.PACE.choice
        if not faces:
            return self._about_nobody(now).choice
        self._nobody_since = None
        may_repeat = now - self._sent_at >= LEAST_APART
        verdicts = []
        for face in faces:
            watched = self._watched(face)
            watched.known_at = now
            watched.look(face)
            verdicts.append(watched.verdict(now, face, may_repeat=may_repeat))
        self._forget(now)
        return foremost(verdicts).choice

    def sent(self, captured_at: float, faces: Sequence[FaceEvidence]) -> None:
        """Take note that the frame captured at that instant was sent: its faces are compared with it."""
        self._sent_at = max(self._sent_at, captured_at)
        for face in faces:
            watched = self._watched(face)
            watched.known_at = max(watched.known_at, captured_at)
            watched.look(face)
            watched.sent(captured_at, face)

    def answered(
        self, captured_at: float, labels: Mapping[int, tuple[Emotion | None, Emotion | None]]
    ) -> None:
        """Learn from the answer about that frame: by face, the label shown before and the answer's own."""
        for key, watched in self._faces.items():
            if key in labels:
                watched.answered(captured_at, labels[key])
            else:
                watched.missed(captured_at)

    def failed(self, captured_at: float) -> None:
        """Take note that there will be no answer about that frame: its faces are due again."""
        for watched in self._faces.values():
            watched.failed(captured_at)

    def _about_nobody(self, now: float) -> Reason:
        if self._nobody_since is None:
            self._nobody_since = now
        quiet_since = max(self._nobody_since, self._sent_at)
        wait = self._nobody_every
        if math.isinf(self._sent_at) and math.isfinite(wait):
            wait = min(wait, FIRST_CHECK)
        return Reason.NOBODY_FOR_LONG if now - quiet_since >= wait else Reason.NOBODY

    def _watched(self, face: FaceEvidence) -> WatchedFace:
        if face.key not in self._faces:
            self._faces[face.key] = WatchedFace(
                threshold=LearningThreshold(self._threshold)
                if self._learns
                else FixedThreshold(self._threshold),
                veto=BlurVeto() if self._waits_while_blurred else None,
                refresh=self._refresh,
            )
        return self._faces[face.key]

    def _forget(self, now: float) -> None:
        gone = [key for key, face in self._faces.items() if now - face.known_at > FORGOTTEN_AFTER]
        for key in gone:
            del self._faces[key]
