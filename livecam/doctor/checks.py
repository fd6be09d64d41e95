"""All checks, in the order in which they are told. A new one is a function and a line here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from livecam.aws import whoami
from livecam.doctor import account, endpoint, machine, parts
from livecam.doctor.examination import Check
from livecam.state.consent import ConsentStore

if TYPE_CHECKING:
    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock

CAMERA_LIMIT = 15.0
"""Seconds: every camera is opened, one after the other."""


def checks(access: AwsAccess, clock: Clock, *, is_asked: bool) -> list[Check]:
    """Return every check.

    Args:
        access: whose account, where.
        clock: times what is reached.
        is_asked: whether the user named any of `access`, so that its absence is a problem.
    """
    known = account.Account(
        look_up=partial(whoami.look_up, access),
        credentials=partial(whoami.credentials, access),
        identity=partial(whoami.identity, access, clock=clock),
        is_asked=is_asked,
    )
    return [
        Check("livecam", machine.python),
        Check("settings", parts.settings),
        Check("opencv", machine.opencv),
        Check("encoder", machine.encoder),
        Check("models", parts.models),
        Check("cameras", parts.cameras, CAMERA_LIMIT),
        Check("display", parts.display),
        Check("disk", machine.disk),
        Check("credentials", partial(account.credentials, known)),
        Check("identity", partial(account.identity, known)),
        Check("region", partial(account.region, known)),
        Check("endpoint", partial(endpoint.reachability, known, clock)),
        Check("clock", partial(endpoint.clocks, known, clock)),
        Check("consent", partial(account.consent, known, ConsentStore(clock=clock))),
    ]
