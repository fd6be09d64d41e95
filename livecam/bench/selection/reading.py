"""What the on-device models see and read on every frame of a clip: the stand-in for its truth."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from livecam.bench.selection.linking import Links
from livecam.bench.selection.model_truth import settled
from livecam.bench.selection.results import TrueFace
from livecam.frames import Frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.faces import BoundingBox, Emotion
    from livecam.frames import Image
    from livecam.protocols import FaceDetector


class Reader:
    """Reads one clip, frame by frame, and then says who expressed what.

    Args:
        detector: says what faces express.

    Raises:
        ModelMissing: a model is not installed.
        ModelDamaged: a model is not the pinned one.
    """

    def __init__(self, detector: FaceDetector) -> None:
        detector.warm()
        self._detector = detector
        self._links = Links()
        self._times: dict[int, list[float]] = defaultdict(list)
        self._scores: dict[int, list[Mapping[Emotion, float]]] = defaultdict(list)
        self._read: list[list[tuple[int, BoundingBox]]] = []

    def read(self, at: float, image: Image, *, has_cut: bool) -> list[tuple[int, BoundingBox]]:
        """Take the next frame, and return who is where."""
        if has_cut:
            self._links.cut()
        index = len(self._read)
        faces = self._detector.detect(Frame("bench", index, at, at, image)).faces
        boxes = [face.box for face in faces]
        persons = self._links.take(at, boxes)
        for person, face in zip(persons, faces, strict=True):
            self._times[person].append(at)
            self._scores[person].append({each.emotion: each.confidence for each in face.emotions or ()})
        self._read.append(list(zip(persons, boxes, strict=True)))
        return self._read[-1]

    def truth(self) -> list[tuple[TrueFace, ...]]:
        """Return the faces of each frame that was read."""
        emotions = {
            person: iter(settled(self._times[person], scores)) for person, scores in self._scores.items()
        }
        return [
            tuple(TrueFace(person, box, next(emotions[person])) for person, box in faces)
            for faces in self._read
        ]
