"""The camera of a page: pictures that a browser sends, as a source.

It is open before any page is: the page can only be opened once the run serves it. One page is the camera at
a time. Nothing here knows how pictures come (`dashboard/camera_socket.py` does); `take` may be called from
any thread, and a thread of its own says what is wrong while none comes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from livecam.errors import SourceUnavailable
from livecam.events import SourceRecovered, SourceTroubled
from livecam.evidence.glance import glance
from livecam.frames import Frame, SourceInfo
from livecam.health import SourceHealth, Trouble
from livecam.sources.page_clock import PageClock
from livecam.sources.source_thread import SourceThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import EventListener, FrameSlot

SOURCE: Final = "browser"
NAME: Final = "the browser's camera"
WIDEST: Final = 960
"""Pixels of what a page sends: it shows its own picture itself, and faces are found in these."""
USUAL_RATE: Final = 15.0
"""Pictures per second that are enough to follow faces; all are sent while they are recorded."""
LOOK_EVERY = 0.1
"""Seconds between two looks at how the source is."""
CLOSE_TIMEOUT = 2.0
LEAST_STEP = 0.001
"""Seconds between two frames' instants, which ascend."""
WAITING = 'waiting for a browser: open the page of the view and press "Use this camera"'
GONE = f"the page that lent its camera has gone; {WAITING}"
HIDDEN = "the page that lends its camera is in the background, where it sends nothing: bring it to the front"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page is to send."""

    width: int
    """Pixels of a picture's longer side at most, as sent."""
    fps: float
    """Pictures per second at most."""


@dataclass(slots=True, eq=False)
class Lender:
    """A page that is the camera; made by `lend`."""

    page: str
    """Its id: a page that connects anew replaces itself."""
    ended: Callable[[], None]
    """Told when another page is the camera from now on; must not block."""
    clock: PageClock
    is_hidden: bool = False


class BrowserCamera:
    """Fits `FrameSource`.

    Args:
        clock: says when pictures arrive.
        publish: told of trouble and recovery.
        size: width and height in pixels to ask the page's camera for.
        fps: pictures per second to ask it for.
        wants_all: says whether every picture is wanted now, as for a recording.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        publish: EventListener,
        size: tuple[int, int] = (1280, 720),
        fps: float = 30.0,
        wants_all: Callable[[], bool] = lambda: False,
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._size = size
        self._fps = fps
        self._wants_all = wants_all
        self._thread = SourceThread(NAME)
        self._lock = threading.Lock()
        self._is_open = False
        self._slot: FrameSlot | None = None
        self._lender: Lender | None = None
        self._had_lender = False
        self._health = SourceHealth(NAME)
        self._judged_rate = 0.0
        self._told: tuple[Trouble, float] | None = None
        self._sequence = 0
        self._start_at: float | None = None
        self._captured_at = float("-inf")

    def open(self) -> SourceInfo:
        """Say what a page with such a camera will send; no page is needed yet."""
        width, height = self._size
        sent = min(width, WIDEST)
        with self._lock:
            self._is_open = True
        return SourceInfo(SOURCE, "a browser's camera", sent, max(1, round(height * sent / width)), None)

    def start(self, slot: FrameSlot) -> None:
        """Deliver what pages send into `slot` until closed.

        Raises:
            SourceUnavailable: it was not opened, or is closed.
        """
        with self._lock:
            if not self._is_open or self._thread.stopped.is_set():
                raise SourceUnavailable(f"{NAME} was not opened")
            self._slot = slot
            self._thread.start(self._watch, slot)

    def close(self) -> None:
        """Stop delivering; what a page sends is left."""
        with self._lock:
            self._thread.stopped.set()
        self._thread.stop(CLOSE_TIMEOUT)

    @property
    def wish(self) -> Wish:
        """What a page is to send now."""
        fps = self._fps if self._wants_all() else min(self._fps, USUAL_RATE)
        return Wish(min(max(self._size), WIDEST), fps)

    @property
    def capture(self) -> tuple[int, int, float]:
        """What a page is to ask its camera for: width and height in pixels, pictures per second."""
        return (*self._size, self._fps)

    @property
    def is_lent(self) -> bool:
        """Whether a page is the camera."""
        with self._lock:
            return self._lender is not None

    def lend(self, page: str, ended: Callable[[], None], *, takes_over: bool) -> Lender | None:
        """Make a page the camera; None when another one is and is not to be replaced.

        Args:
            page: its id; one that is the camera already goes on as it.
            ended: called, in the thread of whoever replaces it, when it is the camera no more.
            takes_over: whether it replaces another page.
        """
        with self._lock:
            before = self._lender
            if before is not None and before.page != page and not takes_over:
                return None
            lender = self._lender = Lender(page, ended, PageClock())
            self._had_lender = True
            self._health.opened(self._clock.now())
        if before is not None:
            before.ended()
        return lender

    def give_back(self, lender: Lender) -> None:
        """Take note that a page sends no more; one that was replaced changes nothing."""
        with self._lock:
            if self._lender is lender:
                self._lender = None

    def hide(self, lender: Lender, *, is_hidden: bool) -> None:
        """Take note that a page went to the background, or came back."""
        with self._lock:
            lender.is_hidden = is_hidden
            if not is_hidden and self._lender is lender:
                self._health.opened(self._clock.now())  # its first picture has some time again

    def take(self, lender: Lender, image: Image, *, captured: float, arrived: float) -> bool:
        """Deliver a picture; return False when nobody wants any from this page.

        Args:
            lender: the page.
            image: BGR, shape (height, width, 3); nobody else's.
            captured: seconds of the page's clock.
            arrived: monotonic seconds of this machine.
        """
        seen = glance(image)
        rate = self.wish.fps
        with self._lock:
            slot = self._slot
            if lender is not self._lender or slot is None or self._thread.stopped.is_set():
                return False
            if rate != self._judged_rate:  # fewer on request are not slow
                self._health, self._judged_rate = SourceHealth(NAME), rate
            self._health.saw(seen, arrived)
            at = max(lender.clock.instant(captured, arrived), self._captured_at + LEAST_STEP)
            self._captured_at = at
            self._start_at = at if self._start_at is None else self._start_at
            frame = Frame(SOURCE, self._sequence, at, at - self._start_at, image)
            self._sequence += 1
            slot.put(frame)  # within the lock: two pages that change places keep the order
        return True

    def _watch(self) -> None:
        while True:
            self._tell(self._trouble())
            if self._thread.stopped.wait(LOOK_EVERY):
                return

    def _trouble(self) -> Trouble | None:
        """Return what is wrong now; what was told stays until a picture comes."""
        with self._lock:
            lender, now = self._lender, self._clock.now()
            if lender is None:
                return Trouble("lost", GONE if self._had_lender else WAITING)
            found = self._health.trouble(now)
            is_judged = self._health.has_picture or self._health.is_overdue(now)
        if lender.is_hidden and (found is None or found.kind in ("stalled", "slow")):
            return Trouble("stalled", HIDDEN)
        if not is_judged and self._told is not None:
            return self._told[0]
        return found

    def _tell(self, trouble: Trouble | None) -> None:
        """Publish what has changed."""
        now = self._clock.now()
        if trouble is None and self._told is not None:
            told, since = self._told
            self._told = None
            self._publish(SourceRecovered(at=now, source=SOURCE, trouble=told.kind, lasted=now - since))
        elif trouble is not None and (self._told is None or trouble != self._told[0]):
            since = now if self._told is None else self._told[1]
            self._told = (trouble, since)
            self._publish(
                SourceTroubled(at=now, source=SOURCE, trouble=trouble.kind, message=trouble.message)
            )
