"""How often a detector is called: the rate, and when the next call is due. Pure: told the time.

Waiting is not done here; `pipeline/throttled_pacer.py` does it.
"""

from __future__ import annotations

CUT = 0.7
"""Factor by which a throttled answer lowers the rate. Chosen together with `RECOVERY` by
scripts/bench/pace_constants.py: with half, up to a sixth of the answers that a quota allows is lost; with
nine tenths, calls are throttled three times as often."""
RECOVERY = 0.03
"""Share of the asked rate that is won back per second of successes: half a minute for all of it."""
LEAST_RATE = 0.1
"""Calls per second that are left however often the service throttles, so that its recovery is noticed."""
RAMP_FROM = 10.0
"""Calls per second up to which calls begin at the asked rate; a service may take more for a sudden rush."""
RAMP_PER_SECOND = 2.0
"""Calls per second that are added in each second above that."""
AIM = 0.998
"""Share of the rate that is aimed at: by no clock, ours or the service's, may it be more than was asked."""
MADE_UP = 0.04
"""Seconds of lateness that the next permits make up for: what a look at the time and a busy machine cost."""
MADE_UP_SHARE = 0.4
"""Of an interval, at most: as long as a call is late by less than one interval, whoever delays it, there is
never more than one extra call in any second."""
LEAST_GAP_SHARE = 0.5
"""Of an interval: two calls are never closer."""

SET_BY_USER = "set by the user"
"""Why a pace is another one: nobody but the user has changed what is asked for."""


class Pace:
    """Calls per second: the asked rate, less when the service throttles (AIMD), and back little by little.

    Args:
        asked: calls per second that are wanted.
        ramps_up: whether a rate above 10/s is approached from there.
    """

    def __init__(self, asked: float, *, ramps_up: bool = False) -> None:
        self._asked = asked
        self._ramps_up = ramps_up
        self._borne = min(asked, RAMP_FROM) if ramps_up else asked
        """What the service is taken to bear; of less that is asked for it knows nothing."""
        self._is_cut = False
        """Whether it is less than was asked for because the service has throttled."""
        self._cut_at = float("-inf")

    @property
    def rate(self) -> float:
        """Calls per second that are right at present."""
        return min(self._borne, self._asked)

    @property
    def asked(self) -> float:
        """Calls per second that are wanted."""
        return self._asked

    def ask(self, asked: float) -> None:
        """Want another rate from now on.

        Less holds at once. More is approached as at the start, or little by little where the service has
        throttled since.
        """
        self._asked = asked
        if self._is_cut:
            return
        is_ramped = self._ramps_up and asked > self._borne
        self._borne = max(self._borne, min(asked, RAMP_FROM)) if is_ramped else asked

    def throttled(self, sent_at: float, now: float) -> None:
        """Take note at instant `now` that the service throttled the call sent at `sent_at`.

        Calls that were under way when the rate was cut knew nothing of it: they are no reason to cut again.
        """
        if sent_at <= self._cut_at:
            return
        self._cut_at, self._is_cut = now, True
        self._borne = max(CUT * self.rate, min(LEAST_RATE, self._asked))

    def succeeded(self) -> None:
        """Take note of an answer: a second of successes adds as much at any rate."""
        if self._borne >= self._asked:
            return
        growth = RECOVERY * self._asked if self._is_cut else RAMP_PER_SECOND
        self._borne = min(self._borne + growth / self._borne, self._asked)
        self._is_cut = self._is_cut and self._borne < self._asked


class Spacing:
    """When permits are due, so that lateness does not add up and no burst follows a rest."""

    def __init__(self) -> None:
        self._granted_at = self._due_at = float("-inf")

    def granted(self, rate: float, *, asked_at: float, granted_at: float) -> float:
        """Take note of a permit and return the seconds until the next one is due.

        Args:
            rate: calls per second.
            asked_at: when it was asked for; what was not used by then is lost, but for a little.
            granted_at: when it was granted.
        """
        interval = 1.0 / (AIM * rate)
        most = min(MADE_UP, MADE_UP_SHARE * interval)
        is_in_time = asked_at - self._due_at <= most
        late = min(granted_at - self._due_at, most) if is_in_time else 0.0
        self._granted_at = granted_at
        self._due_at = granted_at - late + interval
        return max(self._due_at - granted_at, LEAST_GAP_SHARE * interval)

    def respaced(self, rate: float) -> float:
        """Return the seconds from the last permit to the next one at another rate, from now on."""
        interval = 1.0 / (AIM * rate)
        self._due_at = self._granted_at + interval
        return interval
