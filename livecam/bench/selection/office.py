"""Goes through the office scene once, and keeps what policies are told and measured by; pictures are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.selection.changes import changes_in
from livecam.bench.selection.results import Observation, ObservedFrame, TrueFace
from livecam.bench.selection.watching import Watch
from livecam.sources.demo_scene.office import FPS, HEIGHT, WIDTH, OfficeScene
from livecam.sources.demo_scene.office_schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.bench.selection.policies import Parts
    from livecam.bench.selection.request import Request

IN_VIEW = 0.5
"""Share of a face that must be in the picture for it to count."""
EXACT = "the scene itself, exact"


def observe_office(request: Request, parts: Parts, progress: Callable[[int, int], None]) -> Observation:
    """Return what there is to see in the scene that a request asks for.

    Args:
        request: variant, minutes and seed.
        parts: the real ones unless a test brings its own.
        progress: told how many pictures are done, and of how many.

    Raises:
        MissingDependency: the portrait is not installed.
        ModelMissing: the finder is not installed.
    """
    planned = schedule(request.variant, request.minutes * 60, request.seed)
    scene, watch = OfficeScene(planned), Watch(parts)
    count = round(planned.duration * FPS)
    frames: list[ObservedFrame] = []
    for index in range(count):
        at = index / FPS
        truth = _truth(scene, at)
        seen = watch.look(index, at, scene.render(at), [(face.person, face.box) for face in truth])
        frames.append(ObservedFrame(index, at, planned.activity_at(at), truth, seen))
        progress(index + 1, count)
    return Observation(
        clip=request.variant,
        truth_from=EXACT,
        fps=FPS,
        width=WIDTH,
        height=HEIGHT,
        frames=tuple(frames),
        changes=tuple(changes_in(frames)),
        evidence_ms=watch.evidence_ms,
    )


def _truth(scene: OfficeScene, t: float) -> tuple[TrueFace, ...]:
    presence = scene.schedule.presence_at(t)
    if presence is None:
        return ()
    person = scene.schedule.presences.index(presence)
    return tuple(
        TrueFace(person, face.box.clamped(), face.expression)
        for face in scene.truth(t).faces
        if face.visible_share >= IN_VIEW
    )
