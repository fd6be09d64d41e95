"""Which calls are made in which order: randomised complete blocks, so that no condition has the better hour.

Pure. In each round every condition has one block, in an order that is drawn anew: what changes over minutes,
such as the load of the network, meets all of them alike.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.request import Request
    from livecam.bench.latency.samples import Phase

USUAL_LATENCY = 0.4
"""Seconds that a block waits for its last call, before anything is known."""


@dataclass(frozen=True, slots=True)
class Block:
    """Calls of one condition, one after the other."""

    number: int
    """From 0 over the whole run."""
    condition: int
    """Index."""
    phase: Phase
    calls: int
    first: int
    """Number of its first call among those of its condition and phase, from 0."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that will be done."""

    conditions: tuple[Condition, ...]
    blocks: tuple[Block, ...]
    """In the order in which they run."""

    @property
    def calls(self) -> int:
        """How many calls there are in all."""
        return sum(block.calls for block in self.blocks)

    def calls_of(self, phase: Phase) -> int:
        """Return how many calls there are of one phase."""
        return sum(block.calls for block in self.blocks if block.phase == phase)

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return sum(
            (sum(block.calls for block in turn) - 1) / self.conditions[turn[0].condition].rate + USUAL_LATENCY
            for turn in self.turns
        )

    @property
    def turns(self) -> tuple[tuple[Block, ...], ...]:
        """Blocks of one condition and phase that follow each other.

        They go on without a pause: with a single condition, one that waited for its calls at the end of each
        block would be a closed loop of blocks.
        """
        groups = groupby(self.blocks, key=lambda block: (block.condition, block.phase))
        return tuple(tuple(following) for _, following in groups)


def plan_of(request: Request, conditions: Sequence[Condition]) -> Plan:
    """Return what a request amounts to.

    The first call of each client (Region and calls at a time) comes before all others, then the warm-up.
    """
    chance = random.Random(request.seed)  # noqa: S311  an order, not a secret
    indices = range(len(conditions))
    clients: dict[tuple[str, int], int] = {}
    for index in indices:
        clients.setdefault(client_key(conditions[index]), index)
    wanted: list[tuple[int, Phase, int, int]] = [(index, "cold", 1, 0) for index in clients.values()]
    if request.warm_up:
        wanted += [(index, "warm-up", request.warm_up, 0) for index in chance.sample(indices, len(indices))]
    counts = [request.calls_at(condition.rate) for condition in conditions]
    rounds = -(-max(counts) // request.block)
    shares = [list(_shared(count, rounds)) for count in counts]
    done = [0] * len(conditions)
    for turn in range(rounds):
        for index in chance.sample(indices, len(indices)):
            calls = shares[index][turn]
            if calls:
                wanted.append((index, "measured", calls, done[index]))
                done[index] += calls
    blocks = (Block(number, *each) for number, each in enumerate(wanted))
    return Plan(tuple(conditions), tuple(blocks))


def client_key(condition: Condition) -> tuple[str, int]:
    """Return what conditions have in common that are measured with the same client."""
    return condition.region, condition.in_flight


def _shared(calls: int, rounds: int) -> Iterator[int]:
    """Yield how many calls each round has, as equal as may be."""
    for turn in range(rounds):
        yield (turn + 1) * calls // rounds - turn * calls // rounds
