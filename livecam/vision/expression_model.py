"""What faces appear to express: fer's mini-XCEPTION (FER2013, seven classes) on cv2.dnn.

An indication, not truth: 48 % right on seven classes in the wild. CONFUSED is not among its classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import Emotion, EmotionScore
from livecam.vision.expression_network import OUTPUT, to_onnx
from livecam.vision.face_crop import upright_crop
from livecam.vision.shaped_nets import ShapedNets
from livecam.vision.tflite_graph import read_tflite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from livecam.frames import Image
    from livecam.vision.found_face import FoundFace

CLASSES = (
    Emotion.ANGRY,
    Emotion.DISGUSTED,
    Emotion.FEAR,
    Emotion.HAPPY,
    Emotion.SAD,
    Emotion.SURPRISED,
    Emotion.CALM,
)
"""In the model's order, which is FER2013's; its "neutral" is Rekognition's CALM."""
SIDE = 64
"""Pixels of the model's square input."""
MARGIN = 1.2
"""Chosen on 536 labelled stills; 1.15 to 1.25 differ by less than the noise."""
BATCHES = (1, 2, 4, 8)
"""Batch sizes that are run; each has a network of its own."""


class ExpressionModel:
    """Scores seven emotions for faces that were found. Not thread-safe."""

    def __init__(self, model: bytes) -> None:
        self._nets = ShapedNets(to_onnx(read_tflite(model)), [OUTPUT])

    def read(self, image: Image, faces: Sequence[FoundFace]) -> list[tuple[EmotionScore, ...]]:
        """Return each face's emotions, strongest first; confidences sum to 100."""
        crops = [upright_crop(image, face, size=SIDE, margin=MARGIN) for face in faces]
        largest = BATCHES[-1]
        return [
            _strongest_first(scores)
            for start in range(0, len(crops), largest)
            for scores in self._score(crops[start : start + largest])
        ]

    def _score(self, crops: list[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        """Run up to one largest batch, filled up with grey to a size that has its network."""
        size = next(size for size in BATCHES if size >= len(crops))
        blob = np.zeros((size, 1, SIDE, SIDE), dtype=np.float32)
        blob[: len(crops), 0] = (np.stack(crops) / np.float32(255) - np.float32(0.5)) * 2
        (scores,) = self._nets.run(blob)
        return list(scores[: len(crops)])


def _strongest_first(scores: NDArray[np.float32]) -> tuple[EmotionScore, ...]:
    percent = scores.astype(np.float64) / max(float(scores.sum()), 1e-6) * 100
    order = np.argsort(-percent, kind="stable")
    return tuple(EmotionScore(CLASSES[index], float(percent[index])) for index in order)
