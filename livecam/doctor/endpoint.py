"""Checks of the way to Rekognition: whether it is reached, and whether the clocks agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.doctor.account import NOT_KNOWN, NOT_NEEDED
from livecam.doctor.connection import MOST_SKEW, Unreachable
from livecam.doctor.examination import Finding
from livecam.errors import UsageError

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.doctor.account import Account
    from livecam.doctor.connection import Tls

NOTABLE_SKEW = 30.0
FEW_DAYS = 7
"""Of a certificate: those of AWS are renewed weeks before."""
_SET_CLOCK = "set the clock, best by a time service: on Linux run `timedatectl set-ntp true`"


def reachability(account: Account, clock: Clock) -> Finding:
    """Say whether the endpoint is reached, how long each step takes, and who vouches for it.

    Raises:
        UsageError: its address is unclear.
    """
    scope = account.scope() if account.is_used() else None
    if scope is None:
        return _not_looked_at(account)
    try:
        found, answer = account.reached(), account.answer()
    except Unreachable as error:
        return Finding("fail", str(error), error.advice)
    if found is None or answer is None:
        return _not_looked_at(account)
    url = scope.endpoint
    steps = [f"name {_ms(found.lookup)}", f"TCP {_ms(found.connect)}"]
    if found.tls is not None:
        steps.append(f"{found.tls.version} {_ms(found.tls.seconds)}")
    way = f"through the proxy {found.host} at {found.address}" if found.is_proxy else f"at {found.address}"
    told = f"{url} answers {way}: {', '.join(steps)}, answer {_ms(answer.seconds)}"
    return Finding("ok", told) if found.tls is None else _vouched_for(told, found.tls, clock)


def _vouched_for(told: str, tls: Tls, clock: Clock) -> Finding:
    left = (tls.ends_at - clock.wall()).days
    told = f"{told}; certificate by {tls.issuer} for {left} more days"
    if left < FEW_DAYS:
        return Finding("warn", told, "its owner has to renew it soon, or no call goes through any more")
    return Finding("ok", told)


def clocks(account: Account) -> Finding:
    """Say whether this machine's clock agrees with the endpoint's, as signatures need."""
    try:
        scope = account.scope() if account.is_used() else None
    except UsageError:  # the check of the endpoint says so
        scope = None
    if scope is None:
        return _not_looked_at(account)
    try:
        account.reached()
        answer = account.answer()
    except Unreachable:
        return Finding("skip", "not known, as the endpoint does not answer")
    skew = answer.skew if answer else None
    if skew is None:
        return Finding("skip", "not known, as the endpoint does not tell the time")
    told = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the endpoint's"
    if abs(skew) >= MOST_SKEW:
        return Finding("fail", f"this machine's is {told}, so that signatures are refused", _SET_CLOCK)
    if abs(skew) >= NOTABLE_SKEW:
        return Finding("warn", f"this machine's is {told}; beyond five minutes calls fail", _SET_CLOCK)
    return Finding("ok", "agrees with the endpoint's to the second" if abs(skew) <= 1 else told)


def _not_looked_at(account: Account) -> Finding:
    return Finding("skip", NOT_KNOWN if account.is_used() else NOT_NEEDED)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
