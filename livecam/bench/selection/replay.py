"""Lets one policy decide about the frames of a clip, in virtual time, as a run does it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from livecam.bench.overlay.finder import DELAY
from livecam.bench.selection.detector import Labels, VirtualService
from livecam.bench.selection.linking import KEPT
from livecam.bench.selection.request import pace_of
from livecam.bench.selection.results import Call, Run
from livecam.selection.choice import FaceEvidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.bench.selection.detector import VirtualAnswer
    from livecam.bench.selection.request import Request
    from livecam.bench.selection.results import LookedAt, Observation, ObservedFrame
    from livecam.faces import Emotion
    from livecam.selection.choice import Policy


def replay(observation: Observation, name: str, policy: Policy, request: Request) -> Run:
    """Return what a policy asks, and what is shown of the answers.

    Args:
        observation: the clip.
        name: the policy's; it may say how often it may ask.
        policy: decides.
        request: the service.
    """
    service = VirtualService(
        rate=min(request.rate, pace_of(name)),
        latency=request.latency,
        wrong=request.wrong,
        seed=request.seed,
    )
    playing = _Replay(policy, service)
    shown = [playing.advance(frame) for frame in observation.frames]
    return Run(name, tuple(playing.calls), dict(playing.passed_over), tuple(shown))


class _Replay:
    """One policy at work."""

    def __init__(self, policy: Policy, service: VirtualService) -> None:
        self._policy = policy
        self._service = service
        self._labels = Labels()
        self._known = _KnownFaces()
        self.calls: list[Call] = []
        self.passed_over: Counter[str] = Counter()

    def advance(self, frame: ObservedFrame) -> Mapping[int, Emotion | None]:
        """Take the next frame in, perhaps send it, and return what each person's label says."""
        for answer in self._service.take(frame.at):
            self._take(answer)
        evidence = self._known.at(frame)
        choice = self._policy.choose(frame.at, evidence, has_cut=frame.has_cut)
        if not choice.is_chosen:
            self.passed_over[choice.reason] += 1
        elif self._service.is_free(frame.at):
            self._service.send(frame, frame.at)
            self._policy.sent(frame.at, evidence)
            self.calls.append(Call(frame.sequence, choice.reason))
        self._known.look(frame)
        return {face.person: self._labels.of(face.person) for face in frame.truth}

    def _take(self, answer: VirtualAnswer) -> None:
        shown = {person: self._labels.of(person) for person in answer.emotions}
        self._labels.take(answer)
        keys = self._known.answered(answer)
        self._policy.answered(
            answer.frame.at, {key: (shown[person], answer.emotions[person]) for key, person in keys.items()}
        )


class _KnownFaces:
    """The faces that the finder has seen, and when each was answered about."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, LookedAt]] = {}
        self._answered_at: dict[int, float] = {}
        self._pending: tuple[float, tuple[LookedAt, ...]] | None = None

    def at(self, frame: ObservedFrame) -> tuple[FaceEvidence, ...]:
        """Return what is known when a frame comes."""
        if frame.has_cut:
            self._seen.clear()
            self._pending = None
        if self._pending is not None and frame.at >= self._pending[0] + DELAY:
            looked_at, faces = self._pending
            self._seen |= {face.key: (looked_at, face) for face in faces}
            self._pending = None
        self._seen = {key: seen for key, seen in self._seen.items() if frame.at - seen[0] <= KEPT}
        return tuple(
            FaceEvidence(key, self._answered_at.get(key), face.appearance, seen_at, face.height)
            for key, (seen_at, face) in self._seen.items()
        )

    def look(self, frame: ObservedFrame) -> None:
        """Look at a frame, if the finder did; what it saw is known a little later."""
        if frame.looked_at is not None:
            self._pending = frame.at, frame.looked_at

    def answered(self, answer: VirtualAnswer) -> dict[int, int]:
        """Take note of an answer, and return the person of each face that it names."""
        named = {key: face.person for key, (_, face) in self._seen.items() if face.person is not None}
        named = {key: person for key, person in named.items() if person in answer.emotions}
        for key in named:
            self._answered_at[key] = max(self._answered_at.get(key, answer.frame.at), answer.frame.at)
        return named
