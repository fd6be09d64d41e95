"""Small clips with a reference beside them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np

from livecam.encoding.h264 import H264Writer
from livecam.native import cv2

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT, FPS = 160, 120, 30
FACE = 48
"""Pixels of the one "face", a square of noise."""


def write_moving_face(folder: Path, *, seconds: float = 3.0, cut_at: int | None = None) -> Path:
    """Write a clip of a square of noise that goes to and fro on noise, and the truth about it."""
    chance = np.random.default_rng(0)
    behind = _noise(chance, WIDTH, HEIGHT, 90)
    face = _noise(chance, FACE, FACE, 170)
    clip = folder / "moving.mp4"
    writer = H264Writer(clip)
    lines = []
    for index in range(round(seconds * FPS)):
        x, y = (WIDTH - FACE) / 2 + 24 * math.sin(2 * math.pi * index / FPS / 2), (HEIGHT - FACE) / 2
        image = behind.copy() if cut_at is None or index < cut_at else 255 - behind
        shift = np.array([[1, 0, x], [0, 1, y]])
        where = cv2.warpAffine(np.full((FACE, FACE), 255, np.uint8), shift, (WIDTH, HEIGHT))
        placed = cv2.warpAffine(face, shift, (WIDTH, HEIGHT))
        image[where > 127] = placed[where > 127]
        writer.write(image, index / FPS)
        box = [x / WIDTH, y / HEIGHT, FACE / WIDTH, FACE / HEIGHT, 0.9]
        lines.append(json.dumps({"frame": index, "t": index / FPS, "faces": [box]}))
    writer.close()
    clip.with_name("moving.faces.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return clip


def _noise(
    chance: np.random.Generator, width: int, height: int, mean: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return soft noise, BGR: optical flow needs slopes."""
    rough = chance.normal(mean, 60, (height, width, 3)).clip(0, 255).astype(np.uint8)
    return cv2.GaussianBlur(rough, (0, 0), 1.5).astype(np.uint8)
