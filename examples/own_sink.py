"""A sink of one's own, in one class: it counts how long each expression was on the screen.

Usage: own_sink.py [SOURCE] [SECONDS]
"""

import asyncio
from collections import defaultdict

import typer

import livecam


class ScreenTime:
    """Fits `livecam.FrameSink`; `write` is called for every picture and must not block."""

    def __init__(self) -> None:
        """Begin to count."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._last_at: float | None = None

    def open(self, info: livecam.SourceInfo) -> None:
        """Get ready; an error here would end the run before the source starts."""

    def write(self, picture: livecam.Picture) -> None:
        """Count the time since the picture before."""
        if self._last_at is not None:
            for face in picture.faces:
                self.seconds[face.emotion or "unclear"] += picture.displayed_at - self._last_at
        self._last_at = picture.displayed_at

    def close(self) -> None:
        """Say what was counted."""
        for emotion, seconds in self.seconds.items():
            print(f"{emotion.lower():10} {seconds:5.1f} s")


async def watch(source: str, seconds: float) -> None:
    """Watch a source with the sink beside."""
    async with livecam.open_monitor(source, sinks=[ScreenTime()], duration=seconds) as monitor:
        async for _ in monitor:
            pass


def main(source: str = "demo", seconds: float = 10.0) -> None:
    """Watch a source with the sink beside."""
    asyncio.run(watch(source, seconds))


if __name__ == "__main__":
    typer.run(main)
