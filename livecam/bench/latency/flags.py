"""A request from what is written on a command line."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from livecam.bench.latency.request import Request
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TIME = re.compile(r"(?P<number>\d+\.?\d*|\.\d+)(?P<unit>ms|s|m)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}
_WHOLE_LISTS = {"width": "widths", "quality": "qualities", "in_flight": "in_flight"}
"""Flags that take several whole numbers, and their fields."""
_WHOLE = ("calls", "warm_up", "block", "seed")
_TIMES = ("duration", "deadline")
_NUMBERS = ("budget", "within", "agreement")


def request_from(sources: Sequence[str], given: Mapping[str, str | Sequence[str] | None]) -> Request:
    """Return what a command line asks for.

    Args:
        sources: pictures, folders, clips, "demo", or a camera or stream.
        given: texts of the flags by name with underscores (`width`, `quality`, `attributes`, `rate`,
            `region`, `in_flight`, `calls`, `duration`, `warm_up`, `block`, `seed`, `deadline`, `budget`,
            `within`, `agreement`); lists of those that may be repeated. None and what is left out is the
            default.

    Raises:
        UsageError: one of them cannot be used; the message names it.
    """
    texts = {name: _texts(value) for name, value in given.items() if value}
    fields: dict[str, Any] = {"sources": tuple(sources)}
    for name, field in _WHOLE_LISTS.items():
        if name in texts:
            fields[field] = _once([_whole(name, text) for text in _parts(name, texts[name])])
    if "rate" in texts:
        fields["rates"] = _once([_number("rate", text) for text in _parts("rate", texts["rate"])])
    if "region" in texts:
        fields["regions"] = _once([text.lower() for text in _parts("region", texts["region"])])
    if "attributes" in texts:
        # Commas and plus signs join one set; the flag again is another one.
        fields["attributes"] = tuple(
            tuple(_parts("attributes", [text.replace("+", ",")])) for text in texts["attributes"]
        )
    fields |= {name: _whole(name, texts[name][-1]) for name in _WHOLE if name in texts}
    fields |= {name: _seconds(name, texts[name][-1]) for name in _TIMES if name in texts}
    fields |= {name: _number(name, texts[name][-1]) for name in _NUMBERS if name in texts}
    return Request(**fields)


def _texts(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _parts(name: str, texts: Sequence[str]) -> list[str]:
    parts = [part.strip() for text in texts for part in text.split(",")]
    if not all(parts):
        shown = ",".join(texts)
        raise UsageError(
            f"{_flag(name)} {shown!r} names nothing in one place; give values with commas between"
        )
    return parts


def _once(values: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise UsageError(f"{_flag(name)} {text} is not a whole number; give one such as 4") from error


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{_flag(name)} {text} is not a number; give one such as 0.5")
    return number


def _seconds(name: str, text: str) -> float:
    """Return seconds of "10", "10s", "500ms" or "2m"."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{_flag(name)} {text} is not a time; write 10 (seconds), 500ms or 2m")
    return float(found["number"]) * _UNITS[found["unit"]]


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
