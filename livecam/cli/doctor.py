"""`livecam doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import options, s3_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.config.settings import Settings
    from livecam.doctor.examination import Finding

SCHEMA = "livecam.doctor/1"
WIDTH = 80
"""Columns that texts are wrapped to."""
_INDENT = 21


def doctor(
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    upload: s3_options.Upload = None,
    sns_topic: s3_options.SnsTopic = None,
    role_arn: s3_options.RoleArn = None,
    queue_url: s3_options.QueueUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False,
) -> None:
    """Check this machine and the way to AWS, free of charge; no picture is sent."""
    from livecam import logs
    from livecam.aws.clients import AwsAccess
    from livecam.clock import SystemClock
    from livecam.doctor.checks import checks
    from livecam.doctor.examination import examine

    logs.configure(verbosity=-1)  # the check of the settings reads them again, and says what is wrong
    clock = SystemClock()
    settings = _settings(
        {
            "region": region,
            "profile": profile,
            "endpoint_url": endpoint_url,
            "upload": upload,
            "sns_topic": sns_topic,
            "role_arn": role_arn,
            "queue_url": queue_url,
        }
    )
    access = AwsAccess(settings.profile, settings.region, settings.endpoint_url) if settings else AwsAccess()
    logs.configure()
    is_asked = any((access.region, access.profile, access.endpoint_url))
    found: dict[str, Finding] = {}
    for name, finding in examine(checks(access, clock, is_asked=is_asked, settings=settings), clock):
        found[name] = finding
        if not as_json:
            print(*finding_lines(name, finding), sep="\n", flush=True)
    if as_json:
        print(json.dumps(_as_record(found)))
    else:
        print(verdict(found))
    raise typer.Exit(1 if _count(found, "problem") else 0)


def finding_lines(name: str, finding: Finding) -> list[str]:
    """Return what is printed of one check: state, name, text, and below it what to do."""
    import textwrap

    from livecam.cli.app import without_secrets

    head = f"{finding.state:<8} {name:<11} "
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
    problems, warnings = _count(found, "problem"), _count(found, "warning")
    if not problems and not warnings:
        return "nothing is wrong"
    return f"{problems} problem{'s' * (problems != 1)}, {warnings} warning{'s' * (warnings != 1)}"


def _settings(given: dict[str, str | None]) -> Settings | None:
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
    counts = {"problems": _count(found, "problem"), "warnings": _count(found, "warning")}
    return {"schema": SCHEMA, "version": __version__, **counts, "checks": told}


def _count(found: Mapping[str, Finding], state: str) -> int:
    return sum(finding.state == state for finding in found.values())
