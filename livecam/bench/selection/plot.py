"""A picture of the trade-off: of each policy, what it asks and what it lets people see.

matplotlib is loaded here and without pyplot: nothing global is changed, and no display is looked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.overlay.plot import save_figure

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from livecam.bench.selection.results import ClipResult

SIZE = (7.5, 5.0)
"""Inches, at `DOTS` to the inch."""
DOTS = 110
FIXED_COLOUR, CHOSEN_COLOUR = "#d55e00", "#009e73"
"""Of Okabe and Ito's palette: policies that ask evenly, and those that choose."""


def save_plot(result: ClipResult, path: Path) -> None:
    """Write a PNG: across, the share of the calls of "every"; up, the share of the changes that were seen.

    Raises:
        MissingDependency: matplotlib is not installed.
        OutputError: the file cannot be written.
    """
    save_figure(lambda axes: _draw(axes, result), path, size=SIZE, dots=DOTS)


def _draw(axes: Axes, result: ClipResult) -> None:
    fixed: list[tuple[float, float]] = []
    chosen = 0
    for each in result.policies:
        calls, seen = each.scores.calls_share, each.scores.seen
        if calls is None or seen is None:
            continue
        point = 100 * calls, 100 * seen
        is_fixed = each.policy.startswith("every")
        if is_fixed:
            fixed.append(point)
        # Those that choose lie close together: their names are put one below the other.
        chosen += not is_fixed
        below = -13 if is_fixed else -13 * chosen
        axes.scatter(*point, s=60, color=FIXED_COLOUR if is_fixed else CHOSEN_COLOUR, zorder=3)
        axes.annotate(each.policy, point, xytext=(7, below), textcoords="offset points")
    fixed.sort()
    axes.plot(*zip(*fixed, strict=True) if fixed else ((), ()), color=FIXED_COLOUR, linewidth=1.0, alpha=0.5)
    axes.set_xlim(0, 110)
    axes.set_ylim(0, 105)
    axes.set_xlabel("calls, % of a fixed pace")
    axes.set_ylabel("changes seen in time, %")
    # A file's name may hold what matplotlib would take for a formula.
    axes.set_title(f"{result.observation.clip}: calls and what is seen", loc="left", parse_math=False)
    axes.grid(visible=True, alpha=0.3)
