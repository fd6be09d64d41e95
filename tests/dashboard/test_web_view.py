from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.dashboard.access import Access
from livecam.dashboard.server import WebServer
from livecam.dashboard.web_view import WebView
from livecam.events import ClipEnded
from livecam.frames import SourceInfo
from livecam.protocols import LiveView
from tests.builders import a_frame, a_picture
from tests.dashboard.served import make_parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INFO = SourceInfo("test", "a test", 64, 48, 30.0)


def test_a_run_is_served_from_its_opening_to_its_close(static: Path) -> None:
    told: list[Sequence[str]] = []
    parts, access = make_parts(), Access()
    server = WebServer(parts, access, port=0, static=static)
    opened: list[str] = []
    view = WebView(server, parts, access, announce=told.append, open_page=opened.append)
    view.open(INFO)
    view.write(a_picture(a_frame(1)))
    view.refresh(a_picture(a_frame(1)))
    view(ClipEnded(at=1.0, source="test", clip="a"))
    view.close()
    view.close()
    shot = parts.hub.latest()
    assert isinstance(view, LiveView)
    assert told[0][0] == f"http://127.0.0.1:{server.port}/?t={access.token}"
    assert access.takes_ticket(opened[0].partition("?t=")[2])
    assert access.token not in opened[0]
    assert shot is not None
    assert shot.number == 2
    assert b"frames_displayed_total 1.0" in parts.metrics.exposition(None, 0)
    assert len(parts.feed.after(0)) == 1
