"""The diagrams of a report on latency that show single calls; `factor_plots` has those of figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.bench.inline_svg import COLOURS, INK, Diagram, diagram
from livecam.bench.latency import factor_plots
from livecam.bench.latency.conditions import label, varied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from livecam.bench.latency.figures import Findings
    from livecam.bench.latency.samples import Run, Sample

FEW = 6
"""Conditions of which each has a colour of its own."""
WIDE = 6.0
"""The longest latency over the shortest from which an axis is logarithmic."""
LONGEST_NAME = 44
"""Characters of a condition's name beside a diagram."""
BINS = 90
DASHED = (0, (4, 2))
FAILED = "#e0452f"
_SMOOTHING = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0


@dataclass(frozen=True, slots=True)
class Calls:
    """What is drawn: measured calls, durations in ms."""

    names: tuple[str, ...]
    """Of the conditions."""
    answered: tuple[tuple[Sample, ...], ...]
    """By condition."""
    failed: tuple[Sample, ...]

    @property
    def some(self) -> list[int]:
        """Indices of the conditions with answers."""
        return [index for index, samples in enumerate(self.answered) if samples]

    def latencies(self, index: int) -> list[float]:
        """Return a condition's latencies, ascending, in ms."""
        return sorted(each.latency * 1000 for each in self.answered[index])


def condition_names(run: Run) -> tuple[str, ...]:
    """Return how each condition is called among the others."""
    factors = varied(run.conditions)
    return tuple(label(each, factors) for each in run.conditions)


def plots(run: Run, findings: Findings) -> list[Diagram]:
    """Return the diagrams; none of a run without an answer.

    Raises:
        MissingDependency: matplotlib is not installed.
    """
    calls = _calls_of(run)
    if not calls.some:
        return []
    return [
        _distributions(calls, findings),
        _percentile_curves(calls, _told_apart(calls, findings)),
        factor_plots.splits(calls.names, findings),
        _over_time(calls),
        *factor_plots.heat_map(run.conditions, findings),
        *factor_plots.effects(findings),
    ]


def _calls_of(run: Run) -> Calls:
    measured = [each for each in run.samples if each.phase == "measured"]
    answered = tuple(
        tuple(each for each in measured if each.is_ok and each.condition == index)
        for index in range(len(run.conditions))
    )
    return Calls(
        tuple(map(_shortened, condition_names(run))),
        answered,
        tuple(each for each in measured if not each.is_ok),
    )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _told_apart(calls: Calls, findings: Findings) -> list[int]:
    """Return the conditions that are told apart by colour: all, or the telling ones where there are many."""
    some = calls.some
    if len(some) <= FEW:
        return some
    by_p95 = sorted(some, key=lambda index: calls.latencies(index)[int(0.95 * len(calls.answered[index]))])
    chosen = findings.recommendation.condition if findings.recommendation else None
    telling = [chosen, findings.reference, by_p95[0], by_p95[-1]]
    return list(dict.fromkeys(each for each in telling if each is not None and each in some))


def _distributions(calls: Calls, findings: Findings) -> Diagram:
    def draw(axes: Axes) -> None:
        latencies = [calls.latencies(index) for index in range(len(calls.names))]
        low = min(min(each) for each in latencies if each)
        high = max(max(each) for each in latencies if each)
        edges, is_log = _edges(low, high)
        for row, values in enumerate(latencies):
            axes.axhline(row, color=INK, alpha=0.2, linewidth=0.6)
            if values:
                _draw_hill(axes, row, values, edges)
                _draw_marks(axes, row, findings)
            else:
                axes.text(edges[0], row - 0.2, " no answer", color=FAILED)
        axes.set_yticks(range(len(latencies)), calls.names)
        axes.set_ylim(len(latencies) - 0.5, -1.05)
        _name_latency(axes, is_log=is_log, is_across=True)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)

    return diagram(
        "How latencies are distributed",
        "One row for each condition: the higher the hill, the more calls took that long; hills are all made"
        " equally high. The line marks the median, the triangle the p95, the bar below it the interval in"
        " which the p95 lies in 95 % of repetitions. Failed calls are not in it.",
        draw,
        height=0.9 + (1.1 if len(calls.names) <= FEW else 0.42) * max(len(calls.names), 2),
    )


def _edges(low: float, high: float) -> tuple[NDArray[np.float64], bool]:
    """Return the bins' edges, and whether they are those of a logarithmic axis."""
    if low > 0 and high / low > WIDE:
        return np.geomspace(low * 0.95, high * 1.05, BINS + 1), True
    margin = max((high - low) * 0.04, high * 0.01, 0.1)
    return np.linspace(low - margin, high + margin, BINS + 1), False


def _draw_hill(axes: Axes, row: int, values: Sequence[float], edges: NDArray[np.float64]) -> None:
    counts = np.convolve(np.histogram(values, edges)[0], _SMOOTHING, mode="same")
    tops = row - 0.85 * counts / max(counts.max(), 1e-9)
    axes.fill_between((edges[:-1] + edges[1:]) / 2, row, tops, color=COLOURS[0], alpha=0.55, linewidth=0.8)


