"""Results of a bench that never ran: a face that moves to the right, held badly and followed well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.overlay.results import ClipResult, MethodResult, Scores, ShownFace, ShownFrame, TrueFace
from livecam.faces import BoundingBox, Emotion, Movement

if TYPE_CHECKING:
    from livecam.frames import Image

FRAMES = 60
FPS = 25.0
ANSWER_EVERY = 12
WIDTH, HEIGHT = 320, 180
BEGIN = BoundingBox(0.1, 0.3, 0.15, 0.35)
STEP = Movement(0.01, 0.0)
ABSENT = range(24, 30)
"""Frames in which nobody is there."""
SCORES = Scores(
    iou=0.71,
    iou_all=0.69,
    over_50=0.83,
    over_70=0.67,
    p5=0.43,
    jitter=6.5,
    ghosts=0.07,
    ghost_seconds=1.5,
    id_changes=2,
    first_box_median=0.6,
    first_box_p95=0.84,
    never_shown=0,
    labels_right=0.954,
    labels_of_others=0.011,
    cpu_ms=0.02,
    cpu_ms_p95=0.04,
    cpu_ms_answer=0.3,
    face_frames=54,
)
BETTER = replace(
    SCORES, iou=0.882, iou_all=0.853, jitter=2.0, id_changes=1, first_box_median=0.15, cpu_ms=1.41
)


def box_at(frame: int) -> BoundingBox:
    return BEGIN.moved(Movement(STEP.dx * frame, 0.0))


def truth() -> tuple[tuple[TrueFace, ...], ...]:
    return tuple(
        () if n in ABSENT else (TrueFace(0, box_at(n), Emotion.HAPPY, counts=True),) for n in range(FRAMES)
    )


def method(name: str, scores: Scores, *, late: bool) -> MethodResult:
    """Return what a method showed: its box where the face is, or where it was when it was answered last."""
    shown, overlaps = [], []
    for n in range(FRAMES):
        box = box_at(n - n % ANSWER_EVERY if late else n)
        face = ShownFace(1, box, Emotion.HAPPY if n > ANSWER_EVERY else None)
        is_answer = n % ANSWER_EVERY == 0
        shown.append(ShownFrame(n, n / FPS, (face,), frozenset({0}), 0.001, int(is_answer)))
        overlaps.append(None if n in ABSENT else box.iou(box_at(n)))
    return MethodResult(name, scores, tuple(shown), tuple(overlaps))


def a_result(clip: str = "walk", *, methods: tuple[str, ...] = ("hold", "merged")) -> ClipResult:
    return ClipResult(
        clip=clip,
        path=None,
        truth_from=f"{clip}.faces.jsonl",
        fps=FPS,
        width=WIDTH,
        height=HEIGHT,
        truth=truth(),
        methods=tuple(
            method(name, SCORES if name == "hold" else BETTER, late=name == "hold") for name in methods
        ),
    )


def an_image(shade: int = 120) -> Image:
    return np.full((HEIGHT, WIDTH, 3), shade, np.uint8)
