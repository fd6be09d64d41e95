"""Films to be sent: small ones, large ones that go in parts, and one that Rekognition refuses."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from livecam.encoding.h264 import H264Writer
from livecam.native import cv2

if TYPE_CHECKING:
    from pathlib import Path

FPS = 8
SIZE = (160, 120)


def make_film(path: Path, *, seconds: float, padding: int = 0, seed: int = 0) -> Path:
    """Write a film, and return where it is.

    Args:
        path: the file.
        seconds: how long it is.
        padding: bytes that are added in a box that players skip, to make it as large as films of webcams are.
        seed: of its noise; another one is another file.
    """
    noise = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), np.uint8)
    picture = cv2.resize(noise, SIZE)
    writer = H264Writer(path)
    for index in range(round(seconds * FPS)):
        writer.write(np.roll(picture, index * 3, axis=1), index / FPS)
    writer.close()
    if padding:
        with path.open("ab") as file:
            file.write((padding + 8).to_bytes(4, "big") + b"free")
            file.write(random.Random(seed).randbytes(padding))  # noqa: S311  nothing is to be kept secret
    return path


def make_mp4v(path: Path) -> Path:
    """Write a film as OpenCV does when it is asked for "mp4v", and return where it is."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), float(FPS), SIZE)
    for index in range(2 * FPS):
        writer.write(np.full((SIZE[1], SIZE[0], 3), index * 9 % 255, np.uint8))
    writer.release()
    return path
