"""What stands in for `cv2.VideoCapture(0)` and for the screen, so that a loop's display can be measured.

The clip plays at its own pace. Up to four pictures wait to be read, as with a real camera, so that a hiccup
costs none; but a loop that is slower than that gets the newest. A real camera is less kind: it gives such a
loop the oldest of the four.
"""

from __future__ import annotations

import atexit
import json
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

import cv2  # noqa: TID251  as people do

WAITING = 4
"""Pictures."""


class Camera:
    """Plays a clip once."""

    def __init__(self, clip: str, seconds: float) -> None:
        self._capture = cv2.VideoCapture(clip)
        self.fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.size = (
            int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
        self._seconds = seconds
        self._changed = threading.Condition()
        self._waiting: deque[tuple[int, float, Any]] = deque()
        self._is_behind = False
        self._is_over = False
        self.number = -1
        """Of the picture that was read last."""
        self.captured_at = 0.0
        """When it came."""

    def start(self) -> None:
        """Play from now on."""
        playing = threading.Thread(target=self._play, daemon=True)
        playing.start()
        # A thread that is inside OpenCV when the interpreter ends would abort the process.
        atexit.register(playing.join)
        atexit.register(self._end)

    def read(self) -> tuple[bool, Any]:
        """Wait for a picture that was not read yet, as `cv2.VideoCapture.read` does."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over)
            if not self._waiting:
                return False, None
            self.number, self.captured_at, frame = self._waiting.popleft()
            self._is_behind = False
            return True, frame

    def _play(self) -> None:
        began = time.monotonic()  # noqa: TID251
        number = 0
        while number < self._seconds * self.fps and not self._is_over:
            ok, frame = self._capture.read()
            if not ok:
                break
            time.sleep(max(began + number / self.fps - time.monotonic(), 0.0))  # noqa: TID251
            with self._changed:
                if self._is_behind or len(self._waiting) == WAITING:
                    self._waiting.clear()
                    self._is_behind = True
                self._waiting.append((number, time.monotonic(), frame))  # noqa: TID251
                self._changed.notify_all()
            number += 1
        self._end()

    def _end(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()


class Screen:
    """Draws the boxes, writes the video, and notes when each picture was displayed and what was on it."""

    def __init__(self, camera: Camera, clip: str, video: str, trace: str) -> None:
        self._camera = camera
        self._source = Path(clip).name
        codec = cv2.VideoWriter_fourcc(*"mp4v")  # type: ignore[attr-defined]  # its types leave it out
        self._video = cv2.VideoWriter(video, codec, camera.fps, camera.size)
        self._trace = Path(trace).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115

    def show(self, frame: Any, faces: list[Any], answered_at: float | None) -> None:  # noqa: ANN401
        """Draw and display a picture.

        Args:
            frame: the picture that was read last.
            faces: as DetectFaces answered.
            answered_at: when the picture was captured that they were found in; None before the first.
        """
        width, height = self._camera.size
        for face in faces:
            box = face["BoundingBox"]
            left, top = int(box["Left"] * width), int(box["Top"] * height)
            right, bottom = left + int(box["Width"] * width), top + int(box["Height"] * height)
            cv2.rectangle(frame, (left, top), (right, bottom), (0, 255, 0), 2)
            text = _emotion(face)
            cv2.putText(frame, text, (left, top - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 255, 0), 2)
        self._video.write(frame)
        now = time.monotonic()  # noqa: TID251
        shown = [_noted(number, face) for number, face in enumerate(faces, start=1)]
        line = {
            "source": self._source,
            "frame": self._camera.number,
            "captured_at": self._camera.captured_at,
            "displayed_at": now,
            "answer_age": None if answered_at is None else now - answered_at,
            "faces": shown,
        }
        print(json.dumps(line), file=self._trace)


def _emotion(face: dict[str, Any]) -> str:
    return str(max(face["Emotions"], key=lambda each: each["Confidence"])["Type"])


def _noted(number: int, face: dict[str, Any]) -> dict[str, Any]:
    box = face["BoundingBox"]
    sides = [box["Left"], box["Top"], box["Width"], box["Height"]]
    return {"track_id": number, "box": sides, "emotion": _emotion(face), "emotion_source": "rekognition"}
