"""The soak as a picture: one strip per figure, faults as shades behind all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")

from growth import floors
from matplotlib import pyplot as plt
from matplotlib.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from growth import Growth
    from matplotlib.axes import Axes
    from soak_samples import Sample

    Fields = Sequence[tuple[str, str]]
    """Of samples, each with the name of its line."""

STRIPS: tuple[tuple[str, float, Fields], ...] = (
    ("memory, MB", 3, (("rss_mb", "in RAM"), ("used_mb", "in use"))),
    ("threads, files", 2, (("threads", "threads"), ("fds", "file descriptors"))),
    ("cores", 2, (("cpu", "livecam"), ("load", "wanted by all of the machine"))),
    ("pictures/s", 2, (("fps", ""),)),
    ("latency, ms", 2, (("latency_p50_ms", "median"), ("latency_p95_ms", "95 %"))),
    ("dropped", 1, (("dropped", ""),)),
    ("viewers", 1, (("viewers", ""),)),
    ("clips, MB", 1.5, (("clips_mb", ""),)),
)
"""Label, height, and what is drawn."""
LINES = ("#1f5fa8", "#c8641b")
SHADES = ("#d9534f", "#f0ad4e", "#8e6bbf", "#5b8c5a", "#555555", "#2a9d8f")
NOT_JUDGED = "#eeeeee"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a soak has shown."""

    samples: Sequence[Sample]
    lasted: Sequence[tuple[str, float, float]]
    """Faults by name, with the seconds at which each began and ended."""
    judged: Mapping[str, Growth | None]
    """Growth by a sample's field."""
    warm_up: float
    """Seconds that were not judged."""
    turn: float
    """Seconds after which all that comes and goes has come and gone once."""


def draw(path: Path, seen: Seen, title: str) -> None:
    """Write the picture; the suffix of its name says which kind."""
    heights = [height for _, height, _ in STRIPS]
    figure, strips = plt.subplots(
        len(STRIPS), sharex=True, figsize=(11, 12), layout="constrained", height_ratios=heights
    )
    figure.suptitle(title, fontsize=12)
    shades = dict(zip(dict.fromkeys(name for name, _, _ in seen.lasted), SHADES, strict=False))
    for strip, (label, _, fields) in zip(strips, STRIPS, strict=True):
        strip.axvspan(0, seen.warm_up / 60, color=NOT_JUDGED, zorder=0)
        for name, begin, end in seen.lasted:
            strip.axvspan(begin / 60, end / 60, color=shades[name], alpha=0.15, lw=0, zorder=1)
        _draw_lines(strip, seen.samples, fields)
        _draw_floors(strip, seen, fields)
        strip.set_ylabel(label, fontsize=9)
    strips[-1].set_xlabel("minutes")
    strips[-1].set_xlim(0, seen.samples[-1].at / 60)
    keys = [Patch(color=NOT_JUDGED, label="warm-up, not judged")]
    keys += [Patch(color=shade, alpha=0.3, label=name) for name, shade in shades.items()]
    figure.legend(handles=keys, loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _draw_lines(strip: Axes, samples: Sequence[Sample], fields: Fields) -> None:
    minutes = [each.at / 60 for each in samples]
    for (field, name), colour in zip(fields, LINES, strict=False):
        values = [getattr(each, field) for each in samples]
        numbers = [float("nan") if value is None else float(value) for value in values]
        strip.plot(minutes, numbers, color=colour, lw=1.0, label=name, zorder=3)
    if len(fields) > 1:
        strip.legend(loc="upper right", fontsize=8, frameon=False, ncols=2)
    strip.set_ylim(0, strip.get_ylim()[1] * 1.2 + 0.1)
    strip.grid(axis="y", alpha=0.3)
    strip.spines[["top", "right"]].set_visible(False)


def _draw_floors(strip: Axes, seen: Seen, fields: Fields) -> None:
    """Mark what was judged, the least value of every turn, and say what came of it."""
    judged = [each for each in seen.samples if each.at >= seen.warm_up]
    words = []
    for (field, name), colour in zip(fields, LINES, strict=False):
        found = seen.judged.get(field)
        if found is None:
            continue
        values = [getattr(each, field) for each in judged]
        times, least = floors([each.at for each in judged], values, turn=seen.turn)
        strip.plot([time / 60 for time in times], least, "o", color=colour, ms=4, mec="white", zorder=4)
        interval = f"{found.low * found.hours:+.1f} to {found.high * found.hours:+.1f}"
        words.append(f"{name} {found.verdict}: floor {found.rise:+.1f} ({interval})".strip())
    strip.text(0.01, 0.95, "    ".join(words), transform=strip.transAxes, fontsize=8, va="top", zorder=5)
