"""A day at a desk, compressed: who is there when, what they do, and when their expression changes. Pure.

Everything left to chance is drawn once from a seed, so that a day is the same wherever it is rendered.
Shares and rates follow an ordinary day: most of it nothing changes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.errors import UsageError
from livecam.faces import Emotion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOBODY, STILL, WORK, TALK, LIVELY = "nobody", "still", "work", "talk", "lively"
ACTIVITIES = (NOBODY, STILL, WORK, TALK, LIVELY)
"""What a person does, or that there is none; in the order of tables."""

WALK = 2.4
"""Seconds that coming in takes, and leaving."""
SETTLED = 1.2
"""Seconds at the beginning and the end of being there, besides the walk, without a change."""
EXPRESSIONS = (Emotion.CALM, Emotion.HAPPY, Emotion.ANGRY, Emotion.SURPRISED, Emotion.SAD)
_CALM_SHARE = 0.4
"""Chance that an expression is followed by a calm face, not by another one."""
_STRAY = 0.3
"""How far an instant may be from its even place, as a share of the time between two."""
_SHIFTS = {STILL: 1.5, WORK: 5.0, TALK: 7.0, LIVELY: 10.0}
"""Shifts of the head per minute."""
_BLINKS = 15.0
"""Per minute."""
_LAMP = 1.0
"""Times per minute that the lamp is switched."""


@dataclass(frozen=True, slots=True)
class _Part:
    activity: str
    share: float
    """Of the whole."""
    changes: float = 0.0
    """Of expression, per minute."""


VARIANTS: dict[str, tuple[_Part, ...]] = {
    "office": (
        _Part(NOBODY, 0.10),
        _Part(STILL, 0.08),
        _Part(WORK, 0.10, 4),
        _Part(TALK, 0.08, 4),
        _Part(NOBODY, 0.15),
        _Part(STILL, 0.10),
        _Part(LIVELY, 0.10, 16),
        _Part(WORK, 0.06, 4),
        _Part(TALK, 0.06, 4),
        _Part(STILL, 0.08),
        _Part(NOBODY, 0.09),
    ),
    "still": (_Part(STILL, 1.0),),
    "always": (_Part(WORK, 0.35, 4), _Part(TALK, 0.25, 6), _Part(LIVELY, 0.40, 8)),
}
"""By name: a day, somebody who does not change, and somebody who is always there."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What happens for a while."""

    name: str
    """One of `ACTIVITIES`."""
    begins_at: float
    ends_at: float


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody is there, or on the way in or out."""

    begins_at: float
    ends_at: float
    walks_in: bool
    """Whether they are seen to come; else they are there from the first picture."""
    walks_out: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """An expression begins to form."""

    at: float
    expression: Emotion


@dataclass(frozen=True, slots=True)
class Shift:
    """The head goes to another place and stays."""

    at: float
    dx: float
    """From the middle of the seat, as a fraction of the frame's width."""
    dy: float
    """The same of its height."""
    size: float
    """Factor: nearer to the camera or farther from it."""
    roll: float
    """Degrees."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that happens, in order; instants are seconds from the beginning."""

    duration: float
    activities: tuple[Activity, ...]
    presences: tuple[Presence, ...]
    cues: tuple[Cue, ...]
    """The first of each presence is calm, at its beginning."""
    shifts: tuple[Shift, ...]
    blinks: tuple[float, ...]
    lamp: tuple[float, ...]
    """When the lamp is switched; it is on at first."""

    def activity_at(self, t: float) -> str:
        """Return what happens at `t` seconds."""
        return next((each.name for each in self.activities if t < each.ends_at), self.activities[-1].name)

    def presence_at(self, t: float) -> Presence | None:
        """Return who is there, or on the way, at `t` seconds."""
        return next((each for each in self.presences if each.begins_at <= t < each.ends_at), None)


def schedule(variant: str, duration: float, seed: int = 0) -> Schedule:
    """Return the day of a variant, drawn from a seed.

    Args:
        variant: a name in `VARIANTS`.
        duration: seconds.
        seed: the same for the same day.

    Raises:
        UsageError: there is no such variant.
    """
    if variant not in VARIANTS:
        raise UsageError(f"variant {variant!r} is not known; give one of {', '.join(VARIANTS)}")
    chance = random.Random(f"office {variant} {seed}")  # noqa: S311  a scene, not a secret
    parts = VARIANTS[variant]
    activities = tuple(_laid_out(parts, duration))
    presences = tuple(_presences(activities, duration))
    cues: list[Cue] = []
    shifts: list[Shift] = []
    for presence in presences:
        cues.append(Cue(presence.begins_at, Emotion.CALM))
        shifts.append(_shift(chance, presence.begins_at))
        for part, activity in zip(parts, activities, strict=True):
            if not presence.begins_at <= activity.begins_at < presence.ends_at:
                continue
            begin = activity.begins_at + (WALK * presence.walks_in + SETTLED) * _is(activity, presence, 0)
            end = activity.ends_at - (WALK * presence.walks_out + SETTLED) * _is(activity, presence, 1)
            for at in _spread(chance, begin, end, part.changes):
                cues.append(Cue(at, _other(chance, cues[-1].expression)))
            shifts += [_shift(chance, at) for at in _spread(chance, begin, end, _SHIFTS[activity.name])]
    blinks = tuple(_spread(chance, 0.0, duration, _BLINKS))
    lamp = tuple(_spread(chance, 0.0, duration, _LAMP))
    return Schedule(duration, activities, presences, tuple(cues), tuple(shifts), blinks, lamp)


def _laid_out(parts: Sequence[_Part], duration: float) -> Iterator[Activity]:
    at = 0.0
    for part in parts:
        ends_at = at + part.share * duration
        yield Activity(part.activity, at, ends_at)
        at = ends_at


def _presences(activities: Sequence[Activity], duration: float) -> Iterator[Presence]:
    """Yield each unbroken stretch with somebody there; who is there at the ends does not walk there."""
    begin: float | None = None
    for activity in activities:
        if activity.name == NOBODY:
            if begin is not None:
                yield Presence(begin, activity.begins_at, begin > 0.0, walks_out=True)
            begin = None
        elif begin is None:
            begin = activity.begins_at
    if begin is not None:
        yield Presence(begin, duration, begin > 0.0, walks_out=False)


def _is(activity: Activity, presence: Presence, end: int) -> bool:
    """Say whether an activity is the first (0) or the last (1) of a presence."""
    return (activity.begins_at, activity.ends_at)[end] == (presence.begins_at, presence.ends_at)[end]


def _spread(chance: random.Random, begin: float, end: float, per_minute: float) -> Iterator[float]:
    """Yield instants between two, about evenly, none close to another."""
    count = round(per_minute * (end - begin) / 60)
    for index in range(count):
        place = (index + 0.5 + chance.uniform(-_STRAY, _STRAY)) / count
        yield begin + place * (end - begin)


def _other(chance: random.Random, expression: Emotion) -> Emotion:
    if expression is not Emotion.CALM and chance.random() < _CALM_SHARE:
        return Emotion.CALM
    return chance.choice([each for each in EXPRESSIONS if each not in {expression, Emotion.CALM}])


def _shift(chance: random.Random, at: float) -> Shift:
    return Shift(
        at,
        chance.uniform(-0.04, 0.04),
        chance.uniform(-0.025, 0.025),
        chance.uniform(0.92, 1.1),
        chance.gauss(0.0, 3.0),
    )
