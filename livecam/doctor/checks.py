"""All checks, in the order in which they are told. A new one is a function and a line here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from livecam.aws import whoami
from livecam.aws.wiring import Wiring
from livecam.doctor import account, cameras, encoder, endpoint, folders, machine, parts, storage, view, wiring
from livecam.doctor.connection import ask, reach
from livecam.doctor.databases import databases, kept, why_not_whole
from livecam.doctor.examination import Check, Finding
from livecam.doctor.permissions import permissions
from livecam.doctor.quota import quota
from livecam.state.consent import ConsentStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.config.settings import Settings

CAMERA_LIMIT = 15.0
"""Seconds: every camera is opened, one after the other."""
CLOUD_LIMIT = 15.0
"""Seconds: some checks ask several services, each after the other."""
_SIZE, _FPS = (1280, 720), 30.0
"""What a run asks a camera for unless it is told otherwise."""


def checks(  # noqa: PLR0913  what the user said
    access: AwsAccess,
    clock: Clock,
    *,
    is_asked: bool,
    settings: Settings | None = None,
    opens_cameras: bool = False,
    view_of_a_run: Callable[[], str] | None = None,
    local_only: str | None = None,
) -> list[Check]:
    """Return every check.

    Args:
        access: whose account, where.
        clock: times what is reached.
        is_asked: whether the user named any of `access`, so that its absence fails.
        settings: as a run would have them; None when they cannot be used, which a check of its own tells.
        opens_cameras: whether cameras may be opened.
        view_of_a_run: says which view a run would take.
        local_only: where it is set that no connection may be opened; None where it is not.
    """
    here = _checks_of_this_machine(clock, settings, view_of_a_run, opens_cameras=opens_cameras)
    there = _checks_of_the_cloud(access, clock, settings, is_asked=is_asked)
    if local_only is not None:
        told = Finding("skip", f"needs a connection, and local-only is set (by {local_only})")
        there = [replace(check, look=lambda: told) for check in there]
    return here + there


def _checks_of_this_machine(
    clock: Clock,
    settings: Settings | None,
    view_of_a_run: Callable[[], str] | None,
    *,
    opens_cameras: bool,
) -> list[Check]:
    size, fps = (settings.size, settings.fps) if settings else (_SIZE, _FPS)
    look = partial(cameras.opened, clock, size=size, fps=fps) if opens_cameras else cameras.listed
    clips = folders.clip_folder(settings)
    return [
        Check("livecam", machine.python),
        Check("settings", parts.settings),
        Check("opencv", machine.opencv),
        Check("encoder", encoder.encoder),
        Check("models", parts.models),
        Check("cameras", look, CAMERA_LIMIT),
        Check("display", partial(view.display, view=view_of_a_run)),
        Check("web", partial(view.web, settings)),
        Check("disk", machine.disk),
        Check("clips", partial(folders.clips, settings)),
        Check("folders", partial(folders.folders, clips, kept(clips))),
        Check("databases", partial(databases, kept(clips))),
    ]


def _checks_of_the_cloud(
    access: AwsAccess, clock: Clock, settings: Settings | None, *, is_asked: bool
) -> list[Check]:
    known = account.Account(
        look_up=partial(whoami.look_up, access),
        credentials=partial(whoami.credentials, access),
        identity=partial(whoami.identity, access, clock=clock),
        is_asked=is_asked,
        connect=lambda url, ca_bundle: reach(url, ca_bundle=ca_bundle, clock=clock),
        ask=lambda url, ca_bundle: ask(url, ca_bundle=ca_bundle, clock=clock),
    )
    clips = storage.CloudClips(known, access, settings, Wiring(access, clock), clock)
    return [
        Check("credentials", partial(account.credentials, known, clock)),
        Check("endpoint", partial(endpoint.reachability, known, clock), CLOUD_LIMIT),
        Check("clock", partial(endpoint.clocks, known), CLOUD_LIMIT),
        Check("identity", partial(account.identity, known), CLOUD_LIMIT),
        Check("region", partial(account.region, known)),
        Check("consent", partial(_consent, known, ConsentStore(clock=clock))),
        Check("quota", partial(quota, clips), CLOUD_LIMIT),
        Check("permissions", partial(permissions, clips), CLOUD_LIMIT),
        Check("bucket", partial(storage.bucket, clips), CLOUD_LIMIT),
        Check("jobs", partial(storage.jobs, clips), CLOUD_LIMIT),
        Check("topic", partial(wiring.topic, clips), CLOUD_LIMIT),
        Check("role", partial(wiring.role, clips), CLOUD_LIMIT),
        Check("queue", partial(wiring.queue, clips), CLOUD_LIMIT),
    ]


def _consent(known: account.Account, store: ConsentStore) -> Finding:
    # To ask a store that is damaged would set it aside, and nothing is changed here.
    if store.path.exists() and why_not_whole(store.path) is not None:
        return Finding("skip", account.NOT_KNOWN)
    return account.consent(known, store)
