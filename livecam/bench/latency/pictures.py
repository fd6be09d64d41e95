"""The pictures that are sent: stills, some of a clip or of the demo scene; looked at before any call."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from livecam.bench.latency.samples import Picture
from livecam.clock import SystemClock
from livecam.encoding.jpeg import LEAST_SIDE, MOST_BYTES, encode_jpeg
from livecam.errors import DetectorError, MissingDependency, SourceError, UsageError
from livecam.frames import Frame
from livecam.native import av
from livecam.sources.demo_scene.scene import DemoScene
from livecam.sources.demo_scene.script import PERIOD
from livecam.sources.demo_scene.source import HEIGHT, WIDTH
from livecam.sources.stills import SUFFIXES, is_picture, natural_order, read_picture
from livecam.sources.upright import Upright, pixel_aspect_of
from livecam.sources.video_file import VideoFileSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.frames import Image

log = logging.getLogger(__name__)

Item = TypeVar("Item")

DEMO = "demo"
OF_A_CLIP = 5
"""Pictures that are taken of a clip, and of the demo scene."""
MOST_PICTURES = 40
"""That are held in memory; of more, so many evenly spread ones are taken."""


class Pictures(Protocol):
    """What calls are made about."""

    @property
    def shown(self) -> tuple[Picture, ...]:
        """What they are called, and their size."""

    def frame(self, call: int, number: int, due_at: float) -> tuple[Frame, int]:
        """Return the frame of a call, and the index of its picture.

        Args:
            call: number of the call in the whole run; the frame's sequence.
            number: of the call among those of its condition: all conditions have the same pictures in turn.
            due_at: when it is due.

        Raises:
            SourceError: there is none any more.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """One picture."""

    name: str
    image: Image


class StillPictures:
    """Fits `Pictures`: stills in turn, each as if it were captured when its call is due."""

    def __init__(self, stills: Sequence[Still]) -> None:
        self._stills = tuple(stills)
        self._shown = tuple(
            Picture(still.name, still.image.shape[1], still.image.shape[0]) for still in stills
        )

    @property
    def shown(self) -> tuple[Picture, ...]:
        """What they are called, and their size."""
        return self._shown

    def frame(self, call: int, number: int, due_at: float) -> tuple[Frame, int]:
        """Return the frame of a call, and the index of its picture."""
        index = number % len(self._stills)
        still = self._stills[index]
        return Frame("bench", call, due_at, 0.0, still.image, still.name), index


def load_stills(names: Sequence[str]) -> tuple[Still, ...]:
    """Return all pictures of files, folders, clips and the demo scene, in their order.

    Args:
        names: none for the demo scene.

    Raises:
        UsageError: one cannot be read or is too small for the service; the message names it.
        MissingDependency: the demo scene's portrait is not installed.
    """
    if not names:
        try:
            return _of_demo()
        except MissingDependency as error:
            raise MissingDependency(
                f"{error}; or name pictures to send: livecam bench latency FILE"
            ) from error
    stills = [still for name in names for still in _named(name)]
    for still in stills:
        height, width = still.image.shape[:2]
        if min(height, width) < LEAST_SIDE:
            raise UsageError(
                f"{still.name} has {width}x{height} pixels and Amazon Rekognition takes none under"
                f" {LEAST_SIDE}x{LEAST_SIDE}; give a larger picture"
            )
    return tuple(_spread(stills))


def require_sendable(stills: Sequence[Still], widths: Sequence[int], quality: int) -> None:
    """Refuse pictures that would not be sent as asked for, and say which widths are the same.

    Args:
        stills: all pictures.
        widths: of all conditions.
        quality: the highest of all conditions.

    Raises:
        UsageError: one is too large for the service at the largest width and highest quality.
    """
    width = max(widths)
    for still in stills:
        try:
            sent = encode_jpeg(still.image, width=width, quality=quality)
        except DetectorError as error:
            raise UsageError(f"{still.name}: {error}") from error
        if sent.quality < quality:
            raise UsageError(
                f"{still.name} is more than {MOST_BYTES:,} bytes as a JPEG {sent.width} pixels wide at"
                f" quality {quality}, and Amazon Rekognition takes no more: lower --width or --quality"
            )
        full = still.image.shape[1]
        if len(alike := [each for each in widths if each >= full]) > 1:
            log.warning(
                "%s is %d pixels wide and never enlarged: widths %s send the same picture",
                still.name,
                full,
                ", ".join(map(str, sorted(alike))),
            )


def _named(name: str) -> Sequence[Still]:
    path = Path(name)
    if name == DEMO and not path.exists():
        return _of_demo()
    if path.is_dir():
        return list(_of_folder(path))
    if not path.exists():
        raise UsageError(f"there is no file {name}; give pictures, folders of them, clips, a camera, or demo")
    if is_picture(path):
        return [_read(path)]
    return list(_of_clip(path))


def _read(path: Path) -> Still:
    try:
        return Still(path.name, read_picture(path))
    except SourceError as error:
        raise UsageError(f"{error}; nothing was sent") from error


def _of_folder(folder: Path) -> Iterator[Still]:
    try:
        listed = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise UsageError(f"the folder {folder} cannot be read: {error.strerror}") from error
    paths = [path for path in listed if path.is_file() and not path.name.startswith(".")]
    if not paths:
        raise UsageError(f"the folder {folder} holds no picture; folders within it are not searched")
    for path in _spread(sorted(paths, key=lambda path: natural_order(path.name))):
        yield _read(path)


def _of_demo() -> tuple[Still, ...]:
    scene = DemoScene(WIDTH, HEIGHT)
    instants = [PERIOD * index / OF_A_CLIP for index in range(OF_A_CLIP)]
    return tuple(Still(f"{DEMO} at {at:.1f} s", scene.render(at)) for at in instants)


def _of_clip(path: Path) -> Iterator[Still]:
    """Yield a few pictures of a clip, evenly spread."""
    source = VideoFileSource(path, source=path.name, clock=SystemClock(), is_fast=True)
    try:
        duration = source.open().duration  # it has the sentences about files that are no video
    except SourceError as error:
        raise UsageError(f"{error}; nothing was sent") from error
    finally:
        source.close()
    try:
        with av.open(f"file:{path}", metadata_errors="ignore") as container:
            stream = container.streams.video[0]
            upright = Upright(pixel_aspect_of(stream))
            for index in range(OF_A_CLIP):
                at = (duration or 0.0) * (index + 0.5) / OF_A_CLIP
                if index and not duration:
                    return
                container.seek(int(at * av.time_base))
                frame = _frame_at(container.decode(stream), at)
                if frame is not None:
                    yield Still(f"{path.name} at {at:.1f} s", upright(frame))
    except (av.FFmpegError, ValueError) as error:
        raise UsageError(f"{path} cannot be read to its end ({error}); give another clip") from error


def _frame_at(frames: Iterator[av.VideoFrame], at: float) -> av.VideoFrame | None:
    """Return the first frame that is not before an instant, else the last one."""
    found = None
    for found in frames:
        if found.pts is None or found.time >= at:
            break
    return found


def _spread(items: Sequence[Item]) -> Sequence[Item]:
    if len(items) <= MOST_PICTURES:
        return items
    log.warning(
        "%d pictures are more than are of use: %d of them are sent in turn", len(items), MOST_PICTURES
    )
    return [items[index * len(items) // MOST_PICTURES] for index in range(MOST_PICTURES)]
