"""Carrying out a bench for a command: progress, the table or JSON, the files."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from livecam.errors import MissingDependency, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from livecam.bench.overlay.request import Request
    from livecam.bench.overlay.results import ClipResult
    from livecam.frames import Image

log = logging.getLogger(__name__)


def perform(
    request: Request, *, trace: Path | None, folder: Path | None, as_json: bool, is_quiet: bool
) -> None:
    """Run the clips, print what was found, and write the files. What is interrupted leaves none.

    Args:
        request: what to run.
        trace: of a run on the one clip, to be scored in place of a simulation.
        folder: for the files; None for none.
        as_json: print the record in place of the table.
        is_quiet: show no progress.

    Raises:
        LivecamError: a clip, a reference or the trace cannot be used, or the folder not written.
    """
    from livecam.bench.overlay.record import as_record
    from livecam.bench.overlay.saving import make_folder, remove_if_empty

    with_plots = folder is not None and _can_plot()
    is_new = folder is not None and make_folder(folder)
    try:
        results = _results(request, trace, is_quiet=is_quiet)
        record = as_record(request, results, trace=trace)
        _print(request, results, record if as_json else None)
        if folder is not None:
            _save(folder, request, results, record, with_plots=with_plots)
            if not is_quiet:  # on standard error, since standard output may be JSON
                print(f"the files are in {folder}", file=sys.stderr)
    finally:
        if folder is not None and is_new:
            remove_if_empty(folder)


def _results(request: Request, trace: Path | None, *, is_quiet: bool) -> list[ClipResult]:
    from livecam.bench.overlay.simulation import simulate
    from livecam.bench.overlay.trace import score_trace

    clips = request.clips or (None,)
    if trace is not None and len(clips) > 1:
        raise UsageError(f"--trace is of one clip, not of {len(clips)}; give the clip that was played")
    results = []
    with progress_bar(is_quiet=is_quiet) as begin:
        for clip in clips:
            told = begin("demo" if clip is None else clip.stem)
            if trace is not None:
                results.append(score_trace(request, clip, trace, told))
            else:
                results.append(simulate(request, clip, told))
    return results


def _print(request: Request, results: Sequence[ClipResult], record: Mapping[str, Any] | None) -> None:
    """Print the record, or the table where there is none to print."""
    from livecam.bench.overlay.table import meaning, table_lines

    if record is not None:
        print(json.dumps(record), flush=True)
        return
    print(*table_lines(results), "", *meaning(request, results), sep="\n", flush=True)


def _save(
    folder: Path,
    request: Request,
    results: Sequence[ClipResult],
    record: Mapping[str, Any],
    *,
    with_plots: bool,
) -> None:
    from livecam.bench.overlay.replay import read_frames
    from livecam.bench.overlay.saving import save

    def read(result: ClipResult, indices: Sequence[int]) -> Mapping[int, Image]:
        return read_frames(request, result.path, indices)

    for path in save(folder, record, results, read, with_plots=with_plots):
        log.info("written: %s", path)


def _can_plot() -> bool:
    """Say whether pictures over time can be made, and why not if so."""
    from livecam.bench.overlay.plot import require_matplotlib

    try:
        require_matplotlib()
    except MissingDependency as error:
        log.warning("%s; the rest is written", error)
        return False
    return True


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

    terminal = console or Terminal(stderr=True, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    is_shown = terminal.is_terminal and not is_quiet
    with Progress(*columns, console=terminal, transient=True, disable=not is_shown) as progress:

        def begin(name: str) -> Callable[[int, int], None]:
            task = progress.add_task(name, total=None)
            return lambda done, total: progress.update(task, completed=done, total=total or None)

        yield begin
