"""Still pictures: one, or those of a folder, each delivered once and none dropped."""

from __future__ import annotations

import itertools
import logging
import math
import re
import threading
from typing import TYPE_CHECKING, cast

import numpy as np

from livecam.errors import SourceUnavailable
from livecam.frames import Frame, SourceInfo
from livecam.native import MOST_PIXELS, cv2
from livecam.sources.source_thread import SourceThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import FrameSlot

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
"""Of the pictures in a folder; whether capital or not."""
CLOSE_TIMEOUT = 2.0
"""Seconds to wait for a picture that is being decoded."""
_KINDS = "jpg, png, webp, bmp or tif"
_MAGIC = (
    re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP", re.DOTALL),
    re.compile(rb".{4}ftyp(heic|heix|mif1|avif)", re.DOTALL),  # a phone's; said to be unreadable
)
_LOOKED_AT = 1 << 23
"""Bytes of a file in which it shows whether it holds one picture or several."""
_NEXT_PICTURE = {
    b"\xff\xd8": re.compile(rb"\xff\xd9\xff\xd8"),  # JPEG after JPEG: a film of them
    b"\x89P": re.compile(rb"acTL(?!\0\0\0[\0\1]).*IDAT", re.DOTALL),  # announces several before the first
    b"GI": re.compile(rb"\0!\xf9\x04.*\0!\xf9\x04", re.DOTALL),  # a delay for a second picture
}
"""By the first two bytes of a file: what shows that it is animated."""


def is_picture(path: Path) -> bool:
    """Tell whether a file is a still picture: by its suffix and, for doubtful ones, by its content.

    Animated GIFs and PNGs are films. A file that is not there or cannot be read is a picture if its
    suffix says so, and the message about it will come from `StillsSource`.
    """
    suffix = path.suffix.lower()
    if suffix in SUFFIXES and suffix != ".png":
        return True
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError:
        return suffix in SUFFIXES
    if suffix not in SUFFIXES and not any(magic.match(head) for magic in _MAGIC):
        return False
    several = _NEXT_PICTURE.get(head[:2])
    return several is None or several.search(head) is None


class StillsSource:
    """Frames of a picture, or of the pictures of a folder in their natural order.

    Folders within it are not searched, hidden files and other files are left out. A picture is
    decoded when its turn comes, so that a folder of any size starts at once.

    Args:
        path: the picture or folder.
        source: id for the frames.
    """

    def __init__(
        self,
        path: Path,
        *,
        source: str,
        clock: Clock,
        on_skip: Callable[[str, str], None] = lambda _name, _why: None,
    ) -> None:
        self._on_skip = on_skip
        self._path = path
        self._source = source
        self._clock = clock
        self._pictures: Iterator[tuple[str, Image]] | None = None
        self._thread = SourceThread(source)
        self._lock = threading.Lock()
        self.skipped: list[str] = []
        """Names of the pictures so far that could not be read."""

    def open(self) -> SourceInfo:
        """List the pictures and decode the first that can be read.

        Raises:
            SourceUnavailable: there is no such file or folder, or no picture that can be read.
        """
        paths = self._listed()
        pictures = self._decoded(paths)
        first = next(pictures, None)
        if first is None:
            raise SourceUnavailable(self._why_none(paths))
        self._pictures = itertools.chain([first], pictures)
        height, width = first[1].shape[:2]
        count = "1 picture" if len(paths) == 1 else f"{len(paths)} pictures"
        name = self._path.resolve().name
        return SourceInfo(
            source=self._source,
            description=f"{name} ({count})" if self._path.is_dir() else name,
            width=width,
            height=height,
            fps=None,
            duration=float(len(paths)),
            is_live=False,
            are_stills=True,
        )

    def start(self, slot: FrameSlot) -> None:
        """Deliver the pictures into `slot`; each waits until it is taken."""
        with self._lock:
            if self._pictures is None:
                raise SourceUnavailable(f"{self._path} was not opened")
            pictures = self._pictures
            self._thread.start(lambda: self._deliver(pictures, slot), slot)

    def close(self) -> None:
        """Deliver no further picture."""
        self._thread.stop(CLOSE_TIMEOUT)
        with self._lock:
            self._pictures = None
        self._thread.stop(CLOSE_TIMEOUT)  # a start may just have come between

    def _deliver(self, pictures: Iterator[tuple[str, Image]], slot: FrameSlot) -> None:
        for sequence, (name, image) in enumerate(pictures):
            if self._thread.stopped.is_set():
                return
            frame = Frame(self._source, sequence, self._clock.now(), float(sequence), image, name)
            slot.put(frame, patience=math.inf)

    def _listed(self) -> list[Path]:
        try:
            if not self._path.is_dir():
                self._path.stat()
                return [self._path]
            found = [path for path in self._path.iterdir() if path.suffix.lower() in SUFFIXES]
        except FileNotFoundError as error:
            raise SourceUnavailable(f"no such file or folder: {self._path}") from error
        except OSError as error:
            raise SourceUnavailable(f"{self._path} cannot be read: {error.strerror}") from error
        shown = [path for path in found if not path.name.startswith(".") and path.is_file()]
        return sorted(shown, key=lambda path: natural_order(path.name))

    def _decoded(self, paths: list[Path]) -> Iterator[tuple[str, Image]]:
        for path in paths:
            try:
                image = read_picture(path)
            except SourceUnavailable as error:
                if not self._path.is_dir():
                    raise
                self.skipped.append(path.name)
                self._on_skip(path.name, str(error))
                log.warning("%s; it is skipped (%d so far)", error, len(self.skipped))
            else:
                yield path.name, image

    def _why_none(self, paths: list[Path]) -> str:
        if not paths:
            return f"{self._path} holds no picture ({_KINDS}); folders within it are not searched"
        return f"none of the {len(paths)} pictures in {self._path} can be read; they are damaged"


def natural_order(name: str) -> tuple[list[str | int], str]:
    """Return a key that sorts names as people do: img2 before img10, whether capital or not."""
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], name


def read_picture(path: Path) -> Image:
    """Return a picture as BGR bytes, shape (height, width, 3), turned as its camera noted.

    Raises:
        SourceUnavailable: there is no such file, or no picture in it that can be read.
    """
    try:
        # NumPy reads the file: OpenCV cannot open names beyond the code page on Windows.
        image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    except FileNotFoundError as error:
        raise SourceUnavailable(f"no such file: {path}") from error
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read: {error.strerror}") from error
    except (cv2.error, MemoryError) as error:  # an empty file; a size beyond the limit or the memory
        if "MAX_IMAGE_PIXELS" in str(error):
            raise SourceUnavailable(
                f"{path} says that it has more than {MOST_PIXELS // 10**6} million pixels; make it smaller"
            ) from error
        image = None
    if image is None:
        raise SourceUnavailable(f"{path} is damaged, or no {_KINDS} that can be read")
    return cast("Image", image)
