"""The settings file: which one is in use, what it holds, and in which line a key stands."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import platformdirs

from livecam.errors import UsageError

FILE_NAME = "livecam.toml"


def candidates() -> tuple[Path, Path]:
    """Return where a settings file is looked for: in the current folder, then in the user's own."""
    return Path(FILE_NAME), platformdirs.user_config_path("livecam", appauthor=False) / FILE_NAME


def in_use() -> Path | None:
    """Return the first of the candidates that is there; None when none is."""
    return next((path for path in candidates() if os.path.lexists(path)), None)


def read(path: Path) -> str:
    """Return a settings file's text.

    Raises:
        UsageError: it cannot be read, or is not text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows' editors put a mark before the text
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{path}, line {line}: the settings file is not UTF-8 text; save it as UTF-8"
        ) from error
    except IsADirectoryError as error:
        raise UsageError(
            f"{path} is a folder where the settings file should be; rename or remove it"
        ) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(
            f"the settings file {path} cannot be read: {why}; make it readable or remove it"
        ) from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """Return the keys and values of a settings file's text.

    Raises:
        UsageError: it is not TOML; the message names line and column.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", said)
        line, column = _end_of(text)
        if place and place[1]:
            line, column = int(place[1]), int(place[2])
        what = said[: place.start()] if place else said
        raise UsageError(
            f"{path}, line {line}, column {column}: not TOML: {what[:1].lower()}{what[1:]}; "
            'a setting is written as key = value, texts in quotes, such as view = "none"'
        ) from error
    except RecursionError as error:
        raise UsageError(f"{path} cannot be read: its lists are nested too deeply") from error
    except ValueError as error:  # Python makes no number of thousands of digits
        raise UsageError(f"{path} cannot be read: a number in it has too many digits; shorten it") from error


def line_of(key: str, text: str) -> int | None:
    """Return the 1-based line in which a top-level key stands; None when it is not found.

    Args:
        key: as it is in the parsed file.
        text: TOML that can be parsed.
    """
    name = rf"(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')"
    begins = re.compile(rf"\s*(?:{name}\s*[=.]|\[+\s*{name}\s*[.\]])")
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if begins.match(line) and _is_complete("\n".join(lines[:index])):
            return index + 1
    return None


def _is_complete(text: str) -> bool:
    """Say whether a statement ends where `text` ends, so that what follows is not inside one."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _end_of(text: str) -> tuple[int, int]:
    lines = text.split("\n")
    return len(lines), len(lines[-1]) + 1
