"""One live line in a terminal; plain lines, now and then, elsewhere."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from livecam.overlay.wording import hud_lines
from livecam.redaction import redact
from livecam.terminal import one_line, unguarded

if TYPE_CHECKING:
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture, Status

REFRESH_RATE = 4
"""Times a second that the live line is drawn anew."""
PLAIN_EVERY = 10.0
"""Seconds between plain lines."""


class StatusLine:
    """Fits `FrameSink`; tells the newest picture's status on standard error.

    `write` only remembers the status: what prints it is a thread of its own, since a terminal that
    does not read (a paused one, a full pipe) blocks whoever writes to it.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(file=unguarded(sys.stderr), highlight=False)
        self._status: Status | None = None
        self._ended = threading.Event()
        self._live: Live | None = None

    def open(self, info: SourceInfo) -> None:
        """Say what was opened, and begin."""
        rate = "" if info.fps is None else f", {info.fps:.4g} fps"
        opened = Text(one_line(redact(f"{info.description}: {info.width}x{info.height}{rate}")))
        self._say(opened)
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self._line,
                refresh_per_second=REFRESH_RATE,
                transient=True,
            )
            self._live.start()
        else:
            threading.Thread(target=self._print_now_and_then, name="livecam-status", daemon=True).start()

    def write(self, picture: Picture) -> None:
        """Remember the status of the newest picture."""
        self._status = picture.status

    def refresh(self, picture: Picture) -> None:
        """Remember what the status has become meanwhile."""
        self.write(picture)

    def close(self) -> None:
        """Take the live line away."""
        self._ended.set()
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _line(self) -> Text:
        if self._status is None:
            return Text("waiting for the first frame")
        return Text(status_text(self._status), no_wrap=True, overflow="ellipsis")

    def _print_now_and_then(self) -> None:
        while not self._ended.wait(PLAIN_EVERY):
            self._say(self._line())

    def _say(self, line: Text) -> None:
        """Print a line; that nobody reads it any more is no reason to end a run."""
        with contextlib.suppress(OSError):
            self._console.print(line, soft_wrap=True)


def status_text(status: Status) -> str:
    """Return a status as one line without secrets; what is wrong comes first."""
    trouble = [f"! {status.trouble}"] if status.trouble else []
    return one_line(redact(" | ".join([*trouble, *hud_lines(status)])))
