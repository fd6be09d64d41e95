"""What local-only and no-store exclude is refused before a run begins, in a sentence that names both."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam import local_only, plugins
from livecam.compose.source import scheme
from livecam.config.loading import standing_switch
from livecam.config.settings import flag
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.config import Settings

log = logging.getLogger(__name__)

LOCALHOST = "localhost"
LOOPBACK = "127.0.0.1"
CONNECTING = ("upload", "analyze", "webhook", "endpoint_url")
"""Settings that would have a connection opened, whatever their value."""
KEEPING = ("output", "trace", "csv", "events", "upload")
"""Settings that would have pictures written to a disk, or what was seen in them."""
KEEPS_NOTHING = "--no-store is set"
"""Why what would be kept is not."""


def with_privacy(settings: Settings) -> Settings:
    """Return the settings as they hold within local-only and no-store.

    Raises:
        UsageError: something is set that they exclude.
    """
    refuse_connections(settings)
    _refuse_files(settings)
    if settings.local_only and settings.host == LOCALHOST:  # a name would be looked up
        return settings.model_copy(update={"host": LOOPBACK})
    return settings


def refuse_connections(settings: Settings) -> None:
    """Refuse what needs a connection, where local-only is set.

    Raises:
        UsageError: something does; names it, and where local-only is set.
    """
    if settings.local_only and (found := list(_connecting(settings))):
        by = local_only.set_by() or standing_switch("local_only") or "local_only = true"
        raise UsageError(local_only.needs_a_connection(_listed(found), by, are_several=len(found) > 1))


def _connecting(settings: Settings) -> Iterator[str]:
    """Yield what is set that needs a connection, or takes one from elsewhere."""
    protocol = scheme(settings.source)
    if protocol is not None and protocol not in plugins.names(plugins.SOURCES):
        yield f"SOURCE {protocol}://..."  # an address may hold a password
    if settings.detector == "rekognition":
        yield "--detector rekognition"
    yield from (flag(key) for key in CONNECTING if getattr(settings, key))
    if settings.host != LOCALHOST and not local_only.is_loopback(settings.host):
        yield f"--host {settings.host}"


def _listed(words: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _refuse_files(settings: Settings) -> None:
    if not settings.no_store:
        return
    asked = [flag(key) for key in KEEPING if getattr(settings, key)]
    if settings.record != "off":
        asked.insert(0, f"--record {settings.record}")
    if asked:
        do = "do" if len(asked) > 1 else "does"
        raise UsageError(
            f"{_listed(asked)} {do} not go together with --no-store, which has nothing of a picture or a"
            " face written to a disk; leave one of them out"
        )
    for sink in settings.sink:
        name = sink.partition(":")[0]
        log.warning("--no-store does not hold for the plugin %s: what it keeps is its own affair", name)
