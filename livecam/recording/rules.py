"""What begins a clip, as a user writes it: "HAPPY >= 80 for 1 s", "new face", "nobody for 10 s".

Texts to values and back. Whether a rule is met on a frame is said in `watching.py`.
"""

from __future__ import annotations

import difflib
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

from livecam.faces import Emotion

if TYPE_CHECKING:
    from collections.abc import Callable

Comparison: TypeAlias = Literal[">=", ">", "<=", "<", "="]

EMOTIONS = tuple(emotion for emotion in Emotion if emotion is not Emotion.UNKNOWN)
"""Those that a rule may name; UNKNOWN says that nothing is known."""
MOST_SCORE = 100.0
MOST_FACES = 100
"""That a detector tells of on one picture: Amazon Rekognition's own limit."""
LONGEST = 86_400.0
"""Seconds for which something may have to hold; more is surely a slip."""
ALLOWED = '"HAPPY >= 80 for 1 s", "new face", "nobody for 10 s", "somebody" or "faces >= 2"'

_COMPARES: dict[Comparison, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}
_SIGNS: dict[str, Comparison] = {
    **{sign: sign for sign in _COMPARES},
    "==": "=",
    "=>": ">=",
    "=<": "<=",
    "≥": ">=",
    "≤": "<=",
}
_COMPARED = re.compile(r"(?P<subject>[^<>=≥≤]*?) ?(?P<sign>>=|<=|==|=>|=<|[<>=≥≤]) ?(?P<number>.*)")
_UNSIGNED = re.compile(r"(?P<subject>[a-z ]+?) ?(?P<number>\d.*)")
_FOR = re.compile(r" ?(?<![a-z])for(?![a-z]) ?")
_DURATION = re.compile(r"(?P<number>\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}) ?(?P<unit>[a-z]*)", re.ASCII)
_NUMBER = re.compile(r"(?P<number>\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}) ?%?", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3600.0),
}
_NOBODY = ("nobody", "no one", "no-one", "noone", "no face", "no faces")
_SOMEBODY = ("somebody", "someone", "anybody", "anyone", "a face", "any face")
_NEW_FACE = ("new face", "a new face", "new faces")
_FACES = ("faces", "face")


@dataclass(frozen=True, slots=True)
class EmotionRule:
    """One and the same face has scored that much for an emotion, for that long."""

    emotion: Emotion
    comparison: Literal[">=", ">"]
    score: float
    """0..100."""
    hold: float = 0.0
    """Seconds for which it must have been so."""

    def is_met_by(self, score: float) -> bool:
        """Return whether a score (0..100) is enough."""
        return _COMPARES[self.comparison](score, self.score)

    def __str__(self) -> str:
        return f"{self.emotion} {self.comparison} {_as_text(self.score)}{_hold_text(self.hold)}"


@dataclass(frozen=True, slots=True)
class NewFaceRule:
    """A face has come that was not there before."""

    def __str__(self) -> str:
        return "new face"


@dataclass(frozen=True, slots=True)
class CountRule:
    """There have been so many faces, for that long."""

    comparison: Comparison
    count: int
    hold: float = 0.0
    """Seconds for which it must have been so."""

    def is_met_by(self, count: int) -> bool:
        """Return whether it is so with that many faces."""
        return _COMPARES[self.comparison](count, self.count)

    def __str__(self) -> str:
        words = {("=", 0): "nobody", (">=", 1): "somebody"}
        what = words.get((self.comparison, self.count), f"faces {self.comparison} {self.count}")
        return f"{what}{_hold_text(self.hold)}"


Rule: TypeAlias = EmotionRule | NewFaceRule | CountRule
"""`str(rule)` is its one spelling, which `parse_rule` takes for the same rule."""


def parse_rule(text: str) -> Rule:
    """Return the rule that a user wrote; case and white space do not matter.

    Raises:
        ValueError: it is none; says in a sentence why, with the text, and what is allowed.
    """
    words = " ".join(text.casefold().split())
    what, *hold_text = _FOR.split(words, maxsplit=1)
    try:
        hold = _duration(hold_text[0]) if hold_text else 0.0
        if what in _NEW_FACE:
            return _new_face(is_held=bool(hold_text))
        if what in _NOBODY:
            return CountRule("=", 0, hold)
        if what in _SOMEBODY:
            return CountRule(">=", 1, hold)
        found = _COMPARED.fullmatch(what)
        if found is None:
            _refuse_unsigned(what)
        subject, sign, number = found["subject"], _SIGNS[found["sign"]], found["number"]
        return _count_rule(sign, number, hold) if subject in _FACES else _emotion_rule(found, hold)
    except ValueError as error:
        raise ValueError(f"{text!r} is no rule for recording: {error}") from None


