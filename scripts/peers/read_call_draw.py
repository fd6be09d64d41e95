"""The loop that people begin with: read a picture, ask Rekognition about it, draw the boxes, show it.

Run as `python scripts/peers/read_call_draw.py CLIP VIDEO.mp4 TRACE.jsonl [SECONDS] [EVERY]`: every EVERYth
picture that is read is asked about (default: each), and those between keep its boxes. It knows nothing of
livecam: the usual AWS variables say where it goes.
"""

from __future__ import annotations

import sys
from typing import Any

import boto3  # type: ignore[import-untyped]
import cv2  # noqa: TID251  as people do
from camera import Camera, Screen


def main() -> None:
    """Show the clip to its end."""
    clip, video, trace, *rest = sys.argv[1:]
    seconds = float(rest[0]) if rest else 1e9
    every = int(rest[1]) if len(rest) > 1 else 1
    rekognition = boto3.client("rekognition")
    camera = Camera(clip, seconds)
    screen = Screen(camera, clip, video, trace)
    faces: list[Any] = []
    answered_at = None
    count = 0
    camera.start()
    while True:
        ok, frame = camera.read()
        if not ok:
            break
        if count % every == 0:
            _, jpeg = cv2.imencode(".jpg", frame)
            answer = rekognition.detect_faces(Image={"Bytes": jpeg.tobytes()}, Attributes=["ALL"])
            faces, answered_at = answer["FaceDetails"], camera.captured_at
        screen.show(frame, faces, answered_at)
        count += 1


if __name__ == "__main__":
    main()
