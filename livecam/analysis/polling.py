"""When a job is asked about next where nobody tells of its end. Pure: nothing is waited for here.

The service documents neither how long a job takes nor how often it may be asked but for a quota of all jobs
together (5 a second in most Regions): AWS advises word by SNS and SQS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SHORTEST = 5.0
"""Seconds between two questions about a job, at least: 20 jobs, the most there can be, are 4 a second."""
LONGEST = 60.0
"""Seconds, at most."""
GROWTH = 1.5
JITTER = 0.25
"""Of a wait, at most, on top of it: jobs that were started together are not asked about together."""


class PollSchedule:
    """How long to wait between questions about one job: longer and longer, and anew from its expected end.

    A job is expected to take about as long as its video; one that takes longer may be over at any moment
    from then on, and a long one need not be asked about every few seconds before.

    Args:
        clip_seconds: length of the video; None if it is not known, when waits just grow.
        random: draws the jitter.
        since_start: seconds that the job has run already, for one that is taken up again.
    """

    def __init__(self, clip_seconds: float | None, *, random: Random, since_start: float = 0.0) -> None:
        self._random = random
        self._base = SHORTEST
        left = (clip_seconds or 0.0) - since_start
        self._until_end = left if left > 0 else None

    def next_wait(self) -> float:
        """Return the seconds to wait before the next question, `SHORTEST` to `LONGEST`."""
        wait = self._base * (1 + JITTER * self._random.random())
        self._base = min(self._base * GROWTH, LONGEST / (1 + JITTER))
        return wait if self._until_end is None else self._towards_end(wait, self._until_end)

    def _towards_end(self, wait: float, left: float) -> float:
        """Return a wait that does not sleep through the expected end, from which on waits are short again."""
        if wait < left:
            self._until_end = left - wait
            return wait
        self._until_end = None
        self._base = SHORTEST
        return max(left, SHORTEST)
