"""Which view a run gets: a window, a page in a browser, or none."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam.compose.source import are_stills
from livecam.errors import OutputError, UsageError
from livecam.extras import WEB, missing_of
from livecam.sinks.display import why_no_window
from livecam.sources.browser_camera import SOURCE

if TYPE_CHECKING:
    from livecam.config import Settings

log = logging.getLogger(__name__)


def with_view(settings: Settings, *, is_quiet: bool = False) -> Settings:
    """Return the settings with a view that is not "auto".

    It becomes a window where one can be shown, else the page in a browser where its packages are installed.
    Pictures that are written to files, and videos that are not played at their own pace, are not watched.

    Args:
        settings: as they were given.
        is_quiet: nobody would be told where the page is, so there is none unless it was asked for.

    Raises:
        OutputError: a window was asked for and none can be shown.
        UsageError: the source is a page's camera, and there is to be no page.
    """
    return settings.model_copy(update={"view": _view(settings, is_quiet=is_quiet)})


def _view(settings: Settings, *, is_quiet: bool) -> str:
    if settings.source == SOURCE:
        _refuse_no_page(settings)
        return "web"
    if settings.view in ("none", "web"):
        return settings.view
    if settings.view == "auto" and (are_stills(settings.source) or settings.fast):
        return "none"
    obstacle = why_no_window()
    if obstacle is None:
        return "window"
    if settings.view == "window":
        raise OutputError(f"--view window: {obstacle}; use --view web, or --view none with --output FILE.mp4")
    return "none" if is_quiet else _in_place_of_a_window(obstacle)


def _refuse_no_page(settings: Settings) -> None:
    """Refuse a run without the page whose camera is its source: there would be no picture."""
    if settings.view in ("none", "window"):
        raise UsageError(
            f"--view {settings.view} and SOURCE browser do not go together: the camera is that of the page;"
            " leave --view out, or use --view web"
        )


def _in_place_of_a_window(obstacle: str) -> str:
    if missing_of(WEB):
        log.info("no window: %s; for the view in a browser run: pip install 'livecam[web]'", obstacle)
        return "none"
    log.info("no window: %s; the view is in a browser", obstacle)
    return "web"
