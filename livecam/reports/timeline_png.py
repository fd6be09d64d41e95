"""A report's timelines as a PNG.

matplotlib is loaded here and nowhere else in this room, and without pyplot: nothing global is changed, and
no display is looked for.
"""

from __future__ import annotations

import io
import warnings
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from livecam.extras import require_package
from livecam.overlay.theme import EMOTION_COLOURS, UNSURE, colour_of
from livecam.overlay.wording import ADJECTIVES
from livecam.reports.facts import plain
from livecam.reports.inputs import gather
from livecam.reports.persons import spans_of
from livecam.reports.timeline import chosen
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from livecam.overlay.theme import Colour
    from livecam.reports.inputs import Findings, ReportInputs
    from livecam.reports.persons import Person
    from livecam.reports.seen import SeenFace

WIDTH, ROW, AROUND = 12.0, 0.75, 1.5
"""Inches: of the picture, of each person, and above and below them together."""
DOTS = 110
GROUND = "#22272e"
LANE = 0.32
"""Height of a lane, of a person's."""
LETTER = 0.009
"""Width of a letter, of the axis's."""
_AGREES: Final[dict[str, Any]] = {"facecolor": "#4b5563"}
_DIFFERS: Final[dict[str, Any]] = {
    "facecolor": "#c2185b",
    "edgecolor": "white",
    "hatch": "////",
    "linewidth": 0,
}


def require_matplotlib() -> None:
    """Check that pictures can be made.

    Raises:
        MissingDependency: matplotlib is not installed; the sentence holds the line that installs it.
    """
    require_package("matplotlib.figure", purpose="a picture of the timelines needs", extra="bench")


def write_timeline_png(inputs: ReportInputs, path: Path, *, findings: Findings | None = None) -> Path:
    """Write a PNG with both sources' timelines of each person, whole or not at all; return its path.

    Args:
        inputs: what it is made from.
        path: replaced if it exists.
        findings: what `gather` said of the inputs; None: it is asked.

    Raises:
        MissingDependency: matplotlib is not installed.
        OutputError: the inputs cannot be read, or the file cannot be written.
    """
    require_matplotlib()
    from matplotlib.figure import Figure

    found = findings or gather(inputs)
    persons = chosen(found.persons)
    figure = Figure(figsize=(WIDTH, AROUND + ROW * max(len(persons), 1)), dpi=DOTS, layout="constrained")
    _draw(figure.add_subplot(), persons, found)
    # A file's name may hold what matplotlib would take for a formula.
    title = f"{plain(inputs.title)}: what faces appear to express"
    figure.suptitle(title, x=0.01, ha="left", parse_math=False)
    figure.legend(handles=_keys(), loc="outside lower center", ncols=6, frameon=False)
    picture = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # its font lacks a letter of the title
        figure.savefig(picture, format="png")
    write_whole(path, picture.getvalue())
    return path


def _draw(axes: Axes, persons: tuple[Person, ...], found: Findings) -> None:
    sources = [
        *(["live"] if found.header is not None else []),
        *(["stored"] if found.results is not None else []),
    ]
    ticks, names = [], []
    for place, person in enumerate(persons):
        for offset, name in zip((0.0, 0.36), sources, strict=False):
            _draw_lane(axes, place + offset, person.live if name == "live" else person.stored, found.duration)
            ticks.append(place + offset + LANE / 2)
            names.append(f"{person.number} {name}")
        for stretch in person.agreement.stretches:
            axes.broken_barh(
                [(stretch.start, stretch.end - stretch.start)],
                (place + 0.72, 0.1),
                **(_AGREES if stretch.agrees else _DIFFERS),
            )
    axes.set_yticks(ticks, names)
    axes.set_ylim(max(len(persons), 1), -0.1)
    axes.set_xlim(0, max(found.duration, 0.001))
    axes.set_xlabel("time in the video, s")


def _draw_lane(axes: Axes, top: float, faces: Sequence[SeenFace], duration: float) -> None:
    axes.broken_barh([(0, duration)], (top, LANE), color=GROUND, zorder=1)
    for emotion, spans in groupby(spans_of(faces), key=attrgetter("emotion")):
        stretch = list(spans)
        axes.broken_barh(
            [(span.start, span.seconds) for span in stretch],
            (top, LANE),
            color=_css(colour_of(emotion)),
            zorder=2,
        )
        start, end = stretch[0].start, stretch[-1].end
        word = ADJECTIVES.get(emotion, "")
        if end - start > len(word) * LETTER * duration:  # colour does not stand alone
            axes.text((start + end) / 2, top + LANE / 2, word, ha="center", va="center", size=8, zorder=3)


def _keys() -> list[Patch]:
    from matplotlib.patches import Patch

    emotions = [Patch(color=_css(colour), label=ADJECTIVES[one]) for one, colour in EMOTION_COLOURS.items()]
    return [
        *emotions,
        Patch(color=_css(UNSURE), label="nothing claimed"),
        Patch(**_AGREES, label="both the same"),
        Patch(**_DIFFERS, label="not the same"),
    ]


def _css(colour: Colour) -> str:
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
