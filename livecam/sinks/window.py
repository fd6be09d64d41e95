"""The desktop window: its loop owns the main thread and only shows the newest finished picture."""

from __future__ import annotations

import functools
import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import OutputError
from livecam.native import cv2
from livecam.overlay.panels import paint_badge, paint_help
from livecam.sinks.snapshot import save_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import Image, SourceInfo
    from livecam.overlay.drawing import OverlayPainter
    from livecam.pictures import Picture

log = logging.getLogger(__name__)

TITLE = "livecam"
LARGEST = (1280, 720)
"""Pixels that the window takes at first; it can be resized."""
WAIT_FOR_PICTURE = 0.01
"""Seconds to wait for a picture before the window's own events are looked after again."""
HELP = (
    "Keys",
    "q\tquit",
    "space\tfreeze the picture, and go on",
    "p\tpause sending pictures to the detector, and go on",
    "a\tpicture live, or aligned with its answers",
    "m\tmirror",
    "r\trecord, and stop",
    "s\tsave a snapshot in the current folder",
    "o\tlabels on and off",
    "b\tall scores as bars",
    "h\tthis help",
)
KEEPING_KEYS = "rs"
"""Keys by which something of the picture is kept."""
ESCAPE = 27


class WindowSink:
    """Fits `FrameSink` and `MainThreadView`.

    Freezing stops the window, not the run: a camera goes on, and so do labels and recordings.

    Args:
        painter: whose bars the user may switch.
        folder: where snapshots go.
        on_pause: called when the user wants the calls to stop, or to go on.
        on_mode: called when the user wants the picture live instead of aligned with its answers, or back.
        on_record: called when the user wants a clip to be recorded, or no longer.
        lingers: stay open on the last picture until the user closes it.
        obstacle: why nothing may be kept of what is shown; None where it may.
    """

    def __init__(  # noqa: PLR0913  one per key that is about the run
        self,
        *,
        painter: OverlayPainter,
        clock: Clock,
        folder: Path = Path(),
        on_pause: Callable[[], None] = lambda: None,
        on_mode: Callable[[], None] = lambda: None,
        on_record: Callable[[], None] = lambda: None,
        lingers: bool = False,
        obstacle: str | None = None,
    ) -> None:
        self._painter = painter
        self._clock = clock
        self._folder = folder
        self._lingers = lingers
        self._came = threading.Event()
        self._newest: Picture | None = None
        self._shown: Picture | None = None
        self._is_frozen = False
        self._has_overlay = True
        self._has_help = False
        self._is_stale = False
        self._is_open = False
        self._was_closed = False
        self._on_quit: Callable[[], None] | None = None
        self._keys: dict[int, Callable[[], None]] = {
            ord("q"): self._quit,
            ESCAPE: self._quit,
            ord(" "): self._toggle_frozen,
            ord("s"): self._save,
            ord("o"): self._toggle_overlay,
            ord("b"): self._toggle_bars,
            ord("h"): self._toggle_help,
            ord("m"): self._toggle_mirror,
            ord("p"): on_pause,
            ord("a"): on_mode,
            ord("r"): on_record,
        }
        if obstacle is not None:
            self._keys |= {key: functools.partial(_tell, obstacle) for key in map(ord, KEEPING_KEYS)}

    def open(self, info: SourceInfo) -> None:
        """Nothing: the main thread opens the window with the first picture."""

    def write(self, picture: Picture) -> None:
        """Leave the newest picture for the window's loop."""
        self._newest = picture
        self._came.set()

    def refresh(self, picture: Picture) -> None:
        """Leave the newest picture again, with what is said on it now."""
        self.write(picture)

    def close(self) -> None:
        """Nothing: the loop ends with the run."""

    def run(self, *, has_ended: Callable[[], bool], on_quit: Callable[[], None]) -> None:
        """Show pictures until `has_ended`; call `on_quit` when the user closes the window."""
        self._on_quit = on_quit
        while not has_ended() or (self._lingers and self._shown is not None and not self._was_closed):
            self._came.wait(WAIT_FOR_PICTURE)
            self._came.clear()
            if not self._is_frozen and self._newest is not self._shown:
                self._shown = self._newest
                self._is_stale = True
            if self._is_stale and self._shown is not None and not self._was_closed:
                self._show(self._shown)
            if self._is_open:
                self._look_after()
        if self._is_open:
            cv2.destroyAllWindows()

    def dismiss(self) -> None:
        """Do not stay open after the run; any thread."""
        self._lingers = False

    def press(self, key: int) -> None:
        """Do what a key stands for; unknown ones do nothing."""
        self._keys.get(key, lambda: None)()

    def _look_after(self) -> None:
        """Let the window handle its events and the user's keys."""
        key = cv2.waitKey(1)
        if key >= 0:
            self.press(key & 0xFF)
        if not _is_window_there():
            self._is_open = False
            self._was_closed = True  # the run takes a moment to end: another picture would open it anew
            self._quit()

    def _show(self, picture: Picture) -> None:
        if not self._is_open:
            _open_window(picture.frame.width, picture.frame.height)
            self._is_open = True
        self._is_stale = False
        cv2.imshow(TITLE, self.rendered(picture))

    def rendered(self, picture: Picture) -> Image:
        """Return the pixels that the window shows for a picture."""
        if self._has_overlay and picture.image is not None:
            image = picture.image
        else:
            image = self._painter.plain(picture.frame.image)
        if self._is_frozen:
            image = paint_badge(image, "frozen: space to go on")
        if self._has_help:
            image = paint_help(image, HELP)
        return image

    def _quit(self) -> None:
        self.dismiss()
        if self._on_quit is not None:
            self._on_quit()

    def _toggle_frozen(self) -> None:
        self._is_frozen = not self._is_frozen
        self._is_stale = True

    def _toggle_overlay(self) -> None:
        self._has_overlay = not self._has_overlay
        self._is_stale = True

    def _toggle_bars(self) -> None:
        self._painter.show_bars = not self._painter.show_bars
        self._paint_again()

    def _toggle_mirror(self) -> None:
        self._painter.mirror = not self._painter.mirror
        self._paint_again()

    def _paint_again(self) -> None:
        """Paint what is shown as it is to be shown now: no other picture may come."""
        if self._shown is not None and self._shown.image is not None:
            self._shown = replace(self._shown, image=self._painter.paint(self._shown))
        self._is_stale = True

    def _toggle_help(self) -> None:
        self._has_help = not self._has_help
        self._is_stale = True

    def _save(self) -> None:
        """Save what is shown as a PNG; a disk that will not take it is told, no more."""
        if self._shown is None:
            return
        try:
            path = save_snapshot(self.rendered(self._shown), self._folder, self._clock.wall())
        except OutputError as error:
            log.error("no snapshot: %s", error)
        else:
            log.warning("snapshot saved: %s", path)


def _tell(obstacle: str) -> None:
    log.warning("nothing is kept of the picture: %s", obstacle)


def _open_window(width: int, height: int) -> None:
    cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL | cv2.WINDOW_KEEPRATIO)
    scale = min(1.0, LARGEST[0] / width, LARGEST[1] / height)
    cv2.resizeWindow(TITLE, round(width * scale), round(height * scale))


def _is_window_there() -> bool:
    try:
        return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error:  # "NULL guiReceiver": Qt's part is gone with its last window
        return False
