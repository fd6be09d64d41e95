"""Carrying checks out side by side, each for a few seconds at most."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from livecam.errors import LivecamError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from livecam.clock import Clock

log = logging.getLogger(__name__)

State: TypeAlias = Literal["ok", "warn", "fail", "skip"]

_HANGS = "a run would hang there too: look at the device, disk or network that it is about, and try again"
_OURS = "this is a fault of livecam's: please report it with this line"
LIMIT = 8.0
"""Seconds a check is waited for: a cold start with a slow name server stays below."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    state: State
    """fail: something that livecam offers does not work; warn: it may not be what you want; skip: it was not
    looked at, for the reason that the text says."""
    text: str
    """One sentence, without its full stop."""
    advice: str | None = None
    """What to do; None when there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at."""

    name: str
    look: Callable[[], Finding]
    """May raise: whatever it is, it fails."""
    limit: float = LIMIT
    """Seconds after which it is given up."""


def examine(checks: Sequence[Check], clock: Clock) -> Iterator[tuple[str, Finding]]:
    """Carry all checks out side by side; yield each one's name and finding, in order, when it is known."""
    started_at = clock.now()
    begun = [_Look(check) for check in checks]
    for look in begun:
        yield look.check.name, look.result(look.check.limit - (clock.now() - started_at))


class _Look:
    """A check in a thread of its own, which is left behind when it hangs."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._finding: Finding | None = None
        self._is_done = threading.Event()
        threading.Thread(target=self._run, name=f"doctor {check.name}", daemon=True).start()

    def result(self, timeout: float) -> Finding:
        """Return what was found; after `timeout` seconds that it was given up."""
        self._is_done.wait(max(timeout, 0.0))
        if self._finding is None:
            return Finding(
                "fail", f"it hangs: there was no answer within {self.check.limit:g} seconds", _HANGS
            )
        return self._finding

    def _run(self) -> None:
        try:
            self._finding = self.check.look()
        except LivecamError as error:
            self._finding = Finding("fail", str(error))
        except Exception as error:  # a check that fails must not take the others with it
            log.debug("the check %s failed", self.check.name, exc_info=error)
            told = f"the check itself failed: {type(error).__name__}: {error}"
            self._finding = Finding("fail", told, _OURS)
        finally:
            self._is_done.set()
