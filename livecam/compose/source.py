"""Which source a name stands for."""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livecam import plugins
from livecam.backoff import Backoff
from livecam.errors import SourceUnavailable, UsageError
from livecam.sources import address, browser_camera, stream
from livecam.sources.browser_camera import BrowserCamera
from livecam.sources.camera import open_camera
from livecam.sources.camera_names import find_camera
from livecam.sources.demo_scene.source import DemoSceneSource
from livecam.sources.live import LiveSource
from livecam.sources.masked import MaskedSource
from livecam.sources.stills import StillsSource, is_picture
from livecam.sources.video_file import VideoFileSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.record_switch import RecordSwitch
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.frames import Image, SourceInfo
    from livecam.protocols import Connection, EventListener, FrameSource

LONGEST_WITHOUT_CAMERA = 1.0
"""Seconds between two looks for a camera that is away: plugged in again, it is back within these."""
LAST_CAMERA = 99
"""Highest camera index; a longer number is a file name or a slip."""


def open_source(
    settings: Settings,
    clock: Clock,
    publish: EventListener,
    *,
    own: FrameSource | Callable[[], Connection] | None = None,
    on_skip: Callable[[str, str], None] | None = None,
) -> FrameSource:
    """Return the source that the settings name, with what is masked in it; it is not open yet.

    Args:
        settings: say which, and how.
        clock: for its frames.
        publish: told of its troubles.
        own: a source instead of that one, or what opens a live one.
        on_skip: told of each still that cannot be read: its name and why.

    Raises:
        UsageError: it is nothing that frames can come from.
        MissingDependency: it is a plugin's, which cannot be loaded.
    """
    if own is not None:
        source = _own(own, clock, publish)
    elif are_stills(settings.source):
        source = _stills(Path(settings.source), clock, on_skip)
    else:
        source = _named(settings, clock, publish)
    return MaskedSource(source, settings.mask) if settings.mask else source


def browser_source(
    settings: Settings, clock: Clock, publish: EventListener, switch: RecordSwitch
) -> BrowserCamera | None:
    """Return the camera of whoever opens the view's page, where that is the source; else None.

    Args:
        settings: say whether it is, and what its camera is asked for.
        clock: for its frames.
        publish: told of its troubles.
        switch: says whether a clip is recorded, for which every picture is wanted.
    """
    if settings.source != browser_camera.SOURCE:
        return None
    is_kept = settings.record == "events" or settings.output is not None  # a pre-roll is of the past
    return BrowserCamera(
        clock=clock,
        publish=publish,
        size=settings.size,
        fps=settings.fps,
        wants_all=lambda: is_kept or switch.is_wanted,
    )


def is_camera(name: str) -> bool:
    """Return whether a source's name stands for a camera, of this machine or of a browser."""
    if name == browser_camera.SOURCE:
        return True
    if name.isdigit():
        return int(name) <= LAST_CAMERA and not Path(name).exists()
    if name.startswith("/dev/"):
        return True
    # A name without a suffix that is no file stands for a camera, plugged in or not yet.
    return _is_free(name) and (not Path(name).suffix or _camera_named(name) is not None)


def are_stills(name: str) -> bool:
    """Return whether a source's name stands for a picture or a folder of them."""
    path = Path(name)
    return path.is_dir() or (path.is_file() and is_picture(path))


def scheme(name: str) -> str | None:
    """Return the scheme of an address such as rtsp://..., in lower case; None for all else."""
    found = re.match(r"([a-z][a-z0-9+.-]+):", name, re.IGNORECASE)
    return found[1].lower() if found and not Path(name).exists() else None


def _named(settings: Settings, clock: Clock, publish: EventListener) -> FrameSource:
    name = settings.source
    if name == "demo":
        return DemoSceneSource(clock=clock, is_fast=settings.fast)
    if name == browser_camera.SOURCE:
        raise UsageError(
            "SOURCE browser is the camera of whoever opens the page of `livecam run browser`; here is none"
        )
    if is_camera(name):
        return _camera(settings, clock, publish)
    protocol = scheme(name)
    if protocol in plugins.names(plugins.SOURCES):
        factory: plugins.SourceFactory = plugins.load(plugins.SOURCES, protocol)
        return factory(name.partition(":")[2], source=protocol, clock=clock, publish=publish)
    if protocol is not None:
        return _stream(name, clock, publish)
    return VideoFileSource(Path(name), source=Path(name).name, clock=clock, is_fast=settings.fast)


def _stills(path: Path, clock: Clock, on_skip: Callable[[str, str], None] | None) -> FrameSource:
    if on_skip is None:
        return StillsSource(path, source=path.resolve().name, clock=clock)
    return StillsSource(path, source=path.resolve().name, clock=clock, on_skip=on_skip)


def _own(own: FrameSource | Callable[[], Connection], clock: Clock, publish: EventListener) -> FrameSource:
    if not callable(own):
        return own
    name = getattr(own, "__name__", type(own).__name__).strip("<>").lower()
    return LiveSource(_named_alike(own, name), source=name, name=name, clock=clock, publish=publish)


def _named_alike(connect: Callable[[], Connection], source: str) -> Callable[[], Connection]:
    """Return what opens the same, with one id for its frames, events and trace."""

    def opened() -> Connection:
        connection = connect()
        return _Named(connection, dataclasses.replace(connection.info, source=source))

    return opened


@dataclass(frozen=True, slots=True)
class _Named:
    """A connection under another id; fits `Connection`."""

    connection: Connection
    info: SourceInfo

    def read(self) -> Image | None:
        return self.connection.read()

    def close(self) -> None:
        self.connection.close()


def _camera(settings: Settings, clock: Clock, publish: EventListener) -> FrameSource:
    name = settings.source
    device: int | str = int(name) if name.isdigit() else name
    source = f"camera{name}" if name.isdigit() else Path(name).name
    connect = functools.partial(open_camera, device, source=source, size=settings.size, fps=settings.fps)
    label = name if "camera" in name.lower() else f"camera {name}"
    backoff = Backoff(longest=LONGEST_WITHOUT_CAMERA)
    return LiveSource(connect, source=source, name=label, clock=clock, publish=publish, backoff=backoff)


def _stream(url: str, clock: Clock, publish: EventListener) -> FrameSource:
    source = address.source_id(url)
    connect = functools.partial(stream.open_stream, url, source=source, clock=clock)
    return LiveSource(connect, source=source, name=address.shown(url), clock=clock, publish=publish)


def _is_free(name: str) -> bool:
    is_path = "/" in name or "\\" in name
    return not is_path and not Path(name).exists() and scheme(name) is None and name != "demo"


def _camera_named(name: str) -> str | None:
    try:
        return find_camera(name)
    except SourceUnavailable:  # several have that name, which is told when it is opened
        return name
