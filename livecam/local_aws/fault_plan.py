"""What is to go wrong, how slow it is to be and how much is allowed: a plan, from TOML, JSON or flags."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from livecam.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal[
    "error",
    "bad-gateway",
    "reset-upload",
    "reset-body",
    "hang-up",
    "garbage",
    "truncate",
    "malformed",
    "not-object",
    "empty",
    "incomplete",
    "stall",
    "drip-head",
    "drip-body",
]
"""`error` is an error of the service by its code; the others break the answer or the connection."""

KINDS: tuple[str, ...] = Kind.__args__  # type: ignore[attr-defined]  # typing does not say so


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Latency(_Part):
    """How long the service takes from the last byte of a request to the first of its answer, at least."""

    seconds: float = Field(default=0.0, ge=0, le=60)
    """The time, or its median when there is a spread."""
    sigma: float = Field(default=0.0, ge=0, le=3)
    """Spread of the logarithm of a lognormal distribution; 0 is always the same time."""
    by_region: dict[str, Annotated[float, Field(ge=0, le=60)]] = Field(default_factory=dict)
    """Seconds in the place of `seconds` for requests that are signed for a Region, such as "eu-west-1"."""


class Stall(_Part):
    """The whole service stands still from time to time.

    The request that begins it and all of Rekognition's that arrive meanwhile are begun when it is over: what
    comes late because of it is late for everybody. Those that a quota refuses are refused at once.
    """

    every: int | None = Field(default=None, ge=1)
    """With each so many-th DetectFaces that is not refused; None is never."""
    seconds: float = Field(default=2.0, ge=0, le=60)
    """How long, from that request's arrival."""


class Quota(_Part):
    """How many calls a second are answered; the others are refused at once."""

    per_second: float | None = Field(default=None, gt=0)
    """For every operation, each on its own; None is no limit."""
    operations: dict[str, float] = Field(default_factory=dict)
    """For operations by name, before `per_second`."""
    burst: float | None = Field(default=None, ge=1)
    """Calls that may come at once; a second's worth by default."""
    code: Literal["ProvisionedThroughputExceededException", "ThrottlingException"] = (
        "ProvisionedThroughputExceededException"
    )
    """What is answered beyond it."""


class Fault(_Part):
    """One thing that goes wrong with some of the requests."""

    kind: Kind
    share: float = Field(default=1.0, ge=0, le=1)
    """Of the requests it applies to; the shares of several faults add up."""
    operation: str | None = None
    """Which requests: an operation such as `DetectFaces`, or a service of moto's such as `s3`.

    None is every operation of Rekognition."""
    times: int | None = Field(default=None, ge=0)
    """How often at most; None is without end."""
    code: str = "InternalServerError"
    """Of an `error`."""
    status: int | None = Field(default=None, ge=400, le=599)
    """Of an `error`, when not the documented one."""
    message: str | None = None
    """Of an `error`, when not the documented one."""


class FaultPlan(_Part):
    """Everything that makes the endpoint less than perfect; nothing by default."""

    latency: Latency = Latency()
    stall: Stall = Stall()
    quota: Quota = Quota()
    faults: tuple[Fault, ...] = ()
    uplink: float | None = Field(default=None, gt=0)
    """Bytes a second at which bodies are taken in; None is as fast as they come."""
    drip_pause: float = Field(default=0.25, ge=0, le=60)
    """Seconds between two bytes of an answer that drips."""
    seed: int = 0
    """Of the draws, so that a run can be repeated."""


def plan_from(values: object, where: str) -> FaultPlan:
    """Return the plan that these values describe.

    Args:
        values: as in the TOML file.
        where: what the message calls their source.

    Raises:
        UsageError: one of them cannot be used; the message names it.
    """
    try:
        return FaultPlan.model_validate(values)
    except ValidationError as error:
        first: Any = error.errors()[0]
        said = ".".join(str(part) for part in first["loc"]) or "the plan"
        key = said if said.isprintable() else repr(said)
        raise UsageError(f"{where}: {key}: {first['msg'].lower()}; mend the fault plan") from error


def read_plan(path: Path) -> FaultPlan:
    """Return the plan in a TOML file.

    Raises:
        UsageError: it cannot be read, is not TOML or is no plan.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--faults {path} cannot be read: {error.strerror}; check the path") from error
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, nested too deeply
        raise UsageError(f"--faults {path} is not TOML: {error}; mend the file") from error
    return plan_from(values, f"--faults {path}")
