"""Which frames are recorded, and into which clip. Told media times, faces and what the user wants.

The plan knows nothing of the pre-roll: whoever holds the ring writes what is in it when a clip begins. What
belongs to one clip may not go into the next as well, so the ring is emptied at "end" (before that frame goes
in) and at "rotate". The frames of "begin" (without a ring), "rotate" and "end" are to be keyframes: the first
two begin a file, and from the third on the next pre-roll can begin. A clip's pre-roll is no part of its
segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from livecam.recording.watching import RuleWatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.pictures import FaceLabel
    from livecam.recording.rules import Rule

Action: TypeAlias = Literal["idle", "begin", "go on", "rotate", "end"]
"""What to do with a frame.

"idle": nothing. "begin": it is the first of a clip. "go on": it belongs to the present clip. "rotate": the
present clip is over, the frame is the first of the next. "end": the present clip is over, without the frame.
"""
What: TypeAlias = Literal["off", "all", "events"]

AWAY_AFTER = 5.0
"""Seconds without a frame for which the source was away: no clip stands still for so long."""
ALL = "all"
BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with one frame."""

    action: Action
    reason: str = ""
    """Why the clip is recorded that it begins, belongs to or ends: "all", "by hand" or a rule."""
    joins: bool = True
    """Whether the clip that is over lasts until this frame; else its last frame's own end is its end."""


@dataclass(frozen=True, slots=True)
class _Segment:
    reason: str
    began_at: float
    size: tuple[int, int]


class RecordingPlan:
    """Says frame by frame what is recorded.

    "all": every frame, unless the user pauses. "events": while a rule is met and `post_roll` after; a clip
    that has ended is followed by none for `min_gap`, and a rule that is met then begins one on the first
    frame after (a new face that came meanwhile is not made up for). Whatever the mode, the user may begin and
    stop by hand. A clip keeps the reason that it began with, its later segments have the present one.

    Args:
        what: which frames are recorded unless the user says otherwise.
        segment: seconds after which a clip is followed by the next, without a lost frame.
        post_roll: seconds that are recorded after a rule was met last.
        min_gap: seconds from the end of a clip to the next that a rule begins.
        rules: what begins a clip in "events".

    Raises:
        ValueError: a duration is none that can be used.
    """

    def __init__(
        self, *, what: What, segment: float, post_roll: float, min_gap: float, rules: Sequence[Rule]
    ) -> None:
        if not (segment > 0 and post_roll >= 0 and min_gap >= 0):
            raise ValueError(
                f"a segment of {segment} s, a post-roll of {post_roll} s and a gap of {min_gap} s cannot be "
                "planned: the first must be positive, the others at least 0"
            )
        self._what = what
        self._segment_lasts, self._post_roll, self._min_gap = segment, post_roll, min_gap
        self._watches = [RuleWatch(rule) for rule in rules] if what == "events" else []
        self._segment: _Segment | None = None
        self._at: float | None = None
        self._met_at = self._ended_at = float("-inf")
        self._is_by_hand = self._is_paused = self._is_held_off = False

    @property
    def is_recording(self) -> bool:
        """Whether the newest frame belongs to a clip: the key of the user means the opposite."""
        return self._segment is not None

    def interrupted(self) -> None:
        """Take note that the present clip could not be begun, or cannot go on.

        The next frame that is to be recorded begins another; on a full disk that may come to nothing again.
        """
        self._segment = None

    def step(
        self,
        time: float,
        faces: Sequence[FaceLabel] | None,
        *,
        by_hand: bool | None,
        size: tuple[int, int],
    ) -> Step:
        """Return what to do with a frame.

        Args:
            time: media time of the frame, in seconds.
            faces: what is shown on it; None when nothing is known of it, so that it does not say "nobody".
            by_hand: told once, on the first frame after the user did it: True to begin a clip, False to
                stop; None otherwise. In "all", False pauses and True resumes. In "events", a clip by hand
                goes on until False, which also ends an event's clip and holds off events until no rule is
                met.
            size: width and height of the frame in pixels.
        """
        before, self._at = self._at, time
        jumped = before is not None and not 0 <= time - before <= AWAY_AFTER
        met = self._met(time, faces)
        if by_hand is not None:
            self._obey(begin=by_hand, is_any_met=met is not None)
        self._ended_at = min(self._ended_at, time)  # if time went back, the gap is counted from now
        reason = None if by_hand is False else self._wanted(time, met, jumped=jumped)
        if met is not None:
            self._met_at = time
        if reason is None:
            return self._ended(time, jumped=jumped)
        return self._recorded(_Segment(reason, time, size), jumped=jumped)

    def _met(self, time: float, faces: Sequence[FaceLabel] | None) -> str | None:
        """Return the first rule that is met; every rule sees every frame."""
        met = [str(watch.rule) for watch in self._watches if watch.see(time, faces)]
        return met[0] if met else None

    def _obey(self, *, begin: bool, is_any_met: bool) -> None:
        self._is_paused = not begin
        self._is_by_hand = begin and self._what != ALL
        self._is_held_off = not begin and is_any_met

    def _wanted(self, time: float, met: str | None, *, jumped: bool) -> str | None:
        """Return why the frame is to be recorded; None when it is not."""
        if self._is_by_hand:
            return BY_HAND
        if self._what == ALL:
            return None if self._is_paused else ALL
        if met is None:
            self._is_held_off = False
        if self._is_held_off:
            return None
        if self._segment is None:
            return met if time - self._ended_at >= self._min_gap else None
        # What was before a jump is over: the rest of a post-roll would show something else.
        is_after = not jumped and time - self._met_at < self._post_roll
        return self._segment.reason if met is not None or is_after else None

    def _ended(self, time: float, *, jumped: bool) -> Step:
        if self._segment is None:
            return Step("idle")
        reason = self._segment.reason
        self._segment, self._ended_at = None, time
        return Step("end", reason, joins=not jumped)

    def _recorded(self, new: _Segment, *, jumped: bool) -> Step:
        present = self._segment
        if present is None:
            self._segment = new
            return Step("begin", new.reason)
        if jumped or new.size != present.size or new.began_at - present.began_at >= self._segment_lasts:
            self._segment = new
            return Step("rotate", new.reason, joins=not jumped)
        return Step("go on", present.reason)
