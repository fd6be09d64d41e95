"""`--output`: the annotated picture as H.264 in MP4, with the frames' own times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.encoding.h264 import H264Writer, fitted
from livecam.errors import OutputError
from livecam.events import FrameDropped
from livecam.sinks.background_writer import BackgroundWriter, pictures_that_may_wait
from livecam.whole_file import make_anew

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image, SourceInfo
    from livecam.pictures import Picture
    from livecam.protocols import EventListener


class VideoFileSink:
    """Fits `FrameSink`; encodes in a thread of its own.

    The file is written as `NAME.part.mp4` and renamed when it is whole, so that a file of the asked
    name is always a finished one.

    Args:
        path: the file to be; replaced if it exists.
        publish: told of dropped pictures.
        on_failure: told once when the file cannot be written; the run goes on.
    """

    def __init__(
        self, path: Path, *, publish: EventListener, on_failure: Callable[[Exception], None]
    ) -> None:
        self._path = path
        self._part = path.with_name(f"{path.stem}.part{path.suffix}")
        self._publish = publish
        self._on_failure = on_failure
        self._waits = False
        self._size: tuple[int, int] | None = None
        """Height and width of the first picture."""
        self._encoder = H264Writer(self._part)
        self._pictures = 0
        self._is_whole = True
        self._writer: BackgroundWriter[tuple[Image, float]] | None = None

    def open(self, info: SourceInfo) -> None:
        """Check that the file can be written and start the encoder's thread.

        Raises:
            OutputError: it cannot.
        """
        if self._path.is_dir():
            raise OutputError(f"{self._path} cannot be written: it is a folder")
        if self._path.exists() and not self._path.is_file():
            raise OutputError(f"{self._path} cannot be replaced by a video: it is a device or a pipe")
        try:
            make_anew(self._part)
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror}") from error
        self._waits = not info.is_live
        self._writer = BackgroundWriter(
            "livecam-output",
            write=self._write,
            finish=self._finish,
            capacity=pictures_that_may_wait(info),
            on_failure=self._on_failure,
        )

    def write(self, picture: Picture) -> None:
        """Queue a picture for the encoder; drop it, and say so, when the encoder is too far behind."""
        if self._writer is None or picture.image is None:
            return
        image = self._bounded(picture.image)
        if not self._writer.put((image, picture.frame.media_time), waits=self._waits):
            self._publish(
                FrameDropped(
                    at=picture.displayed_at,
                    source=picture.frame.source,
                    frame=picture.frame.sequence,
                    reason="output busy",
                )
            )

    def close(self) -> None:
        """Encode what is queued and finish the file."""
        if self._writer is not None:
            self._writer.close()

    def _bounded(self, image: Image) -> Image:
        """Return a picture that is no larger than the first: the queue was measured for that one.

        A camera may come back with another size; the encoder keeps the first one's.
        """
        height, width = self._size = self._size or (image.shape[0], image.shape[1])
        return fitted(image, width=width, height=height) if image.size > width * height * 3 else image

    def _write(self, item: tuple[Image, float]) -> None:
        try:
            self._encoder.write(*item)
        except Exception:
            self._is_whole = False
            raise
        self._pictures += 1

    def _finish(self) -> None:
        self._encoder.close()
        if not self._pictures:
            self._part.unlink(missing_ok=True)
        elif self._is_whole:
            self._part.replace(self._path)
