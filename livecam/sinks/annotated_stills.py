"""The annotated pictures of stills: one file for one picture, a folder for a folder."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import OutputError
from livecam.native import cv2
from livecam.whole_file import OWNER_ONLY_FOLDER, make_anew

if TYPE_CHECKING:
    from livecam.frames import Image, SourceInfo
    from livecam.pictures import Picture

JPEG_QUALITY = 92
"""Of 100: letters on a picture have no visible fringe from about 90 on."""
SINGLE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
"""What the name of a single picture may end in."""
FOLDER_SUFFIXES = frozenset({*SINGLE_SUFFIXES, ".bmp", ".tif", ".tiff"})
"""What a picture of a folder keeps; any other becomes .jpg."""


def default_target(source: Path) -> Path:
    """Return where the annotated picture or folder goes when nobody says: into the current folder.

    `photo.jpg` becomes `photo-annotated.jpg`, the folder `holiday` becomes `holiday-annotated`.
    """
    if source.is_dir():
        return Path(f"{source.resolve().name or 'stills'}-annotated")
    suffix = source.suffix if source.suffix.lower() in SINGLE_SUFFIXES else ".jpg"
    return Path(f"{source.stem}-annotated{suffix}")


class AnnotatedStillsSink:
    """Fits `FrameSink`; each file is written under another name and renamed when it is whole.

    It writes in the thread that hands it the pictures: each still is held until it is answered, so
    nothing waits for it, and none may be dropped.

    Args:
        target: the picture to be (its suffix decides the format), or the folder to be, in which each
            picture keeps its name. Files that exist are replaced.
        source: the picture or folder that they come from; never written to.
        is_folder: whether both are folders.
    """

    def __init__(self, target: Path, *, source: Path, is_folder: bool) -> None:
        self._target = target
        self._source = source
        self._is_folder = is_folder
        self._is_open = False
        self._has_made_folder = False
        self.written = 0
        """Pictures written so far."""

    def open(self, info: SourceInfo) -> None:
        """Check that pictures can be written there.

        Raises:
            OutputError: they cannot, or they would replace those of the source.
        """
        if self._target.resolve() == self._source.resolve():
            raise OutputError(f"{self._target} cannot be written: it is {info.source} itself")
        if self._is_folder:
            self._make_folder()
        else:
            self._try_file()
        self._is_open = True

    def write(self, picture: Picture) -> None:
        """Write a picture, as annotated; as it came where no one asked for annotations.

        Raises:
            OutputError: the disk would not take it, or the format cannot hold it.
        """
        if not self._is_open:
            return
        image = picture.frame.image if picture.image is None else picture.image
        path = self._target
        if self._is_folder:
            path /= _written_name(picture.frame.name or f"{picture.frame.sequence:06d}.jpg")
        _write(image, path)
        self.written += 1

    def close(self) -> None:
        """Leave no empty folder behind."""
        if self._has_made_folder and not self.written:
            self._has_made_folder = False
            with contextlib.suppress(OSError):
                self._target.rmdir()

    def _make_folder(self) -> None:
        try:
            self._has_made_folder = not self._target.is_dir()
            self._target.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
            _try_writing(self._target / "livecam.part")
        except OSError as error:
            raise OutputError(f"{self._target} cannot be written: {error.strerror}") from error

    def _try_file(self) -> None:
        if self._target.suffix.lower() not in SINGLE_SUFFIXES:
            kinds = ", ".join(SINGLE_SUFFIXES)
            raise OutputError(
                f"{self._target} cannot be written: a picture's name must end in one of {kinds}"
            )
        if self._target.is_dir():
            raise OutputError(f"{self._target} cannot be written: it is a folder")
        try:
            _try_writing(_part_of(self._target))
        except OSError as error:
            raise OutputError(f"{self._target} cannot be written: {error.strerror}") from error


def _written_name(name: str) -> str:
    """Return a picture's own name, with a suffix that can be written."""
    path = Path(name)
    return path.name if path.suffix.lower() in FOLDER_SUFFIXES else f"{path.stem}.jpg"


def _part_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.part{path.suffix}")


def _try_writing(path: Path) -> None:
    make_anew(path)
    path.unlink()


def _write(image: Image, path: Path) -> None:
    part = _part_of(path)
    content = _encoded(image, path.suffix.lower())
    if content is None:
        size = f"{image.shape[1]}x{image.shape[0]}"
        raise OutputError(f"{path} cannot be written: {path.suffix} cannot hold {size} pixels; use .png")
    try:
        make_anew(part)
        part.write_bytes(content)  # not cv2.imwrite: on Windows it knows the code page's names only
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error


def _encoded(image: Image, suffix: str) -> bytes | None:
    """Return a picture's file; None when the format cannot hold it (WebP ends at 16383 pixels)."""
    try:
        is_encoded, content = cv2.imencode(suffix, image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    except cv2.error:
        return None
    return content.tobytes() if is_encoded else None
