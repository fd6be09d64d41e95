"""The report on a run of `livecam bench latency`: one page that needs nothing but itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.html_page import milliseconds, render_page, write_page_file
from livecam.bench.latency.figures import QUANTILES
from livecam.bench.latency.plots import condition_names, plots
from livecam.pricing import dollars

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.bench.latency.figures import ConditionFigures, Findings
    from livecam.bench.latency.samples import Run, Sample

NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """A condition in the tables."""

    name: str
    figures: ConditionFigures
    is_chosen: bool
    is_reference: bool

    @property
    def kilobytes(self) -> str:
        """Of the JPEGs."""
        return NONE if self.figures.bytes_sent is None else f"{self.figures.bytes_sent / 1000:,.1f}"

    @property
    def faces(self) -> str:
        """Found in an answer."""
        return NONE if self.figures.faces is None else f"{self.figures.faces:.2f}"

    @property
    def agreement(self) -> str:
        """Share of the faces in common with the reference."""
        return NONE if self.figures.agreement is None else f"{100 * self.figures.agreement:.1f} %"

    @property
    def rate(self) -> str:
        """Calls that were begun in a second."""
        return NONE if self.figures.achieved_rate is None else f"{self.figures.achieved_rate:.2f}"


@dataclass(frozen=True, slots=True)
class Failure:
    """Calls of one condition that ended in the same way."""

    name: str
    outcome: str
    count: int
    calls: int
    """Of the condition, in all."""
    message: str


def write_page(run: Run, findings: Findings, path: Path) -> Path:
    """Write the report, whole or not at all, for its owner alone; return its path.

    Args:
        run: what was measured.
        findings: what was found out of it.
        path: replaced if it exists.

    Raises:
        MissingDependency: matplotlib is not installed.
        OutputError: it cannot be written.
    """
    return write_page_file(path, build_page(run, findings))


def build_page(run: Run, findings: Findings) -> str:
    """Return the report.

    Raises:
        MissingDependency: matplotlib is not installed.
    """
    names = condition_names(run)
    chosen = findings.recommendation.condition if findings.recommendation else None
    return render_page(
        "latency.html.j2",
        began=_date(run.machine.began),
        summary=_summary(run),
        endpoint=run.machine.endpoint,
        ended=run.ended.rstrip("."),
        recommendation=findings.recommendation,
        quantiles=tuple(QUANTILES),
        rows=[
            Row(name, figures, index == chosen, index == findings.reference)
            for index, (name, figures) in enumerate(zip(names, findings.conditions, strict=True))
        ],
        diagrams=plots(run, findings),
        effects=findings.effects,
        failures=_failures(run, names),
        facts=_facts(run),
    )


def _date(began: str) -> str:
    return began.replace("T", " ")[:16]


def _summary(run: Run) -> str:
    measured = sum(each.phase == "measured" for each in run.samples)
    answered = sum(each.phase == "measured" and each.is_ok for each in run.samples)
    regions = ", ".join(dict.fromkeys(each.region for each in run.conditions))
    return (
        f"{_counted(measured, 'call')} under {_counted(len(run.conditions), 'condition')}, of which"
        f" {answered:,} were answered; {regions}, {_date(run.machine.began)}."
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _failures(run: Run, names: tuple[str, ...]) -> list[Failure]:
    """Return what failed, in the order of the conditions, the most frequent first."""
    found = []
    for index, name in enumerate(names):
        samples = [each for each in run.samples if each.condition == index]
        failed = [each for each in samples if not each.is_ok]
        for outcome, count in Counter(each.outcome for each in failed).most_common():
            first = next(each for each in failed if each.outcome == outcome)
            found.append(Failure(name, outcome, count, len(samples), first.message or NONE))
    return found


def _facts(run: Run) -> list[tuple[str, str]]:
    machine = run.machine
    load = "" if machine.load is None else f", load {machine.load:.1f} when it began"
    facts = [
        ("Began", machine.began.replace("T", " ")),
        ("Ended", run.ended),
        ("Where", ", ".join(dict.fromkeys(each.region for each in run.conditions))),
        ("Endpoint", machine.endpoint or "AWS's own"),
        ("Calls", _calls(run)),
        ("Price", _price(run)),
        ("Pictures", "; ".join(f"{each.name} ({each.width}x{each.height})" for each in run.pictures)),
        ("Settings", _levels(run)),
        ("Clients", _clients(run)),
        ("livecam", machine.version),
        ("Versions", ", ".join(f"{name} {version}" for name, version in machine.packages.items())),
        ("Machine", f"{machine.platform}, {_counted(machine.cpus, 'CPU')}, Python {machine.python}{load}"),
        ("Order", f"conditions in random order, block by block; seed {run.seed}"),
    ]
    return [(name, text) for name, text in facts if text]


def _calls(run: Run) -> str:
    phases = Counter(each.phase for each in run.samples)
    return (
        f"{len(run.samples):,} of {run.planned_calls:,} planned: {phases['measured']:,} measured,"
        f" {phases['warm-up']:,} to warm up, {phases['cold']:,} cold"
    )


def _price(run: Run) -> str:
    if not run.price_usd:
        return "nothing was paid"
    note = f" ({run.price_note})" if run.price_note else ""
    return f"{dollars(run.cost_usd)} for calls that may have been charged, ${run.price_usd:.4f} each{note}"


def _levels(run: Run) -> str:
    """Return what all conditions have in common or which levels there were."""
    texts = {
        "width": "{} px wide",
        "quality": "JPEG quality {}",
        "attributes": "attributes {}",
        "rate": "{} calls per second",
        "in_flight": "{} in flight",
    }
    levels = {
        factor: ", ".join(dict.fromkeys(each.level(factor) for each in run.conditions)) for factor in texts
    }
    return "; ".join(text.format(levels[factor]) for factor, text in texts.items())


def _clients(run: Run) -> str:
    told = [
        f"{each.region}, {each.in_flight} in flight: {milliseconds(each.creation)} ms to make"
        for each in run.clients
        if each.creation is not None
    ]
    cold = [_cold(each) for each in run.samples if each.phase == "cold"]
    return "; ".join([*told, *([f"first calls {', '.join(cold)} ms"] if cold else [])])


def _cold(sample: Sample) -> str:
    return milliseconds(sample.call_time) if sample.is_ok else f"{milliseconds(sample.call_time)} (failed)"
