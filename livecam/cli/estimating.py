"""`livecam run --dry-run`: what a run would cost, from a minute of the real source; nothing is sent."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from livecam.pricing import dollars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.config import Settings
    from livecam.pricing import PriceTable

USUAL_SECONDS = 60.0
"""Of the source, when no duration is set."""
HOURS = (8, 24)
"""Of a day that costs are told for."""
_HOUR = 3600.0


def estimate(settings: Settings, params: Mapping[str, Any]) -> int:
    """Run without a paid call, say what it would have cost, and return the exit code.

    Raises:
        LivecamError: the run could not start, or its source failed.
    """
    from livecam.clock import SystemClock
    from livecam.compose import Parts, compose
    from livecam.compose.cost import prices_of
    from livecam.compose.detector import dry_run_detector
    from livecam.compose.source import are_stills
    from livecam.errors import UsageError
    from livecam.pipeline.foreground import run_in_foreground

    if are_stills(settings.source):
        raise UsageError("--dry-run is for cameras, streams and videos; of pictures, each is one call")
    table = prices_of(settings)
    # Pictures that come faster than they were taken would tell of an hour that passes in a minute.
    changes = {"duration": settings.duration or USUAL_SECONDS, "fast": False}
    parts = Parts(detector=dry_run_detector(SystemClock()), is_quiet=params["quiet"])
    run = compose(settings.model_copy(update=changes), parts)
    try:
        outcome = run_in_foreground(run.runner, run.window)
    finally:
        run.close()
    summary = run.tally.summary()
    found = figures(summary, table)
    if params["as_json"]:
        print(json.dumps(summary | {"estimate": found}), flush=True)
    elif not params["quiet"]:
        print(*estimate_lines(found), sep="\n", file=sys.stderr)
    return outcome.exit_code


def figures(summary: Mapping[str, Any], table: PriceTable) -> dict[str, Any]:
    """Return what a run would cost.

    Args:
        summary: the `livecam.run/1` object of a run without paid calls.
        table: the prices.
    """
    fps = summary["display_fps"]
    seconds = summary["frames"]["displayed"] / fps if fps else 0.0
    calls = summary["calls"]["ok"] + sum(summary["calls"]["failed"].values())
    hourly = calls / seconds * _HOUR if seconds > 0 else 0.0
    each = table.call("DetectFaces")
    return {
        "seconds": seconds,
        "calls": calls,
        "calls_per_hour": hourly,
        "cost_usd": calls * each,
        "per_hour_usd": hourly * each,
        **{f"per_{hours}_hours_usd": hourly * hours * each for hours in HOURS},
        "per_call_usd": each,
        "price": table.note,
        "price_as_of": table.as_of,
        "unconfirmed": not table.is_confirmed("detect_faces"),
        "source": summary["source"]["name"],
    }


def estimate_lines(found: Mapping[str, Any]) -> list[str]:
    """Return an estimate for people."""
    calls = "1 call" if found["calls"] == 1 else f"{found['calls']} calls"
    days = ", ".join(f"{dollars(found[f'per_{hours}_hours_usd'])} in {hours} hours" for hours in HOURS)
    sure = ", unconfirmed" if found["unconfirmed"] else ""
    seconds, hourly = f"{found['seconds']:.0f} s", f"{found['calls_per_hour']:.0f} an hour"
    each = f"${found['per_call_usd']:g} a call ({found['price']}{sure})"
    return [
        f"estimate: {calls} in {seconds} of {found['source']}, {hourly}",
        f"at {each}: {dollars(found['per_hour_usd'])} an hour, {days}",
        "nothing was sent and nothing was charged; it depends on what the source shows, and is no promise",
    ]
