"""Check of how many calls AWS takes, against how many a run makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.doctor.account import NOT_KNOWN
from livecam.doctor.examination import Finding
from livecam.errors import CloudError
from livecam.quotas import calls_per_second

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.doctor.storage import CloudClips

USUAL_RATE = 2.0
"""Calls a second of a run that says nothing else."""
_OPERATION = "DetectFaces"


def quota(clips: CloudClips) -> Finding:
    """Say how many DetectFaces calls a second the account may make, and whether a run stays below.

    Raises:
        CloudError: AWS is not reached.
    """
    skipped = clips.why_not_asked()
    if skipped is not None:
        return skipped
    if clips.settings is None:
        return Finding("skip", NOT_KNOWN)
    region, rate = clips.region(), clips.settings.rate or USUAL_RATE
    allowed, basis = _allowed(clips)
    if clips.settings.quota is not None:
        basis += f", and --quota says {clips.settings.quota:g}"
    told = f"{_OPERATION} in {region}: {allowed:g} calls a second ({basis}); a run makes {rate:g}"
    most = clips.settings.quota or allowed
    if rate > most:
        return Finding(
            "warn",
            f"{told}, which is lowered to {most:g}",
            "ask AWS for more (Service Quotas, Amazon Rekognition), then say --quota; or give a lower --rate",
        )
    if clips.settings.quota is not None and clips.settings.quota > allowed:
        return Finding("warn", told, f"calls above {allowed:g} a second are refused; livecam slows down then")
    return Finding("ok", told)


def found(quotas: Mapping[str, float]) -> float | None:
    """Return the quota of DetectFaces among an account's, whose names are words; None if it is not there."""
    return next((value for name, value in quotas.items() if _OPERATION in name.split()), None)


def _allowed(clips: CloudClips) -> tuple[float, str]:
    """Return calls per second, and where that is from."""
    default = calls_per_second(clips.region())
    try:
        granted = found(clips.wiring.quotas("rekognition"))
    except CloudError as error:
        unknown = clips.unknown(error)
        return default, f"AWS's default, unconfirmed; the account's own is {unknown.text}"
    if granted is None:
        return default, "AWS's default, unconfirmed: Service Quotas lists none for this account"
    return granted, "as Service Quotas has it for this account"
