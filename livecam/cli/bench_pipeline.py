"""`livecam bench pipeline`: what this machine carries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.pipeline.figures import Round
    from livecam.bench.pipeline.request import Request

COMPLETE = "complete"
FLAGS = ("duration", "size", "runners", "view")
"""Parameters that are texts of a request."""


def pipeline(
    ctx: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            help="Video, stream or camera (a camera with --runners 1). (default: the demo scene)",
            show_default=False,
        ),
    ] = None,
    runners: Annotated[
        str | None,
        typer.Option(
            metavar="N,M",
            help="How many run at the same time, round by round, each in a process of its own."
            " (default: 1,2,4)",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    duration: Annotated[
        str | None,
        typer.Option(
            metavar="SECONDS",
            help="Of each round, after 2 s of warm-up. (default: 10)",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH",
            help="Pixels of the demo scene, or to ask a camera for. (default: 1280x720)",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    record: Annotated[
        bool,
        typer.Option(
            "--record",
            help="Record everything too, into a folder that is removed afterwards.",
            rich_help_panel=options.OUTPUTS,
        ),
    ] = False,
    view: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="drawn (annotated, shown nowhere), window, or none (without drawing). (default: drawn)",
            autocompletion=options.offer("drawn", "window", "none"),
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    as_json: options.AsJson = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Say how many cameras this machine carries, how late their pictures are and what a frame costs.

    Real runs, with answers by a script: after 0.34 s, twice a second at most.

    Nothing is sent, and nothing costs money.
    """
    from livecam import logs
    from livecam.bench.pipeline.request import request_from

    logs.configure(verbosity=-1 if quiet else 2 if debug else verbose)
    texts = {name: ctx.params[name] for name in FLAGS}
    perform(request_from(source, texts, record=record), as_json=as_json, is_quiet=quiet)


def perform(request: Request, *, as_json: bool, is_quiet: bool) -> None:
    """Run the rounds and print what was found; what is interrupted keeps the rounds that had ended.

    Args:
        request: what to run.
        as_json: print the record in place of the tables.
        is_quiet: show no progress.

    Raises:
        LivecamError: a run could not start; the rounds before it are printed.
    """
    from livecam.cli.progress import progress_bar
    from livecam.compose import pipeline_bench

    rounds: list[Round] = []
    ended = "interrupted"  # unless nothing interrupts it
    try:
        with progress_bar(is_quiet=is_quiet) as begin:
            for each in pipeline_bench.measured(request, begin):
                rounds.append(each)  # noqa: PERF402  those before a failure are kept
        ended = COMPLETE
    finally:
        if rounds:
            _print(request, rounds, ended, as_json=as_json)


def _print(request: Request, rounds: Sequence[Round], ended: str, *, as_json: bool) -> None:
    from livecam.bench.pipeline.record import as_record
    from livecam.bench.pipeline.table import meaning, table_lines
    from livecam.compose.pipeline_bench import machine

    if as_json:
        print(json.dumps(as_record(request, rounds, machine=machine(), ended=ended)), flush=True)
        return
    print(*table_lines(request, rounds), "", meaning(rounds), sep="\n", flush=True)
    if ended != COMPLETE:
        print(f"{ended} after {len(rounds)} of {len(request.runners)} rounds", flush=True)
