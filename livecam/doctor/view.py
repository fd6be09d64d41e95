"""Checks of where a run would be seen: a window, or a page in a browser."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from livecam import local_only
from livecam.doctor.examination import Finding
from livecam.errors import OutputError
from livecam.extras import WEB, missing_of
from livecam.sinks.display import why_no_window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.config.settings import Settings

INSTALL = "run: pip install 'livecam[web]'"
_VIEWS = {
    "window": "`livecam run` opens a window",
    "web": "`livecam run` is seen in a browser",
    "none": "`livecam run` shows nothing",
}


def display(why: Callable[[], str | None] = why_no_window, view: Callable[[], str] | None = None) -> Finding:
    """Say whether a window can be shown, and which view a run takes.

    Args:
        why: why no window can be shown; None when one can.
        view: the view that a run takes, as `Settings` calls it; None where that is not known.
    """
    reason = why()
    told = "a window can be shown" if reason is None else f"no window: {reason}"
    try:
        taken = view() if view else None
    except OutputError as error:  # a window was asked for
        return Finding("fail", str(error))
    if taken is not None:
        told = f"{told}; {_VIEWS[taken]}"
    if reason is None or taken == "web":
        return Finding("ok", told)
    return Finding("warn", told, "use --view web, or --output, --trace or --json")


def web(settings: Settings | None, missing: Callable[[], Sequence[str]] = lambda: missing_of(WEB)) -> Finding:
    """Say whether the view in a browser can be had: its packages and its port.

    Args:
        settings: host and port; None when they cannot be used, which another check tells.
        missing: packages of the extra that are not installed.
    """
    absent = missing()
    if absent:
        return Finding("warn", f"no view in a browser: {', '.join(absent)} not installed", INSTALL)
    if settings is None:
        return Finding("skip", "its packages are installed; its port is not known: see the settings")
    host, port = settings.host, settings.port
    if local_only.set_by() is not None and host == "localhost":  # no name is looked up
        host = "127.0.0.1"
    try:
        _try_port(host, port)
    except socket.gaierror:
        return Finding("fail", f"--host {host} is no address of this machine", "use localhost or 0.0.0.0")
    except OSError as error:
        told = f"port {port} on {host} cannot be had ({error.strerror})"
        if error.errno == errno.EADDRINUSE and "port" not in settings.model_fields_set:
            return Finding("ok", f"{told}, so that a run takes one that is free")
        return Finding("fail", told, "give another --port or --host; --port 0 takes any that is free")
    return Finding("ok", f"its packages are installed; {host} port {port} is free")


def _try_port(host: str, port: int) -> None:
    """Take a port for a moment.

    Raises:
        OSError: it cannot be had; gaierror: there is no such host.
    """
    family, kind, number, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, number) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server's own
        trial.bind(address)
        trial.listen(1)
