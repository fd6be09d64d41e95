"""What a bench run found, as text for people: at most 80 columns. Milliseconds exist here only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.overlay.means import means, method_names, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.overlay.request import Request
    from livecam.bench.overlay.results import ClipResult

BASELINE = "hold"
"""The method that others are compared with: the last answer's boxes as they are."""
TRACE = "trace"
"""What a run showed: nothing was simulated."""
NAME_WIDTH = 7
"""Columns of a method's name."""
NOTHING = "-"
NOTHING_COUNTED = "No face was answered about, so that nothing is compared."


@dataclass(frozen=True, slots=True)
class _Column:
    score: str
    """Name in `results.Scores`."""
    heading: str
    width: int
    digits: int
    scale: float = 1.0


COLUMNS = (
    _Column("iou", "IoU", 6, 3),
    _Column("iou_all", "all", 6, 3),
    _Column("over_50", ">.5%", 5, 0, 100),
    _Column("over_70", ">.7%", 5, 0, 100),
    _Column("p5", "p5", 5, 2),
    _Column("jitter", "jitter", 7, 1),
    _Column("ghosts", "ghost%", 7, 1, 100),
    _Column("id_changes", "ids", 4, 0),
    _Column("first_box_median", "p50", 6, 2),
    _Column("first_box_p95", "p95", 5, 2),
    _Column("labels_right", "right", 6, 0, 100),
    _Column("labels_of_others", "other", 6, 1, 100),
    _Column("cpu_ms", "ms", 5, 2),
)
GROUPS = (("overlap (IoU)", 27), ("boxes", 18), ("first, s", 11), ("labels, %", 12), ("CPU", 5))
"""Above the headings: what they are about, and the columns that they take together."""


def table_lines(results: Sequence[ClipResult]) -> list[str]:
    """Return a row for each clip and method, and the means where there are several clips."""
    lines = [_groups(), _headings()]
    for result in results:
        lines += ["", *_clip_heading(result)]
        lines += [_row(each.method, numbers(each.scores)) for each in result.methods]
    if len(results) > 1:
        lines += ["", f"mean of {len(results)} clips"]
        lines += [_row(name, scores, mean=True) for name, scores in means(results).items()]
    return lines


def meaning(request: Request, results: Sequence[ClipResult]) -> list[str]:
    """Return one or two sentences that say what the figures mean."""
    found = means(results)
    best = next((name for name in reversed(method_names(results)) if name != BASELINE), BASELINE)
    if best not in found:
        return [NOTHING_COUNTED]
    ours, held = found[best], found.get(BASELINE, {}) if best != BASELINE else {}
    circumstances = f"With answers {request.latency * 1000:.0f} ms late at {_rate(request.rate)} a second"
    if best == TRACE:
        circumstances = "In that run"
    sentences = [
        _sentence(f"{circumstances}, boxes overlap the faces by", ours, held, "iou", "{:.2f}"),
        _sentence("A new face typically has its box after", ours, held, "first_box_median", "{:.2f} s"),
    ]
    return [sentence for sentence in sentences if sentence] or [NOTHING_COUNTED]


def _sentence(
    begin: str, ours: Mapping[str, float | None], held: Mapping[str, float | None], score: str, form: str
) -> str:
    """Return what a score is, and what it would be with the baseline where that reads otherwise."""
    ours_now, held_now = ours[score], held.get(score)
    if ours_now is None:
        return ""
    ours_text = form.format(ours_now)
    if held_now is None or form.format(held_now) == ours_text:
        return f"{begin} {ours_text}."
    return f"{begin} {ours_text} instead of {form.format(held_now)}."


def _rate(rate: float) -> str:
    return f"{rate:g} call{'s' * (rate != 1)}"


def _groups() -> str:
    return " " * NAME_WIDTH + "".join(f"{name:>{width}}" for name, width in GROUPS)


def _headings() -> str:
    return f"{'method':{NAME_WIDTH}}" + "".join(f"{each.heading:>{each.width}}" for each in COLUMNS)


def _clip_heading(result: ClipResult) -> list[str]:
    persons = len({face.person for faces in result.truth for face in faces if face.counts})
    people = f"{persons} face{'s' * (persons != 1)}"
    size = f"{result.width}x{result.height}, {result.fps:.0f} fps, {len(result.truth)} frames, {people}"
    return [f"{result.clip}: {size}", f"  compared with {result.truth_from}"]


def _row(name: str, scores: Mapping[str, float | None], *, mean: bool = False) -> str:
    return f"{name:{NAME_WIDTH}}" + "".join(_cell(column, scores[column.score], mean) for column in COLUMNS)


def _cell(column: _Column, value: float | None, is_mean: bool) -> str:  # noqa: FBT001  private
    if value is None:
        return f"{NOTHING:>{column.width}}"
    # Counts are whole but for their means.
    digits = 1 if is_mean and column.score == "id_changes" else column.digits
    return f"{value * column.scale:>{column.width}.{digits}f}"
