"""All checks, in the order in which they are told. A new one is a function and a line here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from livecam.aws import whoami
from livecam.aws.wiring import Wiring
from livecam.doctor import account, endpoint, machine, parts, storage, wiring
from livecam.doctor.examination import Check
from livecam.doctor.permissions import permissions
from livecam.state.consent import ConsentStore

if TYPE_CHECKING:
    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.config.settings import Settings

CAMERA_LIMIT = 15.0
"""Seconds: every camera is opened, one after the other."""
CLOUD_LIMIT = 15.0
"""Seconds: some checks ask several services, each after the other."""


def checks(
    access: AwsAccess, clock: Clock, *, is_asked: bool, settings: Settings | None = None
) -> list[Check]:
    """Return every check.

    Args:
        access: whose account, where.
        clock: times what is reached.
        is_asked: whether the user named any of `access`, so that its absence is a problem.
        settings: as a run would have them; None when they cannot be used, which a check of its own tells.
    """
    known = account.Account(
        look_up=partial(whoami.look_up, access),
        credentials=partial(whoami.credentials, access),
        identity=partial(whoami.identity, access, clock=clock),
        is_asked=is_asked,
    )
    clips = storage.CloudClips(known, access, settings, Wiring(access, clock), clock)
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
        Check("permissions", partial(permissions, clips), CLOUD_LIMIT),
        Check("bucket", partial(storage.bucket, clips), CLOUD_LIMIT),
        Check("jobs", partial(storage.jobs, clips), CLOUD_LIMIT),
        Check("topic", partial(wiring.topic, clips), CLOUD_LIMIT),
        Check("role", partial(wiring.role, clips), CLOUD_LIMIT),
        Check("queue", partial(wiring.queue, clips), CLOUD_LIMIT),
    ]
