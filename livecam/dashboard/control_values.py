"""What a page may give for a control, and the sentence that refuses what it may not. Pure."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from livecam.config import problems
from livecam.config.settings import Settings, flag
from livecam.config.written import Written
from livecam.errors import UsageError

LONGEST_SHOWN: Final = 80
"""Characters that a sentence repeats of a value that cannot be used."""


def control(kind: str, value: object, *, obstacle: str | None = None, **what: object) -> dict[str, Any]:
    """Return what a page is told of a control.

    Args:
        kind: "switch", "choice", "number", "text" or "action".
        value: what holds now.
        obstacle: why it cannot be used in this run; None where it can.
        what: what may be given, such as "choices".
    """
    return {"kind": kind, "value": value, "obstacle": obstacle, **what}


def setting(key: str, value: object) -> Any:  # noqa: ANN401  of any setting
    """Return a value as the settings have it.

    Raises:
        UsageError: it cannot be used; the sentence is that of the command line.
    """
    try:
        return getattr(Settings.model_validate({key: value}), key)
    except ValidationError as error:
        written = {key: Written(key, value, "flag", flag(key))}
        raise UsageError(problems.sentences(error, written)) from error


def switch(name: str, value: object) -> bool:
    """Return true or false.

    Raises:
        UsageError: it is neither.
    """
    if not isinstance(value, bool):
        raise UsageError(f"{name} {shown(value)} cannot be used: give true or false")
    return value


def nothing(name: str, value: object) -> None:
    """Refuse a value for a control that takes none.

    Raises:
        UsageError: there is one.
    """
    if value is not None:
        raise UsageError(f"{name} {shown(value)} cannot be used: give null, it takes no value")


def shown(value: object) -> str:
    """Return what was sent, for a sentence: one line, not long."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
