"""Runs every policy on one clip: all are told the same and get the same answers about the same frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.overlay.simulation import unheard
from livecam.bench.selection.clips import observe_clip
from livecam.bench.selection.office import observe_office
from livecam.bench.selection.policies import REAL
from livecam.bench.selection.replay import replay
from livecam.bench.selection.results import ClipResult
from livecam.bench.selection.scores import scored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.bench.selection.policies import Parts
    from livecam.bench.selection.request import Request
    from livecam.bench.selection.results import Observation


def simulate(
    request: Request,
    clip: Path | None,
    progress: Callable[[int, int], None] = unheard,
    *,
    parts: Parts = REAL,
) -> ClipResult:
    """Return what each policy asked and showed on one clip, and its scores.

    Args:
        request: what is asked; its `clips` are not looked at.
        clip: a video file; None for the office scene.
        progress: told how many pictures are done, and of how many.
        parts: the real ones unless a test brings its own.

    Raises:
        SourceError: the clip cannot be read.
        ModelMissing: a model is needed and not installed.
        MissingDependency: the scene's portrait is not installed.
    """
    if clip is None:
        return compared(observe_office(request, parts, progress), request, parts)
    return compared(observe_clip(request, clip, parts, progress), request, parts)


def compared(observation: Observation, request: Request, parts: Parts = REAL) -> ClipResult:
    """Return how the policies do on a clip that was gone through."""
    runs = [replay(observation, name, parts.make_policy(name), request) for name in request.compared]
    results = (scored(observation, run, runs[0], price_usd=request.price_usd) for run in runs)
    return ClipResult(observation, tuple(results))
