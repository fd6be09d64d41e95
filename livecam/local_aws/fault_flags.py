"""A fault plan from what is written on a command line."""

from __future__ import annotations

import re
from typing import Any

from livecam.errors import UsageError
from livecam.local_aws.fault_plan import KINDS, FaultPlan, plan_from
from livecam.local_aws.service_errors import DOCUMENTED_MESSAGES

BYTES_PER_MEGABIT = 125_000.0
_TIME = re.compile(r"(?P<number>\d+\.?\d*|\.\d+)(?P<unit>ms|s)?")


def with_flags(  # noqa: PLR0913  one per flag
    plan: FaultPlan,
    *,
    latency: str | None = None,
    spread: float | None = None,
    tps: float | None = None,
    uplink: float | None = None,
    seed: int | None = None,
    faults: tuple[str, ...] = (),
) -> FaultPlan:
    """Return the plan with what the flags say in the place of its own.

    Args:
        plan: from a file, or the empty one.
        latency: seconds, or milliseconds with the unit "ms".
        spread: sigma of a lognormal latency.
        tps: calls a second, per operation.
        uplink: megabits a second.
        seed: of the draws.
        faults: each a kind or an error's code, with a share behind a colon if it is not always; they come
            before the plan's own.

    Raises:
        UsageError: one of them cannot be used; the message names it.
    """
    values: dict[str, Any] = plan.model_dump()
    if latency is not None:
        values["latency"]["seconds"] = seconds_from(latency)
    if spread is not None:
        values["latency"]["sigma"] = spread
    if tps is not None:
        values["quota"]["per_second"] = tps
    if uplink is not None:
        values["uplink"] = uplink * BYTES_PER_MEGABIT
    if seed is not None:
        values["seed"] = seed
    values["faults"] = [*(_fault_from(text) for text in faults), *values["faults"]]
    return plan_from(values, "the flags")


def seconds_from(text: str) -> float:
    """Return a latency such as "0.34", "0.34s" or "340ms" in seconds.

    Raises:
        UsageError: it is none, or so long that milliseconds were meant.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise UsageError(f"--latency {text} is not a time; write 0.34 (seconds) or 340ms")
    seconds = float(found["number"]) / (1000 if found["unit"] == "ms" else 1)
    if seconds > 60:  # noqa: PLR2004  as the plan allows
        raise UsageError(f"--latency {text} is more than 60 s; write {text.rstrip('s')}ms for milliseconds")
    return seconds


def _fault_from(text: str) -> dict[str, Any]:
    name, colon, share = text.partition(":")
    if name in KINDS and name != "error":
        fault: dict[str, Any] = {"kind": name}
    elif name in DOCUMENTED_MESSAGES:
        fault = {"kind": "error", "code": name}
    else:
        known = ", ".join([*(kind for kind in KINDS if kind != "error"), *DOCUMENTED_MESSAGES])
        raise UsageError(f"--fault {text}: {name} is no fault; choose one of {known}")
    if colon:
        try:
            fault["share"] = float(share)
        except ValueError as error:
            raise UsageError(f"--fault {text}: {share} is no share; write one from 0 to 1") from error
    return fault
