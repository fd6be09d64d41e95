"""Goes through a video file once, and keeps what policies are told and measured by; pictures are not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.bench.overlay.footage import opened
from livecam.bench.selection.changes import changes_in
from livecam.bench.selection.reading import Reader
from livecam.bench.selection.results import Observation, ObservedFrame
from livecam.bench.selection.watching import Watch
from livecam.motion import scene_cut
from livecam.motion.small_frames import shrunk
from livecam.sources.demo_scene.office_schedule import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.bench.overlay.footage import Footage
    from livecam.bench.selection.policies import Parts
    from livecam.bench.selection.request import Request
    from livecam.frames import Image
    from livecam.motion.scene_cut import Thumbnail

MOST_FPS = 15.0
"""Frames of a clip that are used per second: the model that stands in for the truth reads each."""
FACE = "face"
"""What happens in a clip while there is somebody."""
MODELS = "the on-device model on every frame, smoothed: a model's, no truth"
"""Without lag: each frame is judged by those before and after it."""


def observe_clip(
    request: Request, clip: Path, parts: Parts, progress: Callable[[int, int], None]
) -> Observation:
    """Return what there is to see in a video file; what faces express a model says.

    Args:
        request: how many minutes of it.
        clip: the file.
        parts: the real ones unless a test brings its own.
        progress: told how many pictures are done, and of how many.

    Raises:
        SourceError: the clip cannot be read.
        ModelMissing: a model is not installed.
        ModelDamaged: a model is not the pinned one.
    """
    watch, reader, cuts = Watch(parts), Reader(parts.make_reader()), _Cuts()
    frames: list[ObservedFrame] = []
    with opened(clip) as footage:
        step = max(1, math.ceil(footage.fps / MOST_FPS - 0.01))
        for at, image in _thinned(footage, step, request.minutes * 60, progress):
            has_cut = cuts.is_at(image)
            if has_cut:
                watch.cut()
            true = reader.read(at, image, has_cut=has_cut)
            activity = FACE if true else NOBODY
            seen = watch.look(len(frames), at, image, true)
            frames.append(ObservedFrame(len(frames), at, activity, (), seen, has_cut))
    frames = [replace(frame, truth=truth) for frame, truth in zip(frames, reader.truth(), strict=True)]
    return Observation(
        clip=footage.name,
        truth_from=MODELS,
        fps=footage.fps / step,
        width=footage.width,
        height=footage.height,
        frames=tuple(frames),
        changes=tuple(changes_in(frames)),
        evidence_ms=watch.evidence_ms,
        path=clip,
    )


def _thinned(
    footage: Footage, step: int, seconds: float, progress: Callable[[int, int], None]
) -> Iterator[tuple[float, Image]]:
    """Yield every so many-th picture of the first so many seconds."""
    expected = min(footage.expected, math.ceil(seconds * footage.fps))
    for index, (at, image) in enumerate(footage.pictures):
        if at >= seconds:
            return
        progress(index + 1, max(expected, index + 1))
        if index % step == 0:
            yield at, image


class _Cuts:
    """Looks for cuts from picture to picture."""

    def __init__(self) -> None:
        self._before: Thumbnail | None = None

    def is_at(self, image: Image) -> bool:
        """Tell whether another scene begins with this picture."""
        before, self._before = self._before, scene_cut.thumbnail(shrunk(image))
        return before is not None and scene_cut.is_cut(before, self._before)
