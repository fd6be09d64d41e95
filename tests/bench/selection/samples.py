"""A made-up clip of ten frames a second, and parts that need no models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.selection.changes import changes_in
from livecam.bench.selection.policies import Parts
from livecam.bench.selection.results import LookedAt, Observation, ObservedFrame, TrueFace
from livecam.detections import Appearance, Detection, DetectorInfo
from livecam.faces import BoundingBox, Emotion, EmotionScore, Face
from livecam.selection.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from livecam.frames import Frame, Image
    from livecam.selection.choice import FaceEvidence

FPS = 10.0
BOX = BoundingBox(0.4, 0.3, 0.2, 0.4)
LOOK_EVERY = 2
CALM, HAPPY, SAD = Emotion.CALM, Emotion.HAPPY, Emotion.SAD


def a_look(emotion: Emotion) -> Appearance:
    """Return how a face looks that expresses something: no two expressions are alike."""
    vector = np.zeros(512, np.float32)
    vector[list(Emotion).index(emotion)] = 1.0
    return Appearance(vector, 100.0)


def a_clip(*emotions: Emotion | None, clip: str = "made-up") -> Observation:
    """Return a clip of one frame for each emotion; None for nobody. Who comes back is another person."""
    frames: list[ObservedFrame] = []
    person, is_there = -1, False
    for index, emotion in enumerate(emotions):
        person += emotion is not None and not is_there
        is_there = emotion is not None
        truth = () if emotion is None else (TrueFace(person, BOX, emotion),)
        seen = tuple(
            LookedAt(face.person + 1, face.person, BOX.height, a_look(face.emotion)) for face in truth
        )
        is_look = index % LOOK_EVERY == 0
        activity = "work" if truth else "nobody"
        frames.append(ObservedFrame(index, index / FPS, activity, truth, seen if is_look else None))
    return Observation(
        clip, "the test, exact", FPS, 640, 360, tuple(frames), tuple(changes_in(frames)), evidence_ms=0.4
    )


def lasting(*spans: tuple[Emotion | None, float]) -> Observation:
    """Return a clip in which each emotion lasts so many seconds."""
    return a_clip(*(emotion for emotion, seconds in spans for _ in range(round(seconds * FPS))))


class Noting:
    """A policy that chooses every frame and notes what it is told; fits `Policy`."""

    def __init__(self, chooses: Callable[[float], bool] = lambda _: True) -> None:
        self.chooses = chooses
        self.notes: list[tuple[str, float]] = []
        self.evidence: list[tuple[float, tuple[FaceEvidence, ...]]] = []
        self.labels: list[Mapping[int, tuple[Emotion | None, Emotion | None]]] = []

    def choose(self, now: float, faces: Sequence[FaceEvidence], *, has_cut: bool = False) -> Choice:
        self.evidence.append((now, tuple(faces)))
        is_chosen = self.chooses(now)
        return Choice(is_chosen, "pace" if is_chosen else "nobody")

    def sent(self, captured_at: float, faces: Sequence[FaceEvidence]) -> None:
        self.notes.append(("sent", captured_at))

    def answered(
        self, captured_at: float, labels: Mapping[int, tuple[Emotion | None, Emotion | None]]
    ) -> None:
        self.notes.append(("answered", captured_at))
        self.labels.append(labels)

    def failed(self, captured_at: float) -> None:
        self.notes.append(("failed", captured_at))


class Locator:
    """Sees one face in the middle, always; fits `FaceLocator`."""

    def __init__(self) -> None:
        self.frames: list[int] = []
        self.is_warm = False

    def warm(self) -> None:
        self.is_warm = True

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        self.frames.append(frame.sequence)
        return (Face(BOX, 90.0),)


class Model:
    """Reads a face as happy where the picture is bright, and as sad elsewhere; fits `FaceDetector`."""

    info = DetectorInfo("scripted", is_approximate=False, unclear_below=50.0)

    def warm(self) -> None:
        pass

    def detect(self, frame: Frame) -> Detection:
        emotion = HAPPY if frame.image.mean() > 100 else SAD
        return Detection((Face(BOX, 90.0, (EmotionScore(emotion, 95.0),)),))

    def abort(self, frame: Frame) -> None:
        pass


def no_look(image: Image, face: Face) -> Appearance | None:
    return None


def parts(locator: Locator | None = None, cpu: Callable[[], float] = lambda: 0.0) -> Parts:
    return Parts(
        make_policy=lambda _: Noting(),
        make_locator=lambda: locator or Locator(),
        make_reader=Model,
        appearance_of=no_look,
        cpu=cpu,
    )
