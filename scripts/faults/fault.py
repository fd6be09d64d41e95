"""What a fault is to the suite."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trial import Trial

    Outage = Callable[[], contextlib.AbstractContextManager[None]]
    SetUp = Callable[[Trial], contextlib.AbstractContextManager[Outage]]


class NotHere(Exception):
    """A fault cannot be put before livecam on this machine; says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    what: str
    """For people."""
    set_up: SetUp
    """Gets a trial ready that is not started yet, and gives what begins the fault and ends it."""
    words: str = ""
    """Pattern of what livecam must say of it; nothing where nothing need be said."""
    has_picture: bool = True
    """Whether there is a picture to be shown meanwhile."""


def simply(outage: Callable[[Trial], contextlib.AbstractContextManager[None]]) -> SetUp:
    """Return the setting up of a fault that needs none."""

    @contextlib.contextmanager
    def set_up(trial: Trial) -> Iterator[Outage]:
        yield lambda: outage(trial)

    return set_up
