"""What was written for each setting and where: by the caller, in the environment, in the settings file."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from livecam.config import settings_file
from livecam.config.settings import WITHOUT_FLAG, Settings, flag
from livecam.config.values import did_you_mean
from livecam.vision.model_files import FOLDER_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

Origin = Literal["flag", "argument", "environment", "file"]

log = logging.getLogger(__name__)

PREFIX = "LIVECAM_"
OTHER_VARIABLES = (FOLDER_VARIABLE,)
"""Variables of ours that are not settings."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value as somebody wrote it."""

    key: str
    value: object
    origin: Origin
    where: str
    """A flag, a variable, or a file and its line."""

    @property
    def name(self) -> str:
        """What the setting is called where it was written."""
        key = self.key if self.key.isprintable() else repr(self.key)  # an error is one line
        return f"{self.where}: {key}" if self.origin == "file" else self.where

    @property
    def name_and_sign(self) -> str:
        """The name with what stands between it and the value."""
        return self.name if self.origin == "flag" else f"{self.name} ="


def variable(key: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + key.upper()


def standing(key: str) -> Written | None:
    """Return what the environment or the file says of one setting; None where they say nothing.

    Raises:
        UsageError: the settings file cannot be read.
    """
    said = os.environ.get(variable(key), "").strip()
    return Written(key, said, "environment", variable(key)) if said else _in_the_file().get(key)


def gather(given: Mapping[str, object], *, origin: Origin = "flag") -> dict[str, Written]:
    """Return what was written for each key, the strongest where several were.

    Args:
        given: by the caller; what is None or an empty list was not given.
        origin: what the caller's own values are called in messages.

    Raises:
        UsageError: the settings file cannot be read.
    """
    layers = _in_the_file() | _in_the_environment()
    for key, value in given.items():
        if value is not None and value != []:
            is_flag = origin == "flag" and key not in WITHOUT_FLAG
            layers[key] = Written(key, value, origin, flag(key) if is_flag else key)
    return layers


def _in_the_file() -> dict[str, Written]:
    path = settings_file.in_use()
    if path is None:
        return {}
    text = settings_file.read(path)
    found = {}
    for key, value in settings_file.parse(text, path).items():
        line = settings_file.line_of(key, text)
        found[key] = Written(key, value, "file", f"{path}, line {line}" if line else str(path))
    return found


def _in_the_environment() -> dict[str, Written]:
    """Return what the environment sets; an empty variable sets nothing."""
    keys = {variable(key): key for key in Settings.model_fields}
    found = {}
    for name, value in sorted(os.environ.items()):
        if not name.startswith(PREFIX) or name in OTHER_VARIABLES:
            continue
        if name not in keys:
            # Compared without the prefix, which would make everything look alike.
            word, known = name.removeprefix(PREFIX).lower(), Settings.model_fields
            log.warning("%s sets nothing: %s is not a setting%s", name, word, did_you_mean(word, known))
        elif value.strip():
            found[keys[name]] = Written(keys[name], value.strip(), "environment", name)
    return found
