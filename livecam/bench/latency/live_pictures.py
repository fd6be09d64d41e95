"""The newest frame of a camera or stream, for each call at the instant at which it is due."""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Self

from livecam.bench.latency.samples import Picture
from livecam.encoding.jpeg import LEAST_SIDE
from livecam.errors import SourceFailed, SourceUnavailable, UsageError
from livecam.pipeline.latest_slot import LatestSlot

if TYPE_CHECKING:
    from types import TracebackType

    from livecam.frames import Frame
    from livecam.protocols import FrameSource

FIRST_WITHIN = 10.0
"""Seconds in which the first frame must come."""
CLOSE_TIMEOUT = 1.0


class LivePictures:
    """Fits `Pictures`; a context in which the source delivers.

    Args:
        source: not open yet.
        name: as it may be shown.
    """

    def __init__(self, source: FrameSource, name: str) -> None:
        self._source = source
        self._name = name
        self._slot = LatestSlot(on_drop=lambda _: None)
        self._newest: Frame | None = None
        self._thread = threading.Thread(target=self._keep, name="livecam-bench-source", daemon=True)
        self._shown: tuple[Picture, ...] = ()

    def __enter__(self) -> Self:
        """Open the source and wait for its first frame.

        Raises:
            SourceUnavailable: it cannot be opened, or sends nothing.
            UsageError: its pictures are too small for the service.
        """
        self._source.open()
        try:
            first = self._first()
        except BaseException:
            self.close()
            raise
        self._newest = first
        self._shown = (Picture(self._name, first.width, first.height),)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the source."""
        self.close()

    @property
    def shown(self) -> tuple[Picture, ...]:
        """What it is called, and its size."""
        return self._shown

    def frame(self, call: int, number: int, due_at: float) -> tuple[Frame, int]:  # noqa: ARG002  fits Pictures
        """Return the newest frame, as that of a call.

        Raises:
            SourceError: the source has ended.
        """
        if self._slot.is_over:
            raise self._slot.error or SourceFailed(f"{self._name} has ended; fewer --calls fit into it")
        assert self._newest is not None  # noqa: S101  since it was entered
        return dataclasses.replace(self._newest, sequence=call), 0

    def close(self) -> None:
        """Close the source."""
        self._slot.close()
        self._source.close()
        if self._thread.is_alive():
            self._thread.join(CLOSE_TIMEOUT)

    def _first(self) -> Frame:
        self._source.start(self._slot)
        first = self._slot.take(FIRST_WITHIN)
        if first is None:
            raise self._slot.error or SourceUnavailable(
                f"{self._name} sent no picture within {FIRST_WITHIN:g} s; see whether another program has it"
            )
        if min(first.width, first.height) < LEAST_SIDE:
            raise UsageError(
                f"{self._name} has {first.width}x{first.height} pixels and Amazon Rekognition takes none"
                f" under {LEAST_SIDE}x{LEAST_SIDE}; use another source"
            )
        return first

    def _keep(self) -> None:
        while (frame := self._slot.take()) is not None:
            self._newest = frame
