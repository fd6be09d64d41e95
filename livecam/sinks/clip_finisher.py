"""Clips are finished beside the run, one after the other: a long one takes the disk many seconds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam.archive.finishing import finish_clip
from livecam.archive.syncing import sync
from livecam.errors import LivecamError
from livecam.sinks.background_writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.archive import Archive
    from livecam.archive.clip_writer import ClosedClip
    from livecam.clips import Clip

log = logging.getLogger(__name__)

PATIENCE = 600.0
"""Seconds given to clips that are unfinished at the end; what takes longer is taken up at the next start."""
MOST_WAITING = 1000


class ClipFinisher:
    """Takes clips that have all their frames.

    Args:
        archive: where they are.
        afterwards: what is to be done about each clip once it is whole, in the same thread.
        hand_on: told each whole clip when others may work on it.
        tidy: done first of all and after each clip, such as deleting old ones.
        on_failure: told what went wrong with a clip; the run goes on.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        afterwards: Callable[[Clip], None] = lambda _clip: None,
        hand_on: Callable[[Clip], None] = lambda _clip: None,
        tidy: Callable[[], object] = lambda: None,
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._archive = archive
        self._afterwards = afterwards
        self._hand_on = hand_on
        self._tidy = tidy
        self._on_failure = on_failure
        self._writer: BackgroundWriter[Callable[[], None]] = BackgroundWriter(
            "livecam-clips",
            write=self._attempt,
            finish=lambda: None,
            capacity=MOST_WAITING,
            on_failure=on_failure,
            patience=PATIENCE,
        )

    def take_up(self) -> None:
        """Finish what a crash has left, beside the run."""
        self._writer.put(self._take_up)

    def finish(self, closed: ClosedClip) -> None:
        """Have a clip finished; returns at once."""
        if not self._writer.put(lambda: self._finish(closed)):
            closed.lock.release()  # taken up at the next start

    def close(self) -> None:
        """Finish what is waiting. May be called twice."""
        self._writer.close()

    def _finish(self, closed: ClosedClip) -> None:
        clip = None
        try:
            with closed.lock:
                clip = finish_clip(self._archive, closed.id, end=closed.end, is_salvaged=False)
                if clip is not None:
                    self._afterwards(clip)
        finally:
            if clip is not None:  # whatever came of its copies
                self._hand_on(clip)
        self._tidy()

    def _take_up(self) -> None:
        report = sync(self._archive)
        for clip in report.salvaged:
            log.warning("taken up: %s, which was left unfinished", clip.file)
            self._hand_on(clip)
        self._tidy()

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except LivecamError as error:
            self._on_failure(error)
