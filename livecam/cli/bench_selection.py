"""`livecam bench selection`: what choosing frames saves, and what it misses."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from livecam.cli import options
from livecam.errors import MissingDependency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.selection.request import Request
    from livecam.bench.selection.results import ClipResult

SCENE = "Scene and clips"
SERVICE = "Service"
NOT_FLAGS = ("clips", "as_json", "save", "verbose", "quiet", "debug")
"""Parameters that are no values of a request."""

log = logging.getLogger(__name__)


def selection(
    ctx: typer.Context,
    clips: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CLIP",
            help="Video files; what their faces express a model on this machine says. (default: a scene that"
            " knows its truth)",
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help="What is compared with every: every (each frame that the pace allows), every@N (N calls per"
            " second), changed, smart. (default: every,every@1,every@0.5,changed,smart)",
            rich_help_panel=options.DETECTION,
        ),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Calls per second at most. (default: 2)", rich_help_panel=SERVICE
        ),
    ] = None,
    latency: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="From sending a frame to the answer about it, in seconds or as 340ms. (default: 0.34)",
            rich_help_panel=SERVICE,
        ),
    ] = None,
    wrong: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Share of answers that are wrong, 0 to 1. (default: 0)",
            rich_help_panel=SERVICE,
        ),
    ] = None,
    minutes: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Of the scene, and of each clip at most. (default: 10)",
            rich_help_panel=SCENE,
        ),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of the scene: office (a day at a desk, compressed), still (nothing changes), always (one"
            " person, always there). (default: office)",
            autocompletion=lambda: ["office", "still", "always"],
            rich_help_panel=SCENE,
        ),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Of all that is left to chance. (default: 0)", rich_help_panel=SCENE
        ),
    ] = None,
    as_json: options.AsJson = False,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write JSON, CSV and a picture of the trade-off here.",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Say how many paid calls choosing frames would save, and which changes it would miss.

    The on-device finder really looks at the pictures; the paid service's answers are scripted.

    Nothing is sent, and nothing costs money.
    """
    from livecam import logs
    from livecam.bench.selection.flags import request_from
    from livecam.pricing import US_EAST

    logs.configure(verbosity=-1 if quiet else 2 if debug else verbose)
    texts = {name: text for name, text in ctx.params.items() if name not in NOT_FLAGS}
    request = request_from(clips or [], texts, price_usd=US_EAST.call())
    perform(request, folder=save, as_json=as_json, is_quiet=quiet)


def perform(request: Request, *, folder: Path | None, as_json: bool, is_quiet: bool) -> None:
    """Run the clips or the scene, print what was found, and write the files. What is interrupted leaves none.

    Args:
        request: what to run.
        folder: for the files; None for none.
        as_json: print the record in place of the table.
        is_quiet: show no progress.

    Raises:
        LivecamError: a clip or the scene cannot be used, or the folder not written.
    """
    from livecam.bench.overlay.saving import make_folder, remove_if_empty
    from livecam.bench.selection.record import as_record
    from livecam.bench.selection.saving import save

    with_plots = folder is not None and _can_plot()
    is_new = folder is not None and make_folder(folder)
    try:
        results = _results(request, is_quiet=is_quiet)
        record = as_record(request, results)
        _print(request, results, record if as_json else None)
        if folder is not None:
            for path in save(folder, record, results, with_plots=with_plots):
                log.info("written: %s", path)
            if not is_quiet:  # on standard error, since standard output may be JSON
                print(f"the files are in {folder}", file=sys.stderr)
    finally:
        if folder is not None and is_new:
            remove_if_empty(folder)


def _results(request: Request, *, is_quiet: bool) -> list[ClipResult]:
    from livecam.bench.selection.simulation import simulate
    from livecam.cli.progress import progress_bar

    with progress_bar(is_quiet=is_quiet) as begin:
        return [
            simulate(request, clip, begin(request.variant if clip is None else clip.stem))
            for clip in request.clips or (None,)
        ]


def _print(request: Request, results: Sequence[ClipResult], record: Mapping[str, Any] | None) -> None:
    """Print the record, or the table where there is none to print."""
    from livecam.bench.selection.table import meaning, table_lines

    if record is not None:
        print(json.dumps(record), flush=True)
        return
    print(*table_lines(results), "", *meaning(request, results), sep="\n", flush=True)


def _can_plot() -> bool:
    """Say whether the picture can be made, and why not if so."""
    from livecam.bench.overlay.plot import require_matplotlib

    try:
        require_matplotlib()
    except MissingDependency as error:
        log.warning("%s; the rest is written", error)
        return False
    return True
