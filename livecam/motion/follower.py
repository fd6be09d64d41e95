"""Follows faces from frame to frame by optical flow: fits `FaceFollower`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.clock import thread_cpu
from livecam.motion import grid_flow, scene_cut
from livecam.motion.effort import Effort
from livecam.motion.small_frames import LONGER_SIDE, SmallFrames, shrunk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.faces import BoundingBox, Movement
    from livecam.frames import Frame
    from livecam.motion.effort import Level
    from livecam.motion.scene_cut import Thumbnail
    from livecam.motion.small_frames import SmallFrame


class GridFollower:
    """Remembers small frames and measures movement on them; used from one thread.

    Args:
        keep: seconds for which a frame is remembered: as long as an answer about it may still come.
        cpu: CPU seconds used so far by the calling thread; one that stands still means no cost, and so
            full effort whatever the machine.
        longer_side: pixels of the small frames.
    """

    def __init__(
        self, *, keep: float, cpu: Callable[[], float] = thread_cpu, longer_side: int = LONGER_SIDE
    ) -> None:
        self._longer_side = longer_side
        self._frames = SmallFrames(keep=keep)
        self._cpu = cpu
        self._effort = Effort()
        self._cost = 0.0
        self._is_resting = False
        self._scene = 0
        self._thumbnail: Thumbnail | None = None

    @property
    def effort(self) -> Level:
        """How much it does to keep within its time."""
        return self._effort.level

    @property
    def is_resting(self) -> bool:
        """Whether the newest frame is to be passed over, because only every second one can be followed."""
        return self._is_resting

    def add(self, frame: Frame) -> bool:
        """Remember a frame; return whether it shows another scene than the one before.

        A frame of another size than the one before, or from before it, cannot be compared with it: that
        is another scene too. The first frame is no cut.
        """
        began = self._cpu()
        last = self._frames.newest
        if last is not None:
            self._settle(frame, last)
        small = shrunk(frame.image, self._longer_side)
        thumbnail = scene_cut.thumbnail(small)
        if last is not None and frame.sequence <= last.sequence:
            self._frames.clear()
        is_cut = last is not None and self._is_cut(frame, last, thumbnail)
        self._scene += is_cut
        self._frames.add(frame, small, self._scene)
        self._thumbnail = thumbnail
        self._is_resting = self._effort.level == "every second frame" and not (self._is_resting or is_cut)
        self._cost = self._cpu() - began
        return is_cut

    def between(self, earlier: int, later: int, boxes: Sequence[BoundingBox]) -> list[Movement | None]:
        """Return how the faces in these boxes of frame `earlier` moved until frame `later`.

        None for a face that cannot be followed, and for all if either frame is not remembered or a cut
        lies between the two.
        """
        before, after = self._frames.get(earlier), self._frames.get(later)
        if before is None or after is None or before.scene != after.scene:
            return [None] * len(boxes)
        began = self._cpu()
        grid = grid_flow.FULL_GRID if self._effort.level == "full" else grid_flow.SPARSE_GRID
        movements = grid_flow.movements(before.grey, after.grey, boxes, grid)
        self._cost += self._cpu() - began
        return movements

    def clear(self) -> None:
        """Forget every frame; what following costs is remembered."""
        self._frames.clear()
        self._thumbnail = None
        self._is_resting = False
        self._cost = 0.0

    def _settle(self, frame: Frame, last: SmallFrame) -> None:
        """Account for the frame before, now that it is known how long it had."""
        # A file that is played as fast as may be has its own time, which is the longer one.
        interval = max(frame.captured_at - last.captured_at, frame.media_time - last.media_time)
        self._effort.spent(self._cost, interval)

    def _is_cut(self, frame: Frame, last: SmallFrame, thumbnail: Thumbnail) -> bool:
        if frame.sequence <= last.sequence or (frame.width, frame.height) != last.size:
            return True
        return self._thumbnail is not None and scene_cut.is_cut(self._thumbnail, thumbnail)
