"""How many cases a property is tried with, what ends a case that hangs, and what may be said to a user."""

from __future__ import annotations

import faulthandler
import functools
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

from livecam.errors import LivecamError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    Test = Callable[..., None]

MANY = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Cases of a property that has 100 in the test suite; 0: as many as there, and the same ones every time."""
LONGEST_CASE = 60.0
"""Seconds after which a case hangs: the process ends with a traceback of every thread."""
LONGEST_SENTENCE = 4000
counts: Counter[str] = Counter()
"""Cases by test; `scripts/fuzz` tells them."""


def fuzzed(few: int, **strategies: SearchStrategy[Any]) -> Callable[[Test], Test]:
    """Try a property with drawn values.

    Args:
        few: cases in the test suite; `scripts/fuzz` tries `--examples` for each 100 of them.
        strategies: of the arguments by name; the other arguments are fixtures, which all cases share.
    """
    how = settings(
        max_examples=max(few, few * MANY // 100),
        derandomize=not MANY,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return lambda test: how(given(**strategies)(_watched(test)))


def assert_told(error: Exception, *names: str) -> None:
    """See that an error may be shown: one of ours, in one line, which names what it is about.

    Control characters are taken out where it is printed.
    """
    said = str(error)
    assert isinstance(error, LivecamError), said
    assert 0 < len(said) < LONGEST_SENTENCE
    assert "\n" not in said
    assert all(name in said for name in names), said


def _watched(test: Test) -> Test:
    """Count the cases, and end the process where one hangs: native code cannot be ended otherwise."""

    @functools.wraps(test)
    def one_case(*args: object, **kwargs: object) -> None:
        counts[test.__name__] += 1
        faulthandler.dump_traceback_later(LONGEST_CASE, exit=True)
        try:
            test(*args, **kwargs)
        finally:
            faulthandler.cancel_dump_traceback_later()

    return one_case
