"""How far the calls of a benchmark are: time left, cost so far, the last latency; on a terminal only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from livecam.pricing import dollars
from livecam.terminal import unguarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from livecam.bench.latency.measuring import Progress

REFRESHES = 2
"""Per second: what is drawn takes time from what is measured."""


@contextmanager
def latency_progress(
    *, is_shown: bool, seconds: float, console: Console | None = None
) -> Iterator[Callable[[Progress], None]]:
    """Show how far a measurement is, on standard error and where that is a terminal.

    Args:
        is_shown: False for nothing.
        seconds: about how long all of it takes.
        console: in place of standard error.

    Yields:
        What is told of each step.
    """
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    terminal = console or Terminal(file=unguarded(sys.stderr), highlight=False)
    columns = (
        TextColumn("calls"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
    )
    is_disabled = not (is_shown and terminal.is_terminal)
    with Bar(
        *columns,
        console=terminal,
        transient=True,
        disable=is_disabled,
        refresh_per_second=REFRESHES,
    ) as bar:
        task = bar.add_task(progress_text(None, seconds), total=None)

        def told(progress: Progress) -> None:
            text = progress_text(progress, seconds, bar.tasks[task].elapsed or 0.0)
            bar.update(task, completed=progress.done, total=progress.planned, description=text)

        yield told


def progress_text(progress: Progress | None, seconds: float, elapsed: float = 0.0) -> str:
    """Return the words beside the bar.

    Args:
        progress: None before the first call.
        seconds: about how long all of it takes, unless calls wait for others. What is left is that by the
            share of calls: they are spread evenly over it, however long each takes.
        elapsed: seconds so far, which tell when it takes longer than that.
    """
    if progress is None:
        return f"about {_time(seconds)} left"
    share = progress.done / max(progress.planned, 1)
    whole = max(seconds, elapsed / share) if share else seconds
    left = whole * (1 - share)
    words = [f"about {_time(left)} left"]
    if progress.cost_usd:
        words.append(f"{dollars(progress.cost_usd)} so far")
    if progress.latency is not None:
        words.append(f"last {progress.latency * 1000:.0f} ms")
    return ", ".join(words)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
