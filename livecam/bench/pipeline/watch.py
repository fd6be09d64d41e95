"""Notes when pictures are displayed and what the process has used meanwhile: fits `FrameSink`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.pipeline.figures import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from livecam.frames import SourceInfo
    from livecam.pictures import Picture

WARM_UP = 2.0
"""Seconds from the first picture that do not count: models are loaded, caches filled."""
SNAPSHOT_EVERY = 0.5


class PictureWatch:
    """Takes every picture of a run and forgets its pixels.

    Args:
        process: returns the CPU seconds of the process so far.
        stages: the same by stage.
    """

    def __init__(self, process: Callable[[], float], stages: Callable[[], Mapping[str, float]]) -> None:
        self._process = process
        self._stages = stages
        self._began_at: float | None = None
        self.info: SourceInfo | None = None
        """What the source granted; None until it was opened."""
        self.pictures: list[tuple[float, float]] = []
        """Of each picture after the warm-up when it was captured and when displayed."""
        self.snapshots: list[Snapshot] = []
        """Every half a second from the end of the warm-up."""

    def open(self, info: SourceInfo) -> None:
        """Take note of what was granted."""
        self.info = info

    def write(self, picture: Picture) -> None:
        """Take note of a picture."""
        at = picture.displayed_at
        self._began_at = at if self._began_at is None else self._began_at
        if at - self._began_at < WARM_UP:
            return
        self.pictures.append((picture.frame.captured_at, at))
        if not self.snapshots or at - self.snapshots[-1].at >= SNAPSHOT_EVERY:
            self.snapshots.append(Snapshot(at, len(self.pictures), self._process(), dict(self._stages())))

    def close(self) -> None:
        """Nothing is open."""
