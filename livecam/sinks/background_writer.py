"""A thread behind a bounded queue: so that a slow disk or encoder never holds up the picture.

Stated policy: when the queue is full, `put` drops what it was given and says so; only a source that
can wait (`waits=True`) is held up instead. After a failure everything is discarded.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.frames import SourceInfo

Item = TypeVar("Item")

CLOSE_TIMEOUT = 30.0
"""Seconds given to what is still queued at the end, unless told otherwise."""
QUEUE_BYTES = 128_000_000
"""Pictures waiting for an encoder: 1.5 s at 720p30. More would only hide that it is too slow."""
QUEUE_LIMITS = (4, 60)
"""Least and most pictures that may wait, whatever their size."""


class _End:
    """Marks the end of the queue."""


class BackgroundWriter(Generic[Item]):
    """Hands items, in order, to `write` in a thread of its own.

    Args:
        name: of the thread.
        write: takes an item; may raise.
        finish: called once after the last item, also after a failure; may raise.
        capacity: items that may wait.
        on_failure: told once, from the thread, when `write` or `finish` raised.
        patience: seconds given to what is still queued at the end; a disk that hangs longer is left behind.
    """

    def __init__(
        self,
        name: str,
        *,
        write: Callable[[Item], None],
        finish: Callable[[], None],
        capacity: int,
        on_failure: Callable[[Exception], None],
        patience: float = CLOSE_TIMEOUT,
    ) -> None:
        self._patience = patience
        self._write = write
        self._finish = finish
        self._on_failure = on_failure
        self._queue: queue.Queue[Item | _End] = queue.Queue(capacity)
        self._has_failed = False
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: Item, *, waits: bool = False) -> bool:
        """Queue an item; return False when it had to be dropped."""
        if self._is_closed:
            return False
        try:
            self._queue.put(item, block=waits)
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Write what is queued, finish and end the thread. May be called twice."""
        if not self._is_closed:
            self._is_closed = True
            try:
                self._queue.put(_End(), timeout=self._patience)
            except queue.Full:
                return  # it hangs in `write`
        self._thread.join(self._patience)

    def _run(self) -> None:
        while not isinstance(item := self._queue.get(), _End):
            if not self._has_failed:
                self._attempt(self._write, item)
        self._attempt(self._finish)

    def _attempt(self, call: Callable[..., None], *args: Item) -> None:
        try:
            call(*args)
        except Exception as error:  # noqa: BLE001  told once; the run goes on without this output
            if not self._has_failed:
                self._has_failed = True
                self._on_failure(error)


def pictures_that_may_wait(info: SourceInfo) -> int:
    """Return how many pictures of a source may wait for an encoder."""
    least, most = QUEUE_LIMITS
    per_picture = max(info.width * info.height * 3, 1)
    return min(max(QUEUE_BYTES // per_picture, least), most)
