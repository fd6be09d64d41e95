"""`livecam doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import options, privacy_options, record_options, s3_options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from livecam.clock import Clock
    from livecam.config.settings import Settings
    from livecam.doctor.examination import Check, Finding

SCHEMA = "livecam.doctor/1"
STATES = ("ok", "warn", "fail", "skip")
WIDTH = 80
"""Columns that texts are wrapped to."""
NOT_SETTINGS = ("camera", "paid", "yes", "show_account", "as_json")
"""Parameters that are no settings."""
_INDENT = 17
_ACCOUNT = re.compile(r"(?<!\d)\d{8}(?=\d{4}(?!\d))")
"""The first digits of what has twelve, as accounts of AWS have."""


def doctor(
    ctx: typer.Context,
    camera: Annotated[
        bool,
        typer.Option("--camera", help="Open each camera and count its pictures; its lamp goes on."),
    ] = False,
    paid: Annotated[
        bool,
        typer.Option("--paid", help="Make one real call of DetectFaces about a drawn face; says its price."),
    ] = False,
    yes: options.Yes = False,
    show_account: Annotated[
        bool, typer.Option("--show-account", help="Show the numbers of AWS accounts whole.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False,
    rate: options.Rate = None,
    quota: options.Quota = None,
    clip_dir: record_options.ClipDir = None,
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    upload: s3_options.Upload = None,
    sns_topic: s3_options.SnsTopic = None,
    role_arn: s3_options.RoleArn = None,
    queue_url: s3_options.QueueUrl = None,
    local_only: privacy_options.LocalOnly = None,
) -> int:
    """Check this machine and the way to AWS, free of charge; no picture is sent, no camera opened."""
    from livecam import local_only as guard
    from livecam import logs
    from livecam.clock import SystemClock
    from livecam.doctor.examination import examine

    logs.configure(verbosity=-1)  # the checks say what there is to say
    if paid:
        guard.refuse("--paid")
    clock = SystemClock()
    settings = _settings({key: value for key, value in ctx.params.items() if key not in NOT_SETTINGS})
    found: dict[str, Finding] = {}
    for name, finding in examine(_checks(settings, clock, opens_cameras=camera, is_asked=paid), clock):
        found[name] = tell(name, finding, as_json=as_json, show_account=show_account)
    if paid:
        finding = _paid(settings, found, clock, yes=yes)
        found["paid"] = tell("paid", finding, as_json=as_json, show_account=show_account)
    print(json.dumps(_as_record(found)) if as_json else verdict(found))
    return int(_count(found, "fail") > 0)


def finding_lines(name: str, finding: Finding) -> list[str]:
    """Return what is printed of one check: state, name, text, and below it what to do."""
    import textwrap

    from livecam.cli.app import without_secrets

    head = f"{finding.state:<4} {name:<11} "
    lines: list[str] = []
    for begin, text in ((head, finding.text), (f"{'':{_INDENT}}-> ", finding.advice)):
        if text is not None:
            lines += textwrap.wrap(
                without_secrets(text),
                WIDTH,
                initial_indent=begin,
                subsequent_indent=" " * (_INDENT if begin == head else _INDENT + 3),
                break_long_words=False,
                break_on_hyphens=False,
            )
    return lines


def verdict(found: Mapping[str, Finding]) -> str:
    """Return the last line."""
    return ", ".join(f"{_count(found, state)} {state}" for state in STATES)


def tell(name: str, finding: Finding, *, as_json: bool, show_account: bool) -> Finding:
    """Print a finding, unless all are told as JSON later; return what may be shown of it."""
    shown = finding if show_account else masked(finding)
    if not as_json:
        print(*finding_lines(name, shown), sep="\n", flush=True)
    return shown


def masked(finding: Finding) -> Finding:
    """Return a finding without the first eight digits of the numbers of accounts."""
    from dataclasses import replace

    advice = finding.advice and _ACCOUNT.sub("********", finding.advice)
    return replace(finding, text=_ACCOUNT.sub("********", finding.text), advice=advice)


def _checks(settings: Settings | None, clock: Clock, *, opens_cameras: bool, is_asked: bool) -> list[Check]:
    from livecam import local_only
    from livecam.aws.clients import AwsAccess
    from livecam.compose.view import with_view
    from livecam.doctor.checks import checks

    access = AwsAccess(settings.profile, settings.region, settings.endpoint_url) if settings else AwsAccess()
    return checks(
        access,
        clock,
        is_asked=is_asked or any((access.region, access.profile, access.endpoint_url)),
        settings=settings,
        opens_cameras=opens_cameras,
        view_of_a_run=(lambda: with_view(settings).view) if settings else None,
        local_only=local_only.set_by(),
    )


def _paid(settings: Settings | None, found: Mapping[str, Finding], clock: Clock, *, yes: bool) -> Finding:
    from livecam.cli.consent import asker
    from livecam.cli.doctor_paid import paid_call
    from livecam.compose.detector import Permission

    return paid_call(settings, found, Permission(yes=yes, asker=asker), clock)


def _settings(given: dict[str, Any]) -> Settings | None:
    """Return the settings as a run with these flags would have them; None when what is written is no use."""
    from livecam.config import load_settings
    from livecam.errors import UsageError

    try:
        return load_settings(given)
    except UsageError:
        if any(given.values()):
            raise
        return None  # what is written in a file or a variable: the check of the settings says so


def _as_record(found: Mapping[str, Finding]) -> dict[str, object]:
    from livecam import __version__
    from livecam.cli.app import without_secrets

    told = [
        {
            "check": name,
            "state": finding.state,
            "text": without_secrets(finding.text),
            "advice": finding.advice and without_secrets(finding.advice),
        }
        for name, finding in found.items()
    ]
    counts = {state: _count(found, state) for state in STATES}
    return {"schema": SCHEMA, "version": __version__, **counts, "checks": told}


def _count(found: Mapping[str, Finding], state: str) -> int:
    return sum(finding.state == state for finding in found.values())
