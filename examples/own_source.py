"""A source of one's own: anything that can be opened and read becomes a live source in one class.

livecam reads it in a thread of its own, notices when it stalls, freezes, turns black or slows down,
and opens it again for ever. Usage: own_source.py [SECONDS]
"""

import threading

import numpy as np
import typer
from numpy.typing import NDArray

import livecam

WIDTH, HEIGHT, FPS = 640, 360, 20.0


class Noise:
    """Fits `livecam.Connection`: coloured noise, twenty times a second. To call the class is to open it."""

    def __init__(self) -> None:
        self.info = livecam.SourceInfo("noise", "coloured noise", WIDTH, HEIGHT, FPS)
        self._random = np.random.default_rng(1)
        self._closed = threading.Event()

    def read(self) -> NDArray[np.uint8] | None:
        """Wait for the next picture; None would say that there will be no more."""
        self._closed.wait(1 / FPS)
        return self._random.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)

    def close(self) -> None:
        """Called by the thread that reads."""
        self._closed.set()


def main(seconds: float = 3.0) -> None:
    """Watch noise, in which there are no faces."""
    pictures = list(livecam.watch(Noise, detector="none", duration=seconds, annotated=False))
    print(f"{len(pictures)} pictures of {pictures[0].frame.width}x{pictures[0].frame.height}")


if __name__ == "__main__":
    typer.run(main)
