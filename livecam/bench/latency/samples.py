"""What was measured of single calls, and all that is known of a run. Values only.

Instants are seconds from the beginning of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.bench.latency.conditions import Condition

OK = "ok"
Phase: TypeAlias = Literal["cold", "warm-up", "measured"]
"""The first call of a client, which opens a connection; calls that are left out; those that count."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """Where a face is: shares of the picture."""

    left: float
    top: float
    width: float
    height: float
    confidence: float
    """0..100."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One call."""

    condition: int
    """Index into the run's conditions."""
    block: int
    """Number of the block, from 0 over the whole run: calls of one block came one after the other."""
    phase: Phase
    picture: int
    """Index into the run's pictures."""
    due_at: float
    """When it should have begun. The latency counts from here: what waits for another call is late too."""
    began_at: float
    """When it did: the picture is encoded first."""
    sent_at: float | None
    """When its first byte left; None when none did."""
    ended_at: float
    """When its answer was understood, or it had failed."""
    outcome: str
    """`ok`, else the code of the error, such as "ThrottlingException" or "ReadTimeoutError"."""
    message: str | None = None
    """One sentence about what failed."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each part of the call, as in docs/latency.md; they sum to `call_time`."""
    bytes_sent: int | None = None
    """Of the JPEG."""
    faces: tuple[FoundFace, ...] | None = None
    """None when there is no answer."""
    request_id: str | None = None
    is_cold: bool = False
    """Whether a connection had to be opened for it."""
    captured_at: float | None = None
    """When the newest frame of a camera or stream was captured; None of a still, which is as of when it was
    due."""

    @property
    def is_ok(self) -> bool:
        """Whether it was answered."""
        return self.outcome == OK

    @property
    def latency(self) -> float:
        """Seconds from when it was due: the age of its label if the frame was captured then."""
        return self.ended_at - self.due_at

    @property
    def call_time(self) -> float:
        """Seconds from when it was begun: what a closed loop would call its latency."""
        return self.ended_at - self.began_at

    @property
    def frame_age(self) -> float | None:
        """Seconds from its frame's capture, or from when it was due, until its first byte left."""
        since = self.due_at if self.captured_at is None else self.captured_at
        return None if self.sent_at is None else self.sent_at - since


@dataclass(frozen=True, slots=True)
class Picture:
    """What was sent, at its full size."""

    name: str
    """File name, or "FILE at 3.2 s"."""
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ClientStart:
    """What a client took before its first call."""

    region: str
    in_flight: int
    creation: float | None
    """Seconds to make it."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when it was measured; no name of a person or a machine."""

    began: str
    """Local time with its offset, ISO 8601."""
    version: str
    """livecam's."""
    python: str
    platform: str
    """Such as "Linux-6.1-x86_64"."""
    cpus: int
    load: float | None
    """Processes that wanted to run in the minute before it began; None where the system does not say."""
    packages: Mapping[str, str]
    """Versions of what makes the calls: boto3, botocore, urllib3, openssl."""
    endpoint: str | None
    """Address that was given in place of AWS's own."""


@dataclass(frozen=True, slots=True)
class Run:
    """All that was measured."""

    machine: Machine
    conditions: tuple[Condition, ...]
    pictures: tuple[Picture, ...]
    samples: tuple[Sample, ...]
    """In the order in which they were due."""
    planned_calls: int
    seed: int
    """Of the blocks' order."""
    clients: tuple[ClientStart, ...] = ()
    price_usd: float = 0.0
    """Of one call; 0 where nothing is paid."""
    price_note: str = ""
    """Whose price that is, and of when."""
    cost_usd: float = 0.0
    """Of all calls that may have been charged."""
    ended: str = "complete"
    """"complete", "interrupted", or a sentence about what ended it early."""
