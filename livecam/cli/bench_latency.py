"""`livecam bench latency`: how long calls to Rekognition take, measured so that it can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from livecam.cli import options

CONDITIONS = "Conditions (each combination is measured)"
MEASURING = "Measuring"
ADVICE = "Recommendation"


def latency(
    ctx: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="IMAGE|FOLDER|CLIP|SOURCE",
            help="What is sent: pictures, folders of them, a few frames of clips, demo, or one camera or"
            " stream. (default: the demo scene)",
            show_default=False,
        ),
    ] = None,
    width: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="Pixels that wider pictures are made smaller to. (default: 640)",
            show_default=False,
            rich_help_panel=CONDITIONS,
        ),
    ] = None,
    quality: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="Of the JPEG, 1 to 100. (default: 80)",
            show_default=False,
            rich_help_panel=CONDITIONS,
        ),
    ] = None,
    attributes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="One set of what is asked about faces; again for another set. (default: EMOTIONS)",
            show_default=False,
            rich_help_panel=CONDITIONS,
        ),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="Calls per second that are due. (default: 2)",
            show_default=False,
            rich_help_panel=CONDITIONS,
        ),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="AWS Regions. (default: the one that livecam run would call)",
            show_default=False,
            rich_help_panel=CONDITIONS,
        ),
    ] = None,
    in_flight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="Calls at the same time at most; one that is due then waits, which counts. (default: 4)",
            show_default=False,
            rich_help_panel=CONDITIONS,
        ),
    ] = None,
    calls: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Measured calls of each condition. (default: 50)",
            rich_help_panel=MEASURING,
        ),
    ] = None,
    duration: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Of the measured calls of each condition, such as 60 or 5m; in place of --calls.",
            show_default=False,
            rich_help_panel=MEASURING,
        ),
    ] = None,
    warm_up: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Calls of each condition that are made first and left out. (default: 3)",
            rich_help_panel=MEASURING,
        ),
    ] = None,
    block: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Calls of one condition before another one's turn. (default: 5)",
            rich_help_panel=MEASURING,
        ),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Of the order of the blocks. (default: 0)", rich_help_panel=MEASURING
        ),
    ] = None,
    deadline: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="After which a call is given up. (default: 10)",
            rich_help_panel=MEASURING,
        ),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="How far above the best p95 a recommended condition may be. (default: 0.1)",
            rich_help_panel=ADVICE,
        ),
    ] = None,
    agreement: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Of the largest pictures' faces that it must find as well. (default: 0.95)",
            rich_help_panel=ADVICE,
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            metavar="USD",
            help="What it may cost; a plan that costs more is not begun.",
            show_default=False,
            rich_help_panel=options.COST,
        ),
    ] = None,
    prices: options.Prices = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Print the plan and its price; send nothing.", rich_help_panel=options.COST
        ),
    ] = False,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json",
            help="Write that object to this file; `livecam bench compare` reads it.",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Write every call as a row of a table.",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Write a page with plots.",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Measure how long calls to Rekognition take, and what they should be like for a live picture.

    Calls are due at a fixed rate whatever becomes of those before, and are timed from when they were due.
    Conditions take turns in random order.

    These calls are paid: the plan is told first, with its price, and you are asked.
    """
    from livecam.cli.latency_run import perform

    raise typer.Exit(perform(ctx.params))
