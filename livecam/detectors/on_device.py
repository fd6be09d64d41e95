"""Finds faces and what they appear to express on this machine; labelled approximate wherever shown."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from livecam.detections import Detection, DetectorInfo
from livecam.errors import DetectionAborted
from livecam.vision import model_files
from livecam.vision.expression_model import ExpressionModel
from livecam.vision.face_description import describe
from livecam.vision.face_finder import INPUT_WIDTH, FaceFinder
from livecam.vision.found_face import FoundFace

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.faces import Face
    from livecam.frames import Frame

INFO = DetectorInfo("on-device", is_approximate=True, unclear_below=60.0, draws_as_finder=True)
"""Below 60 the expression model is right hardly more often than not."""

WARMING_SIZE = (180, 320)
"""Rows and columns of the black frame; 16:9 is the most likely shape, so its net is ready."""


class OnDeviceDetector:
    """CenterFace and mini-XCEPTION, one call at a time.

    OpenCV's thread count is left alone: it belongs to the whole process (optical flow and drawing use
    it too), so whoever composes the program sets it once.
    """

    def __init__(
        self, *, models_dir: Path | None = None, input_width: int = INPUT_WIDTH, clock: Clock
    ) -> None:
        self._models_dir = models_dir
        self._input_width = input_width
        self._clock = clock
        self._nets = threading.Lock()
        self._finder: FaceFinder | None = None
        self._expressions: ExpressionModel | None = None
        self._asked: set[int] = set()
        self._unwanted: set[int] = set()

    @property
    def info(self) -> DetectorInfo:
        """Return how its answers are to be labelled."""
        return INFO

    def warm(self) -> None:
        """Load both models and run each once.

        Raises:
            ModelMissing: a model is not installed.
            ModelDamaged: a model is not the pinned one.
        """
        black = np.zeros((*WARMING_SIZE, 3), dtype=np.uint8)
        anywhere = FoundFace(
            8, 8, 72, 72, 0.0, np.array([[8, 8], [9, 8], [8, 9], [8, 9], [9, 9]], np.float32)
        )
        with self._nets:
            finder, expressions = self._loaded()
            finder.find(black)
            expressions.read(black, [anywhere])

    def detect(self, frame: Frame) -> Detection:
        """Return the faces of a frame with their expressions.

        Raises:
            ModelMissing: a model is not installed.
            ModelDamaged: a model is not the pinned one.
            DetectionAborted: `abort` was called about this frame meanwhile.
        """
        began_at = self._clock.now()
        self._asked.add(frame.sequence)
        try:
            with self._nets:
                faces = self._read(frame)
        finally:
            self._asked.discard(frame.sequence)
            self._unwanted.discard(frame.sequence)
        return Detection(faces, {"other": self._clock.now() - began_at})

    def abort(self, frame: Frame) -> None:
        """End the call about this frame at its next step (some 20 ms), or before its turn comes."""
        if frame.sequence in self._asked:  # else it would end a later call about the same frame
            self._unwanted.add(frame.sequence)

    def _read(self, frame: Frame) -> tuple[Face, ...]:
        self._stop_if_unwanted(frame)
        finder, expressions = self._loaded()
        found = finder.find(frame.image)
        self._stop_if_unwanted(frame)
        emotions = expressions.read(frame.image, found)
        return tuple(
            describe(frame.image, face, scores) for face, scores in zip(found, emotions, strict=True)
        )

    def _stop_if_unwanted(self, frame: Frame) -> None:
        if frame.sequence in self._unwanted:
            raise DetectionAborted(f"the call about frame {frame.sequence} was ended")

    def _loaded(self) -> tuple[FaceFinder, ExpressionModel]:
        if self._finder is None or self._expressions is None:
            finder = model_files.load_verified(model_files.FACE_FINDER, self._models_dir)
            expressions = model_files.load_verified(model_files.EXPRESSION_MODEL, self._models_dir)
            self._finder = FaceFinder(finder, input_width=self._input_width)
            self._expressions = ExpressionModel(expressions)
        return self._finder, self._expressions
