"""What is to be known beside the figures of a run: what failed, what came late, what was not reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from livecam.bench.latency.samples import OK
from livecam.bench.latency.wording import ms, percent
from livecam.latency import percentiles
from livecam.pricing import dollars

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.bench.latency.figures import ConditionFigures, Findings
    from livecam.bench.latency.samples import Run, Sample

SHORT_OF_RATE = 0.95
"""Share of the asked rate below which it counts as missed."""
MANY_FAILED = 0.01
WAITED = 0.02
"""Seconds by which a call is begun late because others were under way, and not by chance."""
MANY_WAITED = 0.01
LATER = 1.05
"""Open loop's p99 over closed loop's from which the difference is told..."""
LATER_BY = 0.005
"""...if it is as many seconds too."""
STALL = 0.5
"""Seconds that a call takes longer than the median from which on its block may have met a stall."""
MOST = 6
"""Conditions that are told one by one."""


def remarks(run: Run, findings: Findings, names: Sequence[str]) -> list[str]:
    """Return sentences about a run.

    Args:
        run: what was measured.
        findings: about it.
        names: of its conditions.
    """
    return [
        *_ended(run),
        *_failures(findings, names),
        *_rates(run, findings, names),
        *_waiting(run, names),
        *_loops(findings, names),
        *_stalls(run, findings),
        *_ages(findings, names),
        *_live(run, names),
        *_cold(run, findings, names),
        *_cost(run),
    ]


def _ended(run: Run) -> Iterator[str]:
    made = sum(each.phase == "measured" for each in run.samples)
    if run.ended != "complete":
        yield f"Careful: the run is not complete ({run.ended}); calls measured: {made}."
    if run.machine.endpoint is not None:
        yield f"Measured against {run.machine.endpoint}, not AWS."


def _failures(findings: Findings, names: Sequence[str]) -> Iterator[str]:
    failed = [
        (name, each)
        for name, each in zip(names, findings.conditions, strict=True)
        if each.answered < each.calls
    ]
    if len(failed) > MOST:
        everything: Counter[str] = Counter()
        for each in findings.conditions:
            everything.update(each.outcomes)
        calls = sum(each.calls for each in findings.conditions)
        yield _failed(f"{len(failed)} conditions", everything, calls)
        return
    for name, each in failed:
        yield _failed(name, Counter(each.outcomes), each.calls)


def _failed(name: str, outcomes: Counter[str], calls: int) -> str:
    told = [
        f"{count} {outcome} ({percent(count / calls)})"
        for outcome, count in outcomes.most_common()
        if outcome != OK
    ]
    share = (calls - outcomes[OK]) / calls
    begin = "Careful: " if share > MANY_FAILED else ""
    return f"{begin}{name}: {', '.join(told)} of {calls} calls: not in the percentiles."


def _rates(run: Run, findings: Findings, names: Sequence[str]) -> Iterator[str]:
    missed = [
        (name, condition.rate, each.achieved_rate)
        for name, condition, each in zip(names, run.conditions, findings.conditions, strict=True)
        if each.achieved_rate is not None and each.achieved_rate < SHORT_OF_RATE * condition.rate
    ]
    for name, asked, achieved in missed[:MOST]:
        yield f"Careful: {name}: {achieved:.2f} calls a second were begun instead of {asked:g}."
    if len(missed) > MOST:
        yield f"Careful: {len(missed) - MOST} more conditions did not reach their rate."


def _waiting(run: Run, names: Sequence[str]) -> Iterator[str]:
    measured = Counter(each.condition for each in run.samples if each.phase == "measured")
    waited = Counter(
        each.condition
        for each in run.samples
        if each.phase == "measured" and each.began_at - each.due_at >= WAITED
    )
    many = {index: count for index, count in waited.items() if count > MANY_WAITED * measured[index]}
    for index, count in sorted(many.items())[:MOST]:
        limit = run.conditions[index].in_flight
        yield (
            f"Careful: {names[index]}: {count} of {measured[index]} calls began {ms(WAITED)} ms or more late,"
            f" with {limit} in flight at most; their waiting counts."
        )
    if len(many) > MOST:
        yield f"Careful: in {len(many) - MOST} more conditions, calls had to wait for others."


def _loops(findings: Findings, names: Sequence[str]) -> Iterator[str]:
    """Tell where coordinated omission would have hidden most."""
    later = [
        (each.latency["p99"].value, each.call_time["p99"].value, name)
        for name, each in zip(names, findings.conditions, strict=True)
        if each.latency and _is_later(each)
    ]
    if later:
        due, begun, name = max(later, key=lambda each: each[0] - each[1])
        yield (
            f"{name}: p99 is {ms(due)} ms from when calls were due; a benchmark that waits for each answer"
            f" before it makes the next call would say {ms(begun)} ms, and hide the waiting (coordinated"
            " omission)."
        )


def _is_later(figures: ConditionFigures) -> bool:
    due, begun = figures.latency["p99"].value, figures.call_time["p99"].value
    return due > LATER * begun and due - begun > LATER_BY


def _stalls(run: Run, findings: Findings) -> Iterator[str]:
    """Tell where taking turns hides waiting: no block is begun while the one before stands still."""
    if len(run.conditions) == 1:
        return
    blocks: defaultdict[int, list[Sample]] = defaultdict(list)
    for each in run.samples:
        if each.phase == "measured" and each.is_ok:
            blocks[each.block].append(each)
    stalled = sum(_outlasts(calls, findings) for calls in blocks.values())
    if stalled:
        yield (
            f"Careful: {stalled} of {len(blocks)} blocks met a stall longer than themselves, during which no"
            " other call was due: p95 and p99 tell too little of such stalls; measure one condition alone, or"
            " with a larger --block."
        )


def _outlasts(calls: Sequence[Sample], findings: Findings) -> bool:
    """Tell whether a call of a block was late by more than the block lasts."""
    due = [each.due_at for each in calls]
    usual = findings.conditions[calls[0].condition].latency["p50"].value
    return max(each.latency for each in calls) - usual > max(max(due) - min(due), STALL)


def _ages(findings: Findings, names: Sequence[str]) -> Iterator[str]:
    ages = [
        f"{name} {ms(each.frame_age['p50'].value)} / {ms(each.frame_age['p95'].value)} ms"
        for name, each in zip(names, findings.conditions, strict=True)
        if each.frame_age
    ]
    if ages:
        more = f", and {len(ages) - MOST} more" if len(ages) > MOST else ""
        yield f"Age of a frame when its first byte leaves, p50 / p95: {', '.join(ages[:MOST])}{more}."


def _live(run: Run, names: Sequence[str]) -> Iterator[str]:
    """Tell what is only known of a camera or stream: a still is captured when its call is due."""
    ages: defaultdict[int, list[float]] = defaultdict(list)
    for each in run.samples:
        if each.phase == "measured" and each.is_ok and each.captured_at is not None:
            ages[each.condition].append(each.ended_at - each.captured_at)
    if not ages:
        return
    figures = [(names[index], percentiles(values)) for index, values in sorted(ages.items())]
    told = ", ".join(f"{name} {ms(each.p50)} / {ms(each.p95)} ms" for name, each in figures[:MOST])
    more = f", and {len(figures) - MOST} more" if len(figures) > MOST else ""
    yield f"From a frame's capture to its label, p50 / p95: {told}{more}."
    if len(run.conditions) > 1:
        yield (
            "Careful: each call had another picture of the live source, so that agreement compares faces of"
            " different moments: pictures or a clip's file tell which settings find the faces."
        )


def _cold(run: Run, findings: Findings, names: Sequence[str]) -> Iterator[str]:
    cold = [
        (name, each.cold)
        for name, each in zip(names, findings.conditions, strict=True)
        if each.cold is not None
    ]
    if cold:
        told = ", ".join(f"{name} {ms(seconds)} ms" for name, seconds in cold[:MOST])
        more = f", and {len(cold) - MOST} more" if len(cold) > MOST else ""
        yield f"First call, connection included, not counted above: {told}{more}."
    made = [f"{each.region} {ms(each.creation)} ms" for each in run.clients if each.creation is not None]
    if made:
        yield f"Making a client took: {', '.join(dict.fromkeys(made))}."
    opened = sum(each.is_cold for each in run.samples if each.phase == "measured")
    if opened:
        yield f"{opened} of the calls above had to open a connection."


def _cost(run: Run) -> Iterator[str]:
    if run.price_usd:
        yield f"Cost: {dollars(run.cost_usd)} for calls that may have been charged, those left out included."
