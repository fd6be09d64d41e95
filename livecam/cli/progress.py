"""How far long work is, on standard error and only where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from livecam.terminal import one_line, unguarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


@contextmanager
def progress_bar(
    *, is_quiet: bool, console: Console | None = None
) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Show how far things are, on standard error and where that is a terminal.

    Yields:
        What begins a line of that name and returns what is told how much is done, and of how much (0 when
        that is not known).
    """
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    terminal = console or Terminal(file=unguarded(sys.stderr), highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    is_shown = terminal.is_terminal and not is_quiet
    with Progress(*columns, console=terminal, transient=True, disable=not is_shown) as progress:

        def begin(name: str) -> Callable[[int, int], None]:
            task = progress.add_task(one_line(name), total=None)
            return lambda done, total: progress.update(task, completed=done, total=total or None)

        yield begin
