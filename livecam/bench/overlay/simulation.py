"""Runs one clip in virtual time: every method gets the same frames and answers at the same instants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.bench.overlay.detector import VirtualDetector
from livecam.bench.overlay.finder import Looks, VirtualFinder
from livecam.bench.overlay.footage import opened
from livecam.bench.overlay.hold import HoldingPath
from livecam.bench.overlay.methods import REAL
from livecam.bench.overlay.results import ClipResult, ShownFace, ShownFrame
from livecam.bench.overlay.scores import scored
from livecam.bench.overlay.telling import teller_of
from livecam.bench.overlay.walk import Walk
from livecam.pictures import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from livecam.bench.overlay.methods import Method, Parts
    from livecam.bench.overlay.request import Request
    from livecam.detections import Answer
    from livecam.frames import Frame
    from livecam.pictures import Picture

_STATUS = Status(source="bench", source_state="playing", detector="scripted")


def unheard(done: int, expected: int) -> None:
    """Take note of progress, and tell nobody."""


def simulate(
    request: Request,
    clip: Path | None,
    progress: Callable[[int, int], None] = unheard,
    *,
    parts: Parts = REAL,
    looks: Looks | None = None,
) -> ClipResult:
    """Return what each method showed on one clip, and its scores.

    Args:
        request: what is asked; its `clips` are not looked at.
        clip: a video file; None for the demo scene.
        progress: told how many pictures are done, and of how many.
        parts: the real ones unless a test brings its own.
        looks: what the finder saw in an earlier run of the same clip, speed and shake; it grows.

    Raises:
        UsageError: the reference cannot be used.
        SourceError: the clip cannot be read.
        ModelMissing: the finder is needed and not installed.
        MissingDependency: the demo scene's portrait is not installed.
    """
    methods = [name for name in request.methods if name != "merged" or request.finder is not None]
    with opened(clip, seconds=request.max_seconds) as footage:
        teller = teller_of(footage, request.truth, parts.make_locator)
        if looks is None and "merged" in methods:
            looks = _looks(parts)
        screens = [_screen(name, request, parts, looks) for name in methods]
        detector = VirtualDetector(request)
        walk = Walk(request, footage, teller, progress)
        for frame, faces in walk.frames():
            answers = detector.take(frame.captured_at)
            for screen in screens:
                screen.show(frame, answers, detector)
            detector.offer(frame, faces)
        truth = walk.truth
        return ClipResult(
            clip=footage.name,
            path=footage.path,
            truth_from=teller.description,
            fps=footage.fps,
            width=walk.size[0],
            height=walk.size[1],
            truth=truth,
            methods=tuple(scored(screen.name, truth, screen.shown) for screen in screens),
        )


def _looks(parts: Parts) -> Looks:
    locator = parts.make_locator(None)
    locator.warm()
    return Looks(locator)


def _screen(name: str, request: Request, parts: Parts, looks: Looks | None) -> _Screen:
    path = HoldingPath() if name == "hold" else parts.make_path(request.prior)
    finder = None
    if name == "merged" and looks is not None and request.finder is not None:
        finder = VirtualFinder(looks, parts.make_schedule(request.finder))
    return _Screen(name, path, finder, parts.cpu)


@dataclass(slots=True)
class _Screen:
    """One method at work, and what it has shown."""

    name: str
    path: Method
    finder: VirtualFinder | None
    cpu: Callable[[], float]
    shown: list[ShownFrame] = field(default_factory=list)

    def show(self, frame: Frame, answers: Sequence[Answer], detector: VirtualDetector) -> None:
        """Show a frame with what is known by now, in the order in which a run does it."""
        now = frame.captured_at
        sightings = self.finder.take(now) if self.finder else ()
        began = self.cpu()
        self.path.follow(frame)
        for sighting in sightings:
            self.path.apply_sighting(sighting)
        for answer in answers:
            self.path.apply(answer)
        picture = self.path.finish(frame, now, _STATUS)
        cost = self.cpu() - began
        self.shown.append(
            ShownFrame(
                sequence=frame.sequence,
                at=frame.media_time,
                faces=_faces(picture),
                known=detector.known,
                cpu=cost,
                answers=len(answers),
                answered=detector.answered,
            )
        )
        if self.finder:
            self.finder.offer(frame, hurry=self.path.wants_finder)


def _faces(picture: Picture) -> tuple[ShownFace, ...]:
    """Return what is to be seen of the labels: one that has faded away is not."""
    return tuple(
        ShownFace(face.track_id, face.box, face.emotion if face.opacity > 0 else None)
        for face in picture.faces
    )
