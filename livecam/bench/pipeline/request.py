"""What a bench of the display path is asked to do. Values only; defaults are those of the command line."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEMO = "demo"
VIEWS = ("drawn", "window", "none")
"""Drawn is annotated and handed on, shown nowhere; none leaves the drawing out."""
MOST_RUNNERS = 32
_SIDES = (64, 7680)
"""Pixels."""
_DURATIONS = (2.0, 3600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A source, how many of it at the same time, and what is done with the pictures.

    Raises:
        UsageError: a value is out of its range; the message names it.
    """

    source: str = DEMO
    """"demo" for the demo scene; else what `livecam run` takes for a source of video."""
    duration: float = 10.0
    """Seconds that are measured of each round, after the warm-up."""
    size: tuple[int, int] = (1280, 720)
    """Pixels of the demo scene, or those that a camera is asked for."""
    runners: tuple[int, ...] = (1, 2, 4)
    """How many run side by side, round by round; each in a process of its own."""
    record: bool = False
    """Whether all is recorded too, into a folder that is removed afterwards."""
    view: str = "drawn"
    """One of `VIEWS`."""
    latency: float = 0.34
    """Seconds after which the scripted detector answers."""
    rate: float = 2.0
    """Answers per second at most."""

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        if not _DURATIONS[0] <= self.duration <= _DURATIONS[1]:
            raise UsageError(f"--duration {self.duration:g} is out of range; give 2 to 3600 seconds")
        if not all(_SIDES[0] <= side <= _SIDES[1] for side in self.size):
            width, height = self.size
            raise UsageError(f"--size {width}x{height} is out of range; give 64 to 7680 pixels a side")
        if not self.runners or not all(1 <= count <= MOST_RUNNERS for count in self.runners):
            told = ",".join(map(str, self.runners)) or "(none)"
            raise UsageError(f"--runners {told} is out of range; give numbers from 1 to {MOST_RUNNERS}")
        if self.view not in VIEWS:
            raise UsageError(f"--view {self.view} is not known; give one of {', '.join(VIEWS)}")

    def as_json(self) -> dict[str, Any]:
        """Return it as an object for `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Request:
        """Return what `as_json` described."""
        known = {each.name: values[each.name] for each in fields(cls)}
        return cls(**known | {"size": tuple(values["size"]), "runners": tuple(values["runners"])})


def request_from(source: str | None, given: Mapping[str, str | None], *, record: bool = False) -> Request:
    """Return what a command line asks for.

    Args:
        source: None for the demo scene.
        given: texts of the flags by name without dashes (`duration`, `size`, `runners`, `view`); None and
            what is left out is the default.
        record: whether all is recorded.

    Raises:
        UsageError: one of them cannot be used; the message names it.
    """
    texts = {name: text for name, text in given.items() if text is not None}
    default = Request()
    return Request(
        source=source or DEMO,
        duration=_seconds(texts["duration"]) if "duration" in texts else default.duration,
        size=_size(texts["size"]) if "size" in texts else default.size,
        runners=_counts(texts["runners"]) if "runners" in texts else default.runners,
        record=record,
        view=texts.get("view", default.view).strip().lower(),
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text.strip().removesuffix("s"))
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise UsageError(f"--duration {text} is not a number of seconds; give one such as 10")
    return seconds


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip().lower())
    if found is None:
        raise UsageError(f"--size {text} is not a size; give one such as 1280x720")
    return int(found[1]), int(found[2])


def _counts(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() for part in parts):
        raise UsageError(f"--runners {text} are no numbers; give some such as 1,2,4")
    return tuple(sorted({int(part) for part in parts}))
