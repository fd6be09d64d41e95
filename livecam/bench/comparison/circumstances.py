"""What was not the same when two runs were measured, so that it may be why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.comparison.values import Circumstance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from livecam.bench.latency.samples import Run

NOTHING = "-"
SAME_BYTES = 0.02
"""Share by which pictures may differ in size and still count as the same payload."""
SHOWN = 3
"""Pictures that are named."""


def circumstances(first: Run, second: Run) -> tuple[Circumstance, ...]:
    """Return what differs between two runs, what matters most first; when they were measured always does."""
    facts: list[tuple[str, Callable[[Run], str]]] = [
        ("began", lambda run: run.machine.began),
        ("ended", lambda run: run.ended),
        ("Region", _regions),
        ("endpoint", lambda run: run.machine.endpoint or "AWS's own"),
        ("pictures", _pictures),
        ("platform", lambda run: run.machine.platform),
        ("CPUs", lambda run: str(run.machine.cpus)),
        ("livecam", lambda run: run.machine.version),
        ("Python", lambda run: run.machine.python),
    ]
    found = [Circumstance(name, tell(first), tell(second)) for name, tell in facts]
    found += [_payload(first, second), _load(first, second), *_packages(first, second)]
    return tuple(each for each in found if each.first != each.second)


def _regions(run: Run) -> str:
    return ", ".join(dict.fromkeys(each.region for each in run.conditions))


def _pictures(run: Run) -> str:
    names = [f"{each.name} ({each.width}x{each.height})" for each in run.pictures]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) or NOTHING) + more


def _payload(first: Run, second: Run) -> Circumstance:
    """Return the median size of what was sent; the same text twice where it is about the same."""
    sizes = [_median([each.bytes_sent for each in run.samples if each.is_ok]) for run in (first, second)]
    texts = [NOTHING if each is None else f"{each / 1000:.1f} kB" for each in sizes]
    a, b = sizes
    if a is not None and b is not None and abs(a - b) <= SAME_BYTES * max(a, b):
        texts[1] = texts[0]
    return Circumstance("payload, median", *texts)


def _median(values: Sequence[int | None]) -> float | None:
    known = [each for each in values if each is not None]
    return float(np.median(known)) if known else None


def _load(first: Run, second: Run) -> Circumstance:
    texts = [NOTHING if run.machine.load is None else f"{run.machine.load:.1f}" for run in (first, second)]
    return Circumstance("load", *texts)


def _packages(first: Run, second: Run) -> list[Circumstance]:
    a: Mapping[str, str] = first.machine.packages
    b: Mapping[str, str] = second.machine.packages
    return [Circumstance(name, a.get(name, NOTHING), b.get(name, NOTHING)) for name in sorted({*a, *b})]
