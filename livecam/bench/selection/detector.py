"""The paid service in virtual time: true answers, late, some of them wrong; and what is shown of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.overlay.detector import CONFIDENCE, INFO, MOST_IN_FLIGHT
from livecam.faces import Emotion, EmotionScore
from livecam.smoothing import EmotionSmoother

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.selection.results import ObservedFrame, TrueFace

_MOMENT = 1e-9
"""What is due at this very frame by exact arithmetic is due."""
WAITED = 0.1
"""Seconds that a permit may have waited for a frame without putting off the next one: a run would have sent
the newest frame that there was at once."""
_ANSWERS = tuple(emotion for emotion in Emotion if emotion is not Emotion.UNKNOWN)


@dataclass(frozen=True, slots=True)
class VirtualAnswer:
    """What the service says about a frame."""

    frame: ObservedFrame
    comes_at: float
    emotions: dict[int, Emotion]
    """By person."""


class VirtualService:
    """Takes frames at a pace and answers later.

    Args:
        rate: calls per second at most.
        latency: seconds.
        wrong: share of answers about a face that are wrong, 0..1.
        seed: the same frame gets the same answer from whoever asks.
    """

    def __init__(self, *, rate: float, latency: float, wrong: float, seed: int) -> None:
        self._period = 1.0 / rate
        self._latency = latency
        self._wrong = wrong
        self._seed = seed
        self._due_at = float("-inf")
        self._under_way: list[VirtualAnswer] = []

    def is_free(self, now: float) -> bool:
        """Say whether a call may begin."""
        return now >= self._due_at - _MOMENT and len(self._under_way) < MOST_IN_FLIGHT

    def send(self, frame: ObservedFrame, now: float) -> None:
        """Begin a call."""
        self._due_at = (self._due_at if now - self._due_at < WAITED else now) + self._period
        emotions = {face.person: self._said(frame, face) for face in frame.truth}
        self._under_way.append(VirtualAnswer(frame, now + self._latency, emotions))

    def take(self, now: float) -> Sequence[VirtualAnswer]:
        """Return the answers that have come until instant `now`, in the order in which they were asked."""
        come = [answer for answer in self._under_way if answer.comes_at <= now + _MOMENT]
        self._under_way = [answer for answer in self._under_way if answer not in come]
        return come

    def _said(self, frame: ObservedFrame, face: TrueFace) -> Emotion:
        text = f"answer {self._seed} {frame.sequence} {face.person}"
        chance = random.Random(text)  # noqa: S311  a simulation, not a secret
        if chance.random() >= self._wrong:
            return face.emotion
        return chance.choice([emotion for emotion in _ANSWERS if emotion is not face.emotion])


class Labels:
    """What is shown of the answers, steadied as in a run; by person."""

    def __init__(self) -> None:
        self._smoothers: dict[int, EmotionSmoother] = {}

    def of(self, person: int) -> Emotion | None:
        """Return what a person's label says; None for nothing or unclear."""
        smoother = self._smoothers.get(person)
        leader = None if smoother is None else smoother.leader
        return leader.emotion if leader is not None and leader.confidence >= INFO.unclear_below else None

    def take(self, answer: VirtualAnswer) -> None:
        """Take in an answer."""
        for person, emotion in answer.emotions.items():
            smoother = self._smoothers.setdefault(person, EmotionSmoother())
            smoother.update((EmotionScore(emotion, CONFIDENCE),), answer.frame.at)
