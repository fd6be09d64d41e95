"""Runs that were never made, with latencies that are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.latency.conditions import Condition
from livecam.bench.latency.samples import OK, ClientStart, FoundFace, Machine, Picture, Run, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

BASE = Condition(width=640, quality=80, attributes=("EMOTIONS",), region="eu-west-1", rate=2.0, in_flight=4)
MACHINE = Machine(
    began="2026-03-01T09:30:00+01:00",
    version="1.0",
    python="3.12.1",
    platform="Linux-6.1-x86_64",
    cpus=2,
    load=0.5,
    packages={"boto3": "1.40.0", "urllib3": "2.2.0"},
    endpoint=None,
)
LEFT = FoundFace(0.1, 0.2, 0.2, 0.3, 99.0)
RIGHT = FoundFace(0.6, 0.2, 0.2, 0.3, 98.0)
BLOCK = 5


def lognormal(
    rng: np.random.Generator, count: int, median: float = 0.34, sigma: float = 0.2
) -> NDArray[np.float64]:
    """Return latencies as services have them."""
    return median * np.exp(sigma * rng.standard_normal(count))


def sample(condition: int, index: int, latency: float, **changes: object) -> Sample:
    """Return an answered call of a condition, the `index`-th, in blocks of `BLOCK`."""
    due = index * 0.5
    plain = Sample(
        condition=condition,
        block=condition + 1000 * (index // BLOCK),
        phase="measured",
        picture=0,
        due_at=due,
        began_at=due,
        sent_at=due + 0.005,
        ended_at=due + latency,
        outcome=OK,
        parts={"encode": 0.004, "wait": latency - 0.005, "other": 0.001},
        bytes_sent=30_000,
        faces=(LEFT, RIGHT),
        request_id="a-b",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names of its fields


def run_of(conditions: Sequence[Condition], samples: Sequence[Sample], **changes: object) -> Run:
    """Return a run of these calls."""
    plain = Run(
        machine=MACHINE,
        conditions=tuple(conditions),
        pictures=(Picture("a.jpg", 1280, 720),),
        samples=tuple(samples),
        planned_calls=len(samples),
        seed=0,
        clients=(ClientStart("eu-west-1", 4, 0.085),),
        price_usd=0.001,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names of its fields


def drawn_run(
    seed: int,
    medians: Sequence[float],
    calls: int = 200,
    change: Callable[[int, Sample], Sample] | None = None,
) -> Run:
    """Return a run of conditions that differ in width, 320 px each, with lognormal latencies."""
    rng = np.random.default_rng(seed)
    conditions = [replace(BASE, width=320 * (index + 1)) for index in range(len(medians))]
    samples = [
        sample(condition, index, float(latency))
        for condition, median in enumerate(medians)
        for index, latency in enumerate(lognormal(rng, calls, median))
    ]
    if change is not None:
        samples = [change(each.condition, each) for each in samples]
    return run_of(conditions, samples)
