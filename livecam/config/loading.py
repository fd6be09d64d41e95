"""Settings from all that was written, and where each value came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from livecam.config import problems
from livecam.config.settings import Settings
from livecam.config.written import gather, standing
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.config.written import Origin, Written


def load_settings(given: Mapping[str, object], *, origin: Origin = "flag") -> Settings:
    """Return the settings of a run.

    Args:
        given: what the caller says; keys whose value is None or an empty list were not given.
        origin: "flag" when it came from the command line, "argument" from a program: how a bad value
            of it is called in the message.

    Raises:
        UsageError: a key or value that cannot be used; names where it was written and what is allowed.
    """
    return traced_settings(given, origin=origin)[0]


def traced_settings(
    given: Mapping[str, object], *, origin: Origin = "flag"
) -> tuple[Settings, dict[str, Written]]:
    """Return the settings of a run, and for each that is not a default what was written where.

    Raises:
        UsageError: as `load_settings`.
    """
    written = gather(given, origin=origin)
    return _validated(written), written


def standing_switch(key: str) -> str | None:
    """Return where a switch is turned on for every command: a variable, or a file and its line; else None.

    Raises:
        UsageError: what is written there cannot be read or used.
    """
    written = standing(key)
    return written.where if written is not None and getattr(_validated({key: written}), key) else None


def _validated(written: Mapping[str, Written]) -> Settings:
    try:
        return Settings.model_validate({key: each.value for key, each in written.items()})
    except ValidationError as error:
        raise UsageError(problems.sentences(error, written)) from error
