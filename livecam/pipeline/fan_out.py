"""Hands each picture to every sink; one that breaks is taken out and told, the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.events import OutputFailed
from livecam.protocols import LiveView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from livecam.clock import Clock
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture
    from livecam.protocols import EventListener, FrameSink


class FanOut:
    """Several sinks that are used as one; fits `FrameSink`.

    Args:
        sinks: in the order in which they are opened, written and closed.
        publish: told of a sink that broke.
        shield: returns a picture as it may be seen; None where every picture may be seen as it is.
        originals: those of the sinks that get pictures as they are all the same.
    """

    def __init__(
        self,
        sinks: Iterable[FrameSink],
        *,
        clock: Clock,
        publish: EventListener,
        shield: Callable[[Picture], Picture] | None = None,
        originals: Sequence[FrameSink] = (),
    ) -> None:
        self._sinks = list(sinks)
        self._shield = shield
        self._originals = originals
        self._opened: list[FrameSink] = []
        self._clock = clock
        self._publish = publish
        self._source = ""

    @property
    def sinks(self) -> tuple[FrameSink, ...]:
        """The sinks that still take pictures."""
        return tuple(self._sinks)

    def open(self, info: SourceInfo) -> None:
        """Get every sink ready.

        Raises:
            OutputError: one cannot be; those before it are open and want to be closed.
        """
        self._source = info.source
        for sink in self._sinks:
            sink.open(info)
            self._opened.append(sink)

    def write(self, picture: Picture) -> None:
        """Hand a picture to each sink."""
        seen = self._as_seen(picture)
        for sink in self._sinks[:]:
            self._hand(sink, sink.write, picture if sink in self._originals else seen)

    def refresh(self, picture: Picture) -> None:
        """Hand the newest picture again to those that people look at."""
        seen = self._as_seen(picture)
        for sink in self._sinks[:]:
            if isinstance(sink, LiveView):
                self._hand(sink, sink.refresh, seen)

    def close(self) -> None:
        """Finish each sink that was opened, the broken ones too."""
        opened, self._opened = self._opened, []
        for sink in opened:
            try:
                sink.close()
            except Exception as error:  # noqa: BLE001  nor keep the other outputs from being finished
                self._report(sink, error)

    def _as_seen(self, picture: Picture) -> Picture:
        return picture if self._shield is None else self._shield(picture)

    def _hand(self, sink: FrameSink, take: Callable[[Picture], None], picture: Picture) -> None:
        try:
            take(picture)
        except Exception as error:  # noqa: BLE001  one broken output must not end the picture
            self._sinks.remove(sink)
            self._report(sink, error)

    def _report(self, sink: FrameSink, error: Exception) -> None:
        output, message = type(sink).__name__, str(error)
        self._publish(OutputFailed(at=self._clock.now(), source=self._source, output=output, message=message))
