"""A contact sheet: a few labelled pictures of a run on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from livecam.errors import OutputError
from livecam.native import cv2
from livecam.overlay.contact_sheet import contact_sheet
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from livecam.frames import Image, SourceInfo
    from livecam.pictures import Picture

COLUMNS = 3
TILE_WIDTH = 640


class ContactSheetSink:
    """Fits `FrameSink`; keeps the first picture at or after each of some media times.

    Args:
        path: PNG to write at the end.
        times: media times in seconds, ascending.
        title: of the sheet.
        caption: says what a picture is of, by its media time.
    """

    def __init__(
        self, path: Path, *, times: Sequence[float], title: str, caption: Callable[[float], str]
    ) -> None:
        self._path = path
        self._times = list(times)
        self._title = title
        self._caption = caption
        self._images: list[Image] = []
        self._captions: list[str] = []

    def open(self, info: SourceInfo) -> None:
        """Check that the folder is there.

        Raises:
            OutputError: the sheet could not be written.
        """
        if not self._path.parent.is_dir():
            raise OutputError(f"{self._path} of {info.source} cannot be written: no such folder")

    def write(self, picture: Picture) -> None:
        """Keep the picture if its time has come."""
        if picture.image is None or not self._times or picture.frame.media_time < self._times[0]:
            return
        self._times.pop(0)
        height = round(TILE_WIDTH * picture.image.shape[0] / picture.image.shape[1])
        tile = cv2.resize(picture.image, (TILE_WIDTH, height), interpolation=cv2.INTER_AREA)
        self._images.append(cast("Image", tile))
        self._captions.append(self._caption(picture.frame.media_time))

    def close(self) -> None:
        """Write the sheet, once.

        Raises:
            OutputError: the disk would not take it.
        """
        images, self._images = self._images, []
        if not images:
            return
        sheet = contact_sheet(
            images, self._captions, columns=COLUMNS, tile_width=TILE_WIDTH, title=self._title
        )
        write_whole(self._path, cv2.imencode(".png", sheet)[1].tobytes())
