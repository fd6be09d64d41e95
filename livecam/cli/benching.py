"""Carrying out a bench for a command: progress, the table or JSON, the files."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

from livecam.cli.progress import progress_bar
from livecam.errors import MissingDependency, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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
