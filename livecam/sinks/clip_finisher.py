"""Clips are finished beside the run, one after the other: a long one takes the disk many seconds."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from livecam.archive.finishing import finish_clip
from livecam.archive.syncing import sync
from livecam.encoding.part_file import WriteFailed
from livecam.errors import LivecamError, OutputError
from livecam.sinks.background_writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.archive import Archive
    from livecam.archive.clip_writer import ClosedClip
    from livecam.clips import Clip

PATIENCE = 600.0
"""Seconds given to clips that are unfinished at the end; what takes longer is taken up at the next start."""
MOST_WAITING = 1000
TAKE_UP_AFTER = 5.0
"""Seconds, at first, from what could not be written to the next try; longer each time that fails..."""
MOST_WAITS = 12
"""...up to so many times that: a disk may stay full for days."""
TIDY_EVERY = 600.0
"""Seconds: what is too old goes also where nothing is recorded for days."""


class ClipFinisher:
    """Takes clips that have all their frames.

    Args:
        archive: where they are.
        afterwards: what is to be done about each clip once it is whole, in the same thread.
        hand_on: told each whole clip when others may work on it.
        tidy: done first of all, after each clip and now and then, such as deleting old ones.
        on_failure: told what went wrong with a clip; the run goes on.
        tidy_every: seconds from one time to the next while no clip ends.
        take_up_after: seconds until what could not be written is tried again, at first.
    """

    def __init__(  # noqa: PLR0913  put together in one place
        self,
        archive: Archive,
        *,
        afterwards: Callable[[Clip], None] = lambda _clip: None,
        hand_on: Callable[[Clip], None] = lambda _clip: None,
        tidy: Callable[[], object] = lambda: None,
        on_failure: Callable[[Exception], None],
        tidy_every: float = TIDY_EVERY,
        take_up_after: float = TAKE_UP_AFTER,
    ) -> None:
        self._archive = archive
        self._afterwards = afterwards
        self._hand_on = hand_on
        self._tidy = tidy
        self._on_failure = on_failure
        self._tidy_every = tidy_every
        self._take_up_after = take_up_after
        self._is_watched = False
        self._closed = threading.Event()
        self._writer: BackgroundWriter[Callable[[], object]] = BackgroundWriter(
            "livecam-clips",
            write=self._attempt,
            finish=lambda: None,
            capacity=MOST_WAITING,
            on_failure=on_failure,
            patience=PATIENCE,
        )

    def take_up(self) -> None:
        """Finish what a crash has left, beside the run; from now on it is tidied now and then."""
        self._writer.put(self._take_up)
        if not self._is_watched:
            self._is_watched = True
            for work in (self._tidy_now_and_then, self._take_up_now_and_then):
                threading.Thread(target=work, name="livecam-tidy", daemon=True).start()

    def finish(self, closed: ClosedClip) -> None:
        """Have a clip finished; returns at once."""
        if not self._writer.put(lambda: self._finish(closed)):
            closed.lock.release()  # taken up at the next start

    def close(self) -> None:
        """Finish what is waiting. May be called twice."""
        self._closed.set()
        if self._archive.leftovers.why is not None:
            self._writer.put(self._take_up_again)
        self._writer.close()

    def _tidy_now_and_then(self) -> None:
        while not self._closed.wait(self._tidy_every):
            self._writer.put(self._tidy)

    def _take_up_now_and_then(self) -> None:
        waits = 1
        while not self._closed.wait(waits * self._take_up_after):
            waits = min(2 * waits, MOST_WAITS) if self._archive.leftovers.why is not None else 1
            if self._archive.leftovers.why is not None:
                self._writer.put(self._take_up_again)

    def _finish(self, closed: ClosedClip) -> None:
        clip = None
        try:
            with closed.lock:
                with contextlib.suppress(WriteFailed):  # told as damaged, and tried again
                    clip = finish_clip(self._archive, closed.id, end=closed.end, is_salvaged=False)
                if clip is not None:
                    self._afterwards(clip)
        finally:
            if clip is not None:  # whatever came of its copies
                self._hand_on(clip)
        self._tidy()

    def _take_up_again(self) -> None:
        with contextlib.suppress(LivecamError):  # told when it was left
            self._take_up()

    def _take_up(self) -> None:
        leftovers = self._archive.leftovers
        leftovers.begin()
        try:
            report = sync(self._archive)
        except OutputError as error:
            leftovers.note(str(error), is_ledger=True)
            raise
        leftovers.end()
        for clip in report.salvaged:
            self._hand_on(clip)
        self._tidy()

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except LivecamError as error:
            self._on_failure(error)
