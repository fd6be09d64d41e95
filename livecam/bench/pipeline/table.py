"""What a bench of the display path found, as text for people: at most 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.pipeline.figures import EVEN, STAGES, most_carried

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.pipeline.figures import Round
    from livecam.bench.pipeline.request import Request

NOTHING = "-"
MEANINGS = {
    "source": "making or decoding the frame",
    "follow": "following faces to it",
    "merge": "taking in answers",
    "draw": "drawing on it",
    "outputs": "handing it on",
    "picture": "rest of its thread",
    "finder": "on-device finder",
    "record": "encoding, writing clips",
    "other": "all other threads",
}
"""Of each of `figures.STAGES`."""
_ONE = {False: "camera", True: "cameras"}


def table_lines(request: Request, rounds: Sequence[Round]) -> list[str]:
    """Return what each round showed, and what a frame costs; nothing without a round."""
    if not rounds:
        return []
    return [*_heading(request, rounds[0]), "", *_shown(rounds), "", *_costs(rounds)]


def meaning(rounds: Sequence[Round]) -> str:
    """Return one sentence about how many cameras this machine carries."""
    if not rounds:
        return "nothing was measured to its end."
    camera = rounds[0].cameras[0]
    kind = f"{camera.width}x{camera.height} at {camera.source_fps:.0f} fps"
    least = f"{camera.source_fps * EVEN:.0f} fps"
    carried = most_carried(rounds)
    if carried is None:
        fewest = min(rounds, key=lambda each: each.runners)
        many = "one camera" if fewest.runners == 1 else f"{fewest.runners} cameras"
        return f"this machine does not carry {many} of {kind}: {fewest.worst_fps:.1f} fps were displayed."
    many = "at least " if carried == max(each.runners for each in rounds) else ""
    return f"this machine carries {many}{carried} {_ONE[carried > 1]} of {kind} at >= {least}."


def _heading(request: Request, first: Round) -> list[str]:
    camera = first.cameras[0]
    done = ["not drawn" if request.view == "none" else "drawn"]
    done += ["in a window"] if request.view == "window" else []
    done += ["recorded"] if request.record else []
    size = f"{camera.width}x{camera.height}, {camera.source_fps:.0f} fps"
    return [
        f"{camera.source}, {size}, {', '.join(done)}; {request.duration:g} s each",
        f"  scripted answers after {request.latency:g} s, {request.rate:g}/s at most; nothing is sent",
    ]


def _shown(rounds: Sequence[Round]) -> list[str]:
    names = ("p50", "p95", "p99", "max")
    lines = [
        f"{'':8}{'displayed':>11}{'capture to display, ms':>36}{'CPU':>9}",
        f"{'runners':8}{'fps':>11}" + "".join(f"{name:>9}" for name in names) + f"{'cores':>9}",
    ]
    for each in rounds:
        ages = "".join(_milliseconds(each.worst_age(name)) for name in names)
        lines.append(f"{each.runners:<8}{each.worst_fps:>11.1f}{ages}{each.cores:>9.2f}")
    return [*lines, "fps and ms are those of the worst runner, cores of all together"]


def _costs(rounds: Sequence[Round]) -> list[str]:
    heads = "".join(f"{each.runners:>8}" for each in rounds)
    lines = [f"{'CPU ms per frame, with so many runners':42}{heads}"]
    for stage in STAGES:
        costs = "".join(f"{each.mean_cpu_ms(stage):>8.2f}" for each in rounds)
        lines.append(f"{stage:10}{MEANINGS[stage]:32}{costs}")
    whole = [sum(each.mean_cpu_ms(stage) for stage in STAGES) for each in rounds]
    return [*lines, f"{'together':42}" + "".join(f"{each:>8.2f}" for each in whole)]


def _milliseconds(seconds: float | None) -> str:
    return f"{NOTHING:>9}" if seconds is None else f"{seconds * 1000:>9.1f}"