def _duration(text: str) -> float:
    found = _DURATION.fullmatch(text)
    if not text:
        raise ValueError('after "for" comes how long it must hold, such as "for 1 s"')
    if found is None or found["unit"] not in _UNITS:
        raise ValueError(f'{text!r} is no duration; write it as "10 s", "500 ms" or "2 min"')
    seconds = round(float(found["number"]) * _UNITS[found["unit"]], 3)
    if seconds > LONGEST:
        raise ValueError(f"{text!r} is longer than a day ({_as_text(LONGEST)} s)")
    return seconds


def _new_face(*, is_held: bool) -> NewFaceRule:
    if is_held:
        raise ValueError('a face is new only once; write "new face" alone, or "somebody for 1 s"')
    return NewFaceRule()


def _count_rule(sign: Comparison, number: str, hold: float) -> CountRule:
    if not number:
        raise ValueError(f"a number of faces is missing, as in faces {sign} 2")
    if not _COUNT.fullmatch(number) or int(number) > MOST_FACES:
        raise ValueError(f"{number!r} is no number of faces from 0 to {MOST_FACES}")
    rule = CountRule(sign, int(number), hold)
    outcomes = {rule.is_met_by(count) for count in range(MOST_FACES + 1)}
    if outcomes == {False}:
        raise ValueError(f'there are never so many faces; write "nobody", or a number up to {MOST_FACES}')
    if outcomes == {True}:
        raise ValueError('that is always so; record "all" instead, or write "somebody"')
    return rule


def _emotion_rule(found: re.Match[str], hold: float) -> EmotionRule:
    subject, sign, number = found["subject"], _SIGNS[found["sign"]], found["number"]
    emotion = _emotion(subject)
    if sign not in {">=", ">"}:
        raise ValueError(f"an emotion is compared by >= or >, not by {found['sign']}")
    if not number:
        raise ValueError(f"a score from 0 to 100 is missing, as in {emotion} {sign} 80")
    parsed = _NUMBER.fullmatch(number)
    if parsed is None or float(parsed["number"]) > MOST_SCORE:
        raise ValueError(f"{number!r} is no score from 0 to 100")
    score = round(float(parsed["number"]), 3)
    if 0 < score < 1:  # surely meant as a share: one hundredth of a point would always be met
        raise ValueError(f"scores go from 0 to 100; did you mean {emotion} {sign} {_as_text(100 * score)}?")
    if score == MOST_SCORE and sign == ">":
        raise ValueError(f"no score is above 100; did you mean {emotion} >= 100?")
    return EmotionRule(emotion, sign, score, hold)


def _emotion(word: str) -> Emotion:
    named = {emotion.casefold(): emotion for emotion in EMOTIONS}
    if word in named:
        return named[word]
    if not word:
        raise ValueError(f"it does not say what is compared; write it as {ALLOWED}")
    near = difflib.get_close_matches(word, [*named, *_FACES], n=1, cutoff=0.5)
    if not near:
        allowed = ", ".join(EMOTIONS)
        raise ValueError(f"{word!r} cannot be compared; choose from {allowed} and faces")
    raise ValueError(f"{word!r} is not known; did you mean {_spelled(near[0])}?")


def _refuse_unsigned(what: str) -> NoReturn:
    """Raise what is to be said of a text with no comparison in it."""
    if not what:
        raise ValueError(f"nothing is said; write it as {ALLOWED}")
    phrases = (_NOBODY[0], _SOMEBODY[0], _NEW_FACE[0])
    words = [*(emotion.casefold() for emotion in EMOTIONS), *_FACES]
    found = _UNSIGNED.fullmatch(what)
    if found is not None and found["subject"] in words:
        raise ValueError(f"did you mean {_spelled(found['subject'])} >= {found['number']}?")
    near = difflib.get_close_matches(what, [*words, *phrases], n=1)
    if what in words:
        example = f"{_spelled(what)} >= {2 if what in _FACES else 80}"
        raise ValueError(
            f'compare it with a number, as in "{example}" (in quotes: a shell takes > for itself)'
        )
    hint = f"did you mean {_spelled(near[0])}?" if near else f"write it as {ALLOWED}"
    raise ValueError(hint)


def _spelled(word: str) -> str:
    """Return a word as `str` of a rule spells it."""
    return word.upper() if word.upper() in EMOTIONS else "faces" if word in _FACES else word


def _as_text(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _hold_text(hold: float) -> str:
    return f" for {_as_text(hold)} s" if hold else ""
