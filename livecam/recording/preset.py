"""Which x264 preset clips are encoded with: the better one, until it proves too dear. Told what it costs."""

from __future__ import annotations

import statistics
from collections import deque
from typing import Literal, TypeAlias

Preset: TypeAlias = Literal["superfast", "ultrafast"]

USUAL_FPS = 30.0
"""Of a source that does not say."""
SUPERFAST_COST = 12e-9
"""CPU seconds per pixel, measured on detailed clips: 11 ms at 720p, 24 ms at 1080p. "ultrafast" costs half of
it, and makes files up to twice as large of the same pictures."""
PRIOR_SHARE = 0.5
"""Of a core, that "superfast" may be expected to take: detectors and drawing want the rest..."""
LARGEST_SHARE = 0.6
"""...and that it may turn out to take, as a share of the time between two frames."""
LEAST_MEASURED = 30
"""Frames from which a cost is believed: the first ones warm up."""
WINDOW = 90
"""Newest frames whose cost counts."""
MANY_DROPPED = 3
"""Frames dropped within `DROPS_FORGOTTEN` that tell of more than a hiccup."""
DROPS_FORGOTTEN = 300
"""Frames encoded since one was dropped, after which all is well again: ten seconds."""


class PresetChoice:
    """Chooses for one size of picture. It never goes back to what was too dear in the same run.

    Args:
        width: of the picture, in pixels.
        height: of the picture, in pixels.
        fps: pictures per second that are expected; None when nobody knows.
    """

    def __init__(self, width: int, height: int, fps: float | None = None) -> None:
        expected = SUPERFAST_COST * width * height * (fps or USUAL_FPS)
        self._preset: Preset = "superfast" if expected <= PRIOR_SHARE else "ultrafast"
        self._in_use = self._preset
        self._costs: deque[float] = deque(maxlen=WINDOW)
        self._intervals: deque[float] = deque(maxlen=WINDOW)
        self._dropped = self._since_dropped = 0

    @property
    def preset(self) -> Preset:
        """For the next encoder that is opened."""
        return self._preset

    @property
    def wants_change(self) -> bool:
        """Whether the encoder in use is too dear and a cheaper one is to be opened."""
        return self._preset != self._in_use

    def opened(self) -> None:
        """Take note that an encoder with `preset` is in use from now on; what another cost is forgotten."""
        self._in_use = self._preset
        self._costs.clear()
        self._intervals.clear()
        self._dropped = 0

    def measured(self, cpu_seconds: float, interval_seconds: float) -> None:
        """Take note of what a frame cost to encode.

        Args:
            cpu_seconds: CPU time of the encoder's thread for it.
            interval_seconds: media time since the frame before; a pause of the source tells nothing.
        """
        self._since_dropped += 1
        if self._since_dropped >= DROPS_FORGOTTEN:
            self._dropped = 0
        if interval_seconds > 0:
            self._costs.append(cpu_seconds)
            self._intervals.append(interval_seconds)
        if len(self._costs) < LEAST_MEASURED:
            return
        # Each by itself: after a late frame comes an early one, whose share of its interval says nothing.
        if statistics.median(self._costs) > LARGEST_SHARE * statistics.median(self._intervals):
            self._preset = "ultrafast"

    def dropped(self, frames: int = 1) -> None:
        """Take note that frames were dropped because the encoder had not come round to them."""
        self._dropped += frames
        self._since_dropped = 0
        if self._dropped >= MANY_DROPPED:
            self._preset = "ultrafast"
