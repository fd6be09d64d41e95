"""The view in a browser as a sink and a listener: what reaches it is passed on to the server's thread."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.dashboard.access import addresses, page_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.dashboard.access import Access
    from livecam.dashboard.parts import DashboardParts
    from livecam.dashboard.server import WebServer
    from livecam.events import Event
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture

CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


class WebView:
    """Fits `LiveView` and `EventListener`.

    Args:
        server: started with the run and ended with it.
        parts: those of the server.
        access: whose address is told.
        announce: told the lines to print once it listens; the first is the address, which holds the token.
        open_page: told the address to open then, which is good for one opening; None for no page.
    """

    def __init__(
        self,
        server: WebServer,
        parts: DashboardParts,
        access: Access,
        *,
        announce: Callable[[Sequence[str]], None],
        open_page: Callable[[str], None] | None = None,
    ) -> None:
        self._server = server
        self._parts = parts
        self._access = access
        self._announce = announce
        self._open_page = open_page

    def open(self, info: SourceInfo) -> None:  # noqa: ARG002  what is granted is on every picture
        """Start the server and tell its address.

        Raises:
            UsageError: its address or port cannot be had.
        """
        port = self._server.start()
        is_in_container = any(mark.exists() for mark in CONTAINER_MARKS)
        self._announce(addresses(self._access, port, os.environ, is_in_container=is_in_container))
        if self._open_page is not None:
            self._open_page(page_address(self._access, port, self._access.ticket()))

    def write(self, picture: Picture) -> None:
        """Show a picture to everyone who watches."""
        self._parts.metrics.displayed()
        self._parts.hub.put(picture)

    def refresh(self, picture: Picture) -> None:
        """Show the newest picture again with what is said about it now."""
        self._parts.hub.put(picture)

    def close(self) -> None:
        """End the server within 2 seconds."""
        self._server.stop()

    def __call__(self, event: Event) -> None:
        """Take note of an event for those who watch."""
        self._parts.metrics(event)
        self._parts.feed(event)
