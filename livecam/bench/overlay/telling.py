"""Who tells where faces really are: a file, the demo scene itself, or a careful look of the finder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from livecam.bench.overlay.footage import truth_of_scene
from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame, read_truth, truth_beside
from livecam.frames import Frame
from livecam.motion import scene_cut
from livecam.motion.small_frames import shrunk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.bench.overlay.footage import Footage
    from livecam.frames import Image
    from livecam.motion.scene_cut import Thumbnail
    from livecam.protocols import FaceLocator
    from livecam.sources.demo_scene.scene import DemoScene

STAND_IN_WIDTH = 640
"""Longer side of the finder's input, pixels, where it stands in for a reference: slow, but nearly twice as
fine as in a run."""


class Teller(Protocol):
    """Knows the faces of each picture of one clip."""

    description: str
    """For people: where the reference comes from."""
    knows_emotions: bool
    """Whether it says what faces express; else each person is given an emotion to be told apart by."""
    length: int | None
    """Pictures it knows; None for all."""

    def of(self, index: int, t: float, image: Image) -> ReferenceFrame:
        """Return the faces of the next picture: its index, its time in seconds, and itself."""


def teller_of(footage: Footage, truth: Path | None, make_locator: Callable[[int], FaceLocator]) -> Teller:
    """Return who tells about a clip.

    Args:
        footage: the clip.
        truth: a file to believe before all else; None to look for what there is.
        make_locator: makes the finder, for an input of that many pixels, where nobody else knows.

    Raises:
        UsageError: the file cannot be used.
        ModelMissing: nobody knows, and the finder is not installed.
    """
    if truth is None and footage.scene is not None:
        return SceneTeller(footage.scene)
    path = truth or (truth_beside(footage.path) if footage.path else None)
    if path is not None:
        return FileTeller(path)
    return FinderTeller(make_locator(STAND_IN_WIDTH))


class FileTeller:
    """A reference file; fits `Teller`. Cuts are looked for in the pictures unless the file has some."""

    def __init__(self, path: Path) -> None:
        self._frames = read_truth(path)
        self._cuts = None if any(frame.is_cut for frame in self._frames) else _CutWatch()
        self.description = path.name
        self.length: int | None = len(self._frames)
        self.knows_emotions = any(face.emotion for frame in self._frames for face in frame.faces)

    def of(self, index: int, t: float, image: Image) -> ReferenceFrame:  # noqa: ARG002  fits `Teller`
        """Return the file's faces."""
        frame = self._frames[index]
        return frame if self._cuts is None else ReferenceFrame(frame.faces, self._cuts.sees_cut(image))


@dataclass(slots=True)
class SceneTeller:
    """The demo scene, which put the face there; fits `Teller`."""

    scene: DemoScene
    description: str = "the demo scene, exact"
    knows_emotions: bool = True
    length: int | None = None

    def of(self, index: int, t: float, image: Image) -> ReferenceFrame:  # noqa: ARG002  fits `Teller`
        """Return the scene's own truth."""
        return truth_of_scene(self.scene, t)


class FinderTeller:
    """The on-device finder on every picture; fits `Teller`. A stand-in: it has noise and gaps of its own."""

    def __init__(self, locator: FaceLocator) -> None:
        locator.warm()
        self._locator = locator
        self._cuts = _CutWatch()
        self.description = f"the on-device finder at {STAND_IN_WIDTH} px on every frame, a stand-in"
        self.length: int | None = None
        self.knows_emotions = False

    def of(self, index: int, t: float, image: Image) -> ReferenceFrame:
        """Return what the finder sees."""
        faces = self._locator.locate(Frame("reference", index, t, t, image))
        seen = tuple(ReferenceFace(face.box, face.confidence / 100) for face in faces if face.box.area > 0)
        return ReferenceFrame(seen, self._cuts.sees_cut(image))


class _CutWatch:
    """Looks for cuts from picture to picture."""

    def __init__(self) -> None:
        self._before: Thumbnail | None = None

    def sees_cut(self, image: Image) -> bool:
        """Tell whether another scene begins with this picture."""
        before, self._before = self._before, scene_cut.thumbnail(shrunk(image))
        return before is not None and scene_cut.is_cut(before, self._before)
