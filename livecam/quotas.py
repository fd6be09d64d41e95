"""How many calls a second AWS takes where nothing else was agreed. Pure.

From the AWS General Reference ("Rekognition endpoints and quotas", read 2026): per account, Region and
operation. AWS raises them by request; what it granted is a setting then.
"""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)

USUAL_CALLS_PER_SECOND = 25.0
"""DetectFaces, in every Region that is not listed."""
CALLS_PER_SECOND = {"us-east-1": 100.0, "us-west-2": 100.0, "eu-west-1": 100.0}
"""DetectFaces, by Region."""
LEAST = min(USUAL_CALLS_PER_SECOND, *CALLS_PER_SECOND.values())
"""Calls per second that every Region takes."""


def calls_per_second(region: str) -> float:
    """Return the quota of DetectFaces in a Region, whether it is known or not."""
    return CALLS_PER_SECOND.get(region, USUAL_CALLS_PER_SECOND)


def within_quota(rate: float, region: str) -> float:
    """Return the rate that is asked for, or the Region's quota where that is less, which a warning says."""
    quota = calls_per_second(region)
    if rate <= quota:
        return rate
    log.warning(
        "%g calls a second were asked for; %s allows %g a second unless AWS has raised it (then say --quota):"
        " %g it is",
        rate,
        region,
        quota,
        quota,
    )
    return quota
