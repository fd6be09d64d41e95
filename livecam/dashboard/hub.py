"""The newest picture for all viewers, encoded once for each size, in threads of its own.

Pictures come from the picture thread; all else happens on the server's event loop. A picture that nobody has
room for is never encoded.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.errors import OutputError
from livecam.native import cv2
from livecam.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from livecam.dashboard.credit import Rendition
    from livecam.frames import Image
    from livecam.protocols import Painter

MOST_VIEWERS = 16
"""Sockets and streams together; each may cost an encoding."""
KEPT_ENCODINGS = 8
ENCODERS = 2
"""Threads: a large picture does not hold up the small ones."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and its number, counted from 1, refreshed ones included."""

    number: int
    picture: Picture


class Hub:
    """Passes on the newest picture.

    Args:
        painter: draws labels into pictures for those that cannot; not one that a window uses.
    """

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self._lock = threading.Lock()
        self._newest: Shot | None = None
        self._is_waking = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._encodings: OrderedDict[tuple[object, ...], tuple[Picture | Image, asyncio.Task[bytes]]] = (
            OrderedDict()
        )
        self._encoders = ThreadPoolExecutor(ENCODERS, "livecam-web-encode")
        self.closing = asyncio.Event()
        """Set before the server ends, so that what streams ends first."""
        self.viewers = 0
        """Sockets and streams that are open."""
        self.encoded = 0
        """JPEGs made so far."""

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake those who wait in this loop from now on."""
        with self._lock:
            self._loop = loop

    def put(self, picture: Picture) -> None:
        """Leave a picture in place of the one before; any thread, returns at once."""
        with self._lock:
            self._newest = Shot((self._newest.number if self._newest else 0) + 1, picture)
            loop = None if self._is_waking else self._loop
            self._is_waking = self._is_waking or loop is not None
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody watches
                loop.call_soon_threadsafe(self._wake)

    def latest(self) -> Shot | None:
        """Return the newest picture; None before the first."""
        with self._lock:
            return self._newest

    async def newer_than(self, number: int) -> Shot | None:
        """Return the newest picture once there is one after `number`; None when the server ends."""
        while not self.closing.is_set():
            news = self._news
            shot = self.latest()
            if shot is not None and shot.number > number:
                return shot
            await news.wait()
        return None

    async def jpeg(self, shot: Shot, rendition: Rendition) -> bytes:
        """Return a picture's frame with nothing drawn on it; viewers of one size share the work."""
        image = shot.picture.frame.image  # not the frame's number: what of it may be seen can change
        return await self._shared(("plain", id(image), rendition), image, rendition)

    async def painted_jpeg(self, shot: Shot, rendition: Rendition) -> bytes:
        """Return a picture with its labels drawn into it."""
        return await self._shared(("painted", shot.number, rendition), shot.picture, rendition)

    @contextlib.contextmanager
    def seat(self) -> Iterator[bool]:
        """Hold a viewer's place; False when all are taken."""
        is_free = self.viewers < MOST_VIEWERS
        self.viewers += is_free
        try:
            yield is_free
        finally:
            self.viewers -= is_free

    async def shots(self) -> AsyncIterator[Shot]:
        """Yield the newest picture again and again, each once, until the server ends."""
        shot = await self.newer_than(0)
        while shot is not None:
            yield shot
            shot = await self.newer_than(shot.number)

    def end_streams(self) -> None:
        """Let everyone who waits go; on the event loop."""
        self.closing.set()
        self._wake()

    def close(self) -> None:
        """Release the threads."""
        with self._lock:
            self._loop = None
        self._encoders.shutdown(wait=False, cancel_futures=True)

    def _wake(self) -> None:
        with self._lock:
            self._is_waking = False
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _shared(self, key: tuple[object, ...], what: Picture | Image, rendition: Rendition) -> bytes:
        _, task = self._encodings.get(key, (None, None))
        if task is None:
            task = asyncio.create_task(self._encode(what, rendition))
            self._encodings[key] = what, task  # while that is kept, no other image has its id
            while len(self._encodings) > KEPT_ENCODINGS:
                self._encodings.popitem(last=False)
        return await asyncio.shield(task)  # one that leaves takes nothing from the others

    async def _encode(self, what: Picture | Image, rendition: Rendition) -> bytes:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._encoders, self._work, what, rendition)

    def _work(self, what: Picture | Image, rendition: Rendition) -> bytes:
        self.encoded += 1
        return encoded(self._annotated(what) if isinstance(what, Picture) else what, rendition)

    def _annotated(self, picture: Picture) -> Image:
        return self._painter.paint(picture) if picture.image is None else picture.image


def encoded(image: Image, rendition: Rendition) -> bytes:
    """Return an image as JPEG, made smaller to the rendition's width but never enlarged.

    Raises:
        OutputError: OpenCV could not encode it.
    """
    height, width = image.shape[:2]
    if width > rendition.width:
        size = (rendition.width, max(1, round(height * rendition.width / width)))
        # Bilinear skips pixels from a factor of 2 on; under it, it takes a third of the time.
        method = cv2.INTER_LINEAR if width < 2 * rendition.width else cv2.INTER_AREA
        image = cv2.resize(image, size, interpolation=method)  # type: ignore[assignment]
    is_encoded, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, rendition.quality])
    if not is_encoded:
        raise OutputError("OpenCV could not encode the picture as JPEG; the browser is shown none")
    return data.tobytes()
