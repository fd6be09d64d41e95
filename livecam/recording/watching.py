"""Whether a rule is met on a frame, judged over the frames before it. Told media times and faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.recording.rules import CountRule, EmotionRule, NewFaceRule, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.faces import Emotion
    from livecam.pictures import FaceLabel

DROPOUT = 0.25
"""Seconds for which what held may be out of sight without a break: a detector misses a face now and then."""
GAP = 2.0
"""Seconds without a frame after which nothing is known to have held meanwhile."""
NEW_AFTER = 0.3
"""Seconds for which a face must have been in sight to be a new face: what is none is gone by then."""
LEAST_VISIBLE = 0.5
"""Of a box's opacity; a face below was lost from sight."""
REMEMBERED = 60.0
"""Seconds for which a face out of sight is remembered; tracks are given up long before."""
_ROUNDING = 1e-6
"""Seconds; sums of a frame's interval miss a round number by less."""


class RuleWatch:
    """Watches one rule.

    An emotion without "for" is met on the very frame that reaches its score, a number of faces likewise.
    Both stay met as long as they hold, and over a dropout. A new face is met on one frame: when it has been
    in sight for `NEW_AFTER`. Which face is which is the tracker's word: after a scene cut all are new.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._watch = _watch(rule)
        self._seen_at: float | None = None

    def see(self, time: float, faces: Sequence[FaceLabel] | None) -> bool:
        """Take in a frame and return whether the rule is met on it.

        Args:
            time: media time of the frame, in seconds.
            faces: what is shown on it; None when nothing is known of it, so that it does not say "nobody".
        """
        if self._seen_at is not None and not 0 <= time - self._seen_at <= GAP:
            self._watch.interrupted()
        self._seen_at = time
        if faces is None:
            return self._watch.see(time, None)
        return self._watch.see(time, [face for face in faces if face.box_opacity >= LEAST_VISIBLE])


class _Hold:
    """Since when something has held, without a break."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._since: float | None = None
        self._missing_since: float | None = None
        self._is_met = False

    @property
    def is_broken(self) -> bool:
        """Whether nothing is held."""
        return self._since is None

    def see(self, time: float, *, holds: bool | None) -> bool:
        """Return whether it has held for long enough; `holds` is None while it is out of sight."""
        if holds is None and self._missing_since is None:
            self._missing_since = time
        missing = 0.0 if self._missing_since is None else time - self._missing_since
        if holds is False or missing >= DROPOUT - _ROUNDING:
            self._since, self._is_met = None, False
        if holds:
            self._since = time if self._since is None else self._since
            self._missing_since = None
            self._is_met = time - self._since >= self._least - _ROUNDING
        return self._is_met


class _EmotionWatch:
    def __init__(self, rule: EmotionRule) -> None:
        self._rule = rule
        self._holds: dict[int, _Hold] = {}

    def see(self, time: float, faces: Sequence[FaceLabel] | None) -> bool:
        # A score below the mark is a break at once: scores are smoothed, they do not flicker.
        known = {
            face.track_id: self._rule.is_met_by(score)
            for face in faces or ()
            if (score := _score(face, self._rule.emotion)) is not None
        }
        for track_id, is_met in known.items():
            if is_met:
                self._holds.setdefault(track_id, _Hold(self._rule.hold))
        met = [hold.see(time, holds=known.get(track_id)) for track_id, hold in self._holds.items()]
        self._holds = {track_id: hold for track_id, hold in self._holds.items() if not hold.is_broken}
        return any(met)

    def interrupted(self) -> None:
        self._holds.clear()


class _CountWatch:
    def __init__(self, rule: CountRule) -> None:
        self._rule = rule
        self._hold = _Hold(rule.hold)

    def see(self, time: float, faces: Sequence[FaceLabel] | None) -> bool:
        is_met = faces is not None and self._rule.is_met_by(len(faces))
        return self._hold.see(time, holds=is_met or None)

    def interrupted(self) -> None:
        self._hold = _Hold(self._rule.hold)


class _NewFaceWatch:
    def __init__(self) -> None:
        self._coming: dict[int, _Hold] = {}
        self._known: dict[int, float] = {}
        """When each face that has been told was last in sight."""

    def see(self, time: float, faces: Sequence[FaceLabel] | None) -> bool:
        visible = {face.track_id for face in faces or ()}
        for track_id in visible:
            if track_id in self._known:
                self._known[track_id] = time
            else:
                self._coming.setdefault(track_id, _Hold(NEW_AFTER))
        seen = {
            track_id: hold.see(time, holds=track_id in visible or None)
            for track_id, hold in self._coming.items()
        }
        new = {track_id: time for track_id, is_met in seen.items() if is_met}
        self._known = {track_id: at for track_id, at in self._known.items() if time - at <= REMEMBERED} | new
        self._coming = {
            track_id: hold
            for track_id, hold in self._coming.items()
            if track_id not in new and not hold.is_broken
        }
        return bool(new)

    def interrupted(self) -> None:
        self._coming.clear()


def _watch(rule: Rule) -> _EmotionWatch | _CountWatch | _NewFaceWatch:
    match rule:
        case EmotionRule():
            return _EmotionWatch(rule)
        case CountRule():
            return _CountWatch(rule)
        case NewFaceRule():
            return _NewFaceWatch()


def _score(face: FaceLabel, emotion: Emotion) -> float | None:
    """Return what a face scores for an emotion, 0..100; None when that is not known at present."""
    if face.is_outdated:
        return None
    if face.scores:  # a detector may leave out what it scores at nothing
        return next((score.confidence for score in face.scores if score.emotion is emotion), 0.0)
    if face.emotion is None:
        return None
    return face.confidence if face.emotion is emotion else 0.0
