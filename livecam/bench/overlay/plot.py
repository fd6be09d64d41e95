"""A picture of one clip: how well the boxes of each method overlap the faces, over time.

matplotlib is loaded here and nowhere else, and without pyplot: nothing global is changed, and no display
is looked for.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

from livecam.errors import OutputError
from livecam.extras import require_package

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from livecam.bench.overlay.results import ClipResult, ShownFrame

SIZE = (12.0, 4.2)
"""Inches, at `DOTS` to the inch."""
DOTS = 110
COLOURS = {"hold": "#d55e00", "flow": "#56b4e9", "merged": "#009e73"}
"""Of Okabe and Ito's palette, which people with any common colour blindness can tell apart."""
OTHER_COLOUR = "#333333"
ANSWER_COLOUR = "#999999"
MARKS = (-0.055, -0.02)
"""Where answers are marked, below the curves: from and to, as an overlap."""


def require_matplotlib() -> None:
    """Check that pictures can be made before a long run.

    Raises:
        MissingDependency: matplotlib is not installed; the sentence holds the line that installs it.
    """
    require_package("matplotlib.figure", purpose="pictures of overlap over time need", extra="bench")


def save_plot(result: ClipResult, path: Path) -> None:
    """Write a PNG of the mean overlap per frame for each method; answers are marked below.

    Raises:
        MissingDependency: matplotlib is not installed.
        OutputError: the file cannot be written.
    """
    save_figure(lambda axes: _draw(axes, result), path, size=SIZE, dots=DOTS)


def save_figure(draw: Callable[[Axes], None], path: Path, *, size: tuple[float, float], dots: int) -> None:
    """Write a PNG of one diagram.

    Args:
        draw: draws it.
        path: the file.
        size: in inches.
        dots: to the inch.

    Raises:
        MissingDependency: matplotlib is not installed.
        OutputError: the file cannot be written.
    """
    require_matplotlib()
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=dots, layout="constrained")
    draw(figure.add_subplot())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # its font lacks a letter of the clip's name
            figure.savefig(path, format="png")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}; choose another folder") from error


def _draw(axes: Axes, result: ClipResult) -> None:
    for method in result.methods:
        mean = "" if method.scores.iou_all is None else f" (mean {method.scores.iou_all:.3f})"
        axes.plot(
            [frame.at for frame in method.shown],
            [math.nan if iou is None else iou for iou in method.iou_over_time],
            color=COLOURS.get(method.method, OTHER_COLOUR),
            linewidth=1.4,
            label=f"{method.method}{mean}",
        )
    answered = _answered(result)
    axes.vlines(answered, *MARKS, colors=ANSWER_COLOUR, linewidth=1.2, label="an answer came")
    axes.set_ylim(MARKS[0] - 0.01, 1.02)
    axes.set_xlabel("time in the clip, s")
    axes.set_ylabel("overlap with the faces (IoU)")
    # A file's name may hold what matplotlib would take for a formula.
    axes.set_title(f"{result.clip}: boxes and faces", loc="left", parse_math=False)
    axes.grid(visible=True, alpha=0.3)
    axes.margins(x=0.01)
    # Above the curves, not over them.
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(result.methods) + 1, frameon=False)


def _answered(result: ClipResult) -> list[float]:
    """Return the times at which answers came; they are the same for all methods."""
    shown: Sequence[ShownFrame] = result.methods[-1].shown if result.methods else ()
    return [frame.at for frame in shown if frame.answers]
