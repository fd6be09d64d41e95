"""The loop's threaded cousin: Rekognition is asked in a thread, and the last boxes are held meanwhile.

Run as `python scripts/peers/threaded_hold.py CLIP VIDEO.mp4 TRACE.jsonl [SECONDS] [EVERY]`: a picture is
asked about when the last answer is there, and EVERY pictures have passed since the last (default: 15, twice
a second). It knows nothing of livecam: the usual AWS variables say where it goes.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import boto3  # type: ignore[import-untyped]
import cv2  # noqa: TID251  as people do
from camera import Camera, Screen


def main() -> None:
    """Show the clip to its end."""
    clip, video, trace, *rest = sys.argv[1:]
    seconds = float(rest[0]) if rest else 1e9
    every = int(rest[1]) if len(rest) > 1 else 15
    rekognition = boto3.client("rekognition")

    def ask(image: Any, captured_at: float) -> tuple[list[Any], float]:  # noqa: ANN401  pixels
        _, jpeg = cv2.imencode(".jpg", image)
        answer = rekognition.detect_faces(Image={"Bytes": jpeg.tobytes()}, Attributes=["ALL"])
        return answer["FaceDetails"], captured_at

    camera = Camera(clip, seconds)
    screen = Screen(camera, clip, video, trace)
    pool = ThreadPoolExecutor(1)
    asking: Future[tuple[list[Any], float]] | None = None
    asked_about = -every
    faces: list[Any] = []
    answered_at = None
    camera.start()
    while True:
        ok, frame = camera.read()
        if not ok:
            break
        if asking is not None and asking.done():
            faces, answered_at = asking.result()
            asking = None
        if asking is None and camera.number - asked_about >= every:
            asking = pool.submit(ask, frame.copy(), camera.captured_at)
            asked_about = camera.number
        screen.show(frame, faces, answered_at)


if __name__ == "__main__":
    main()
