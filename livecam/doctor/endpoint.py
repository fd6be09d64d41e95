"""Checks of the way to Rekognition: whether it is reached, and whether the clocks agree."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from livecam.doctor.account import NOT_KNOWN, NOT_NEEDED
from livecam.doctor.connection import Unreachable, reach, time_there
from livecam.doctor.examination import Finding
from livecam.errors import UsageError

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.doctor.account import Account

MOST_SKEW = 300.0
"""Seconds: AWS refuses a request that was signed longer ago, or later than now (AWS General Reference)."""
NOTABLE_SKEW = 30.0
_SET_CLOCK = "set the clock, best by a time service: on Linux run `timedatectl set-ntp true`"


def reachability(account: Account, clock: Clock) -> Finding:
    """Say whether the endpoint is reached, and how long each step takes.

    Raises:
        Unreachable: it is not.
        UsageError: its address is unclear.
    """
    scope = account.scope() if account.is_used() else None
    if scope is None:
        return _not_looked_at(account)
    url = scope.endpoint
    found = reach(url, ca_bundle=account.outlook().ca_bundle, clock=clock)
    steps = [f"name {_ms(found.lookup)}", f"TCP {_ms(found.connect)}"]
    if found.tls is not None:
        steps.append(f"TLS {_ms(found.tls)}")
    host = f"the proxy {found.host}, through which {url} is called," if found.is_proxy else url
    return Finding("ok", f"{host} answers at {found.address}: {', '.join(steps)}")


def clocks(account: Account, clock: Clock) -> Finding:
    """Say whether this machine's clock agrees with the endpoint's, as signatures need."""
    try:
        scope = account.scope() if account.is_used() else None
    except UsageError:  # the check of the endpoint says so
        scope = None
    if scope is None:
        return _not_looked_at(account)
    began_at = clock.now()
    try:
        there = time_there(scope.endpoint, ca_bundle=account.outlook().ca_bundle)
    except Unreachable:
        return Finding("skipped", "not known, as the endpoint does not answer")
    here = clock.wall() - timedelta(seconds=(clock.now() - began_at) / 2)
    if there is None:
        return Finding("skipped", "not known, as the endpoint does not tell the time")
    # What is told is cut to a full second: half of one is missing on average.
    skew = (here - there).total_seconds() - 0.5
    told = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the endpoint's"
    if abs(skew) >= MOST_SKEW:
        return Finding("problem", f"this machine's is {told}, so that signatures are refused", _SET_CLOCK)
    if abs(skew) >= NOTABLE_SKEW:
        return Finding("warning", f"this machine's is {told}; beyond five minutes calls fail", _SET_CLOCK)
    return Finding("ok", "agrees with the endpoint's to the second" if abs(skew) <= 1 else told)


def _not_looked_at(account: Account) -> Finding:
    return Finding("skipped", NOT_KNOWN if account.is_used() else NOT_NEEDED)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
