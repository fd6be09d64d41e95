"""What a bench of policies is asked to do. Values only; the defaults are those of the command line."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.errors import UsageError
from livecam.sources.demo_scene.office_schedule import VARIANTS

if TYPE_CHECKING:
    from pathlib import Path

BASELINE = "every"
"""The policy that asks about each frame that the pace allows; always run: others are compared with it."""
POLICIES = (BASELINE, "every@1", "every@0.5", "changed", "smart")
"""What is compared unless asked otherwise; every@N asks N times a second."""
_NAME = re.compile(r"changed|smart|every(@(?P<pace>\d+(\.\d+)?|\.\d+))?")
_LEAST_PACE = 0.01
_RANGES = {
    "latency": (0.0, 60.0),
    "rate": (_LEAST_PACE, 100.0),
    "wrong": (0.0, 1.0),
    "minutes": (0.1, 1440.0),
    "price_usd": (0.0, 1000.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Clips or a scene, the service, and the policies to compare.

    Raises:
        UsageError: a value is out of its range; the message names it.
    """

    clips: tuple[Path, ...] = ()
    """Video files; none for the office scene."""
    policies: tuple[str, ...] = POLICIES
    """"every" first, whether asked for or not."""
    rate: float = 2.0
    """Calls per second at most, of every policy."""
    latency: float = 0.34
    """Seconds from the sending of a frame to the answer about it."""
    wrong: float = 0.0
    """Share of answers about a face that are wrong, 0..1."""
    minutes: float = 10.0
    """Of the scene, and of each clip at most."""
    variant: str = "office"
    """Of the scene; see `office_schedule.VARIANTS`."""
    seed: int = 0
    """Of all that is left to chance."""
    price_usd: float = 0.001
    """Of one call."""

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise UsageError(f"{name} {value} is out of range; it must be {least:g} to {most:g}")
        if self.variant not in VARIANTS:
            raise UsageError(f"variant {self.variant} is not known; give one of {', '.join(VARIANTS)}")
        for name in self.policies:
            pace_of(name)

    @property
    def compared(self) -> tuple[str, ...]:
        """The policies to run, each once, the baseline first."""
        return tuple(dict.fromkeys((BASELINE, *self.policies)))


def pace_of(policy: str) -> float:
    """Return the calls per second that a policy's name allows; infinite where it names none.

    Raises:
        UsageError: there is no such policy.
    """
    found = _NAME.fullmatch(policy)
    pace = math.inf if found is None or found["pace"] is None else float(found["pace"])
    if found is None or pace < _LEAST_PACE:
        raise UsageError(f"policy {policy} is not known; give some of every, every@0.5, changed, smart")
    return pace