def _draw_marks(axes: Axes, row: int, findings: Findings) -> None:
    figures = findings.conditions[row].latency
    names = {"p50": "median", "p95": "p95, with its interval"} if row == 0 else {}
    if median := figures.get("p50"):
        axes.plot([median.value * 1000] * 2, [row - 0.85, row], color=INK, label=names.get("p50"))
    if p95 := figures.get("p95"):
        axes.plot(
            p95.value * 1000, row, marker="^", color=COLOURS[1], linestyle="none", label=names.get("p95")
        )
        if p95.low is not None and p95.high is not None:
            ends = [p95.low * 1000, p95.high * 1000]
            axes.plot(ends, [row + 0.1] * 2, color=COLOURS[1], linewidth=2.0)


def _percentile_curves(calls: Calls, told_apart: Sequence[int]) -> Diagram:
    def draw(axes: Axes) -> None:
        for index in calls.some:
            if index not in told_apart:
                _draw_curve(axes, calls.latencies(index), color=INK, alpha=0.25, linewidth=0.7)
        for index, colour in zip(told_apart, COLOURS, strict=False):
            _draw_curve(axes, calls.latencies(index), color=colour, linewidth=1.6, label=calls.names[index])
            closed = sorted(each.call_time * 1000 for each in calls.answered[index])
            _draw_curve(axes, closed, color=colour, linewidth=1.1, linestyle=DASHED)
        axes.plot([], [], color=INK, label="from when it was due (open loop)")
        axes.plot([], [], color=INK, linestyle=DASHED, label="from when it was begun (closed loop)")
        most = max(len(calls.answered[index]) for index in calls.some)
        end = max(math.log10(2 * most), 1.0)
        digits = range(1, math.floor(end) + 1)
        shares = [0.0, 0.5, *(1 - 10.0**-each for each in digits)]
        axes.set_xticks([-math.log10(1 - each) for each in shares], [f"p{100 * each:g}" for each in shares])
        axes.set_xlim(-0.05, end + 0.05)
        axes.set_xlabel("share of calls that were faster")
        values = [value for index in calls.some for value in calls.latencies(index)]
        _name_latency(axes, is_log=_edges(min(values), max(values))[1], is_across=False)
        axes.legend(loc="upper left")

    rest = len(calls.some) - len(told_apart)
    others = f" {rest} more conditions are thin lines." if rest else ""
    return diagram(
        "Latency by percentile, open and closed loop",
        "Each step to the right is a rarer call. Where the dashed line lies under the full one, calls waited"
        " for those before them: a loop that sends the next call only after an answer would not have seen"
        f" it.{others}",
        draw,
        height=4.6,
    )


def _draw_curve(axes: Axes, ascending: Sequence[float], **look: Any) -> None:  # noqa: ANN401  matplotlib's
    axes.plot(_tail_places(len(ascending)), ascending, **look)


def _tail_places(count: int) -> NDArray[np.float64]:
    """Return where each of ascending values lies: -log10 of the share that is not faster."""
    places: NDArray[np.float64] = -np.log10(1 - (np.arange(count) + 0.5) / count)
    return places


def _over_time(calls: Calls) -> Diagram:
    def draw(axes: Axes) -> None:
        are_few = len(calls.some) <= FEW
        for place, index in enumerate(calls.some):
            colour = COLOURS[place] if are_few else COLOURS[0]
            _draw_dots(axes, calls.answered[index], colour)
            if are_few and len(calls.some) > 1:
                _draw_key(axes, calls.names[index], colour)
        if calls.failed:
            at, lasted = zip(*((each.due_at, each.latency * 1000) for each in calls.failed), strict=True)
            axes.plot(at, lasted, "x", color=FAILED, label="failed, and after how long")
        values = [each.latency * 1000 for each in (*calls.failed, *sum(calls.answered, ()))]
        axes.set_xlabel("s from the beginning of the run")
        axes.margins(x=0.02)
        _name_latency(axes, is_log=_edges(min(values), max(values))[1], is_across=False)
        axes.autoscale_view()
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)

    return diagram(
        "Latency over the run",
        "Each dot is an answered call, at the instant when it was due; each cross is one that failed. What"
        " happened to all conditions at once shows as a column, what changed slowly as a slope.",
        draw,
        height=3.6,
    )


def _draw_dots(axes: Axes, samples: Iterable[Sample], colour: str) -> None:
    """Draw calls as one path of lines without a length: a tenth of the bytes that markers take."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    points = [(each.due_at, each.latency * 1000) for each in samples]
    vertices = [point for point in points for _ in range(2)]
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(points))
    axes.add_patch(
        PathPatch(path, edgecolor=colour, facecolor="none", linewidth=3.2, capstyle="round", alpha=0.6)
    )


def _draw_key(axes: Axes, name: str, colour: str) -> None:
    axes.plot([], [], "o", color=colour, markersize=4, label=name)


def _name_latency(axes: Axes, *, is_log: bool, is_across: bool) -> None:
    """Name the axis of latencies, and let its numbers be read as such."""
    from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

    axis = axes.xaxis if is_across else axes.yaxis
    text = "latency from when the call was due, ms"
    if is_across:
        axes.set_xscale("log" if is_log else "linear")
        axes.set_xlabel(text)
    else:
        axes.set_yscale("log" if is_log else "linear")
        axes.set_ylabel(text)
    if is_log:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axis.grid(visible=True)
