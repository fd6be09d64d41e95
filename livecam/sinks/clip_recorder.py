"""Clips: the clean picture as H.264 in MP4, with what was shown on each frame beside it.

Frames are encoded in a thread of their own, behind a bounded queue that drops and counts.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from typing import TYPE_CHECKING

from livecam.events import FrameDropped
from livecam.sinks.background_writer import BackgroundWriter, pictures_that_may_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.archive.cutting import ClipCutter
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture
    from livecam.protocols import EventListener, FrameSink
    from livecam.sinks.clip_finisher import ClipFinisher
    from livecam.sinks.clip_uploader import ClipUploader

log = logging.getLogger(__name__)

MOST_LINES = 10_000
"""Pictures that may wait without their pixels, to be told in their order."""


class ClipRecorder:
    """Fits `FrameSink`; a source that can wait is held up, of any other pictures are dropped and counted.

    Args:
        make_cutter: returns what makes clips of pictures, for a source of so many frames per second; called
            when the source is open.
        finisher: finishes the clips; closed with the recorder.
        uploader: puts finished clips on S3; started and closed with the recorder. None where nothing does.
        publish: told of dropped frames.
        on_failure: told once when recording cannot go on at all; the run does.
        then: outputs that take each picture after it was recorded, with `Picture.clip` filled in: what they
            have written is on disk in the clip as well, but for one frame.
    """

    def __init__(
        self,
        make_cutter: Callable[[float | None], ClipCutter],
        finisher: ClipFinisher,
        uploader: ClipUploader | None = None,
        *,
        publish: EventListener,
        on_failure: Callable[[Exception], None],
        then: Sequence[FrameSink] = (),
    ) -> None:
        self._make_cutter = make_cutter
        self._finisher = finisher
        self._uploader = uploader
        self._publish = publish
        self._on_failure = on_failure
        self._then = list(then)
        self._cutter: ClipCutter | None = None
        self._waits = False
        self._room = threading.Semaphore(0)
        self._writer: BackgroundWriter[tuple[Picture, bool]] | None = None

    def open(self, info: SourceInfo) -> None:
        """Start the encoder's thread, and have what an earlier crash left taken up.

        Raises:
            OutputError: the clip folder, or an output that follows, cannot be written.
        """
        for sink in self._then:
            sink.open(info)
        self._cutter = self._make_cutter(info.fps)
        self._finisher.take_up()
        if self._uploader is not None:
            self._uploader.start()
        self._waits = not info.is_live
        self._room = threading.Semaphore(pictures_that_may_wait(info))
        self._writer = BackgroundWriter(
            "livecam-recorder",
            write=self._take,
            finish=self._finish,
            capacity=MOST_LINES,
            on_failure=self._on_failure,
        )

    def write(self, picture: Picture) -> None:
        """Queue a picture for the encoder; drop it, and say so, when the encoder is too far behind."""
        if self._writer is None:
            return
        plain = dataclasses.replace(picture, image=None)
        has_room = self._room.acquire(blocking=self._waits)
        if not has_room:
            frame = picture.frame
            self._publish(
                FrameDropped(
                    at=picture.displayed_at, source=frame.source, frame=frame.sequence, reason="recorder busy"
                )
            )
            # A copy: a view of no pixels would keep all of them.
            nothing = frame.image[:0, :0].copy()
            plain = dataclasses.replace(plain, frame=dataclasses.replace(frame, image=nothing))
        if not self._writer.put((plain, has_room), waits=self._waits) and has_room:
            self._room.release()

    def close(self) -> None:
        """Record what is queued and finish the clips."""
        if self._writer is not None:
            self._writer.close()
        self._finisher.close()
        if self._uploader is not None:
            self._uploader.close()
        for sink in self._then:
            sink.close()

    def _take(self, item: tuple[Picture, bool]) -> None:
        picture, has_pixels = item
        clip = None
        if self._cutter is not None:
            try:
                if has_pixels:
                    clip = self._cutter.take(picture)
                else:
                    self._cutter.note_drop()
            except Exception as error:  # noqa: BLE001  a broken encoder must not end what follows
                self._give_up(error)
        if has_pixels:
            self._room.release()
        for sink in self._then:
            sink.write(dataclasses.replace(picture, clip=clip))

    def _give_up(self, error: Exception) -> None:
        cutter, self._cutter = self._cutter, None
        self._on_failure(error)
        if cutter is not None:
            cutter.close()

    def _finish(self) -> None:
        if self._cutter is not None:
            self._cutter.close()
