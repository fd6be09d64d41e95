"""`livecam bench`: measure livecam on this machine, before trusting it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from livecam.cli import options
from livecam.cli.bench_compare import compare
from livecam.cli.bench_image import image
from livecam.cli.bench_latency import latency as measure_latency
from livecam.cli.bench_pipeline import pipeline
from livecam.cli.bench_selection import selection

NETWORK = "Network and service"
BOXES = "The service's boxes"
CLIPS = "Clips"
NOT_FLAGS = ("clips", "shake", "trace", "as_json", "save", "verbose", "quiet", "debug")
"""Parameters that are no values of a request."""

app = typer.Typer(help="Measure calls to Rekognition, and how livecam would do here.", no_args_is_help=True)


@app.callback()
def about() -> None:
    """Measure calls to Rekognition, and how livecam would do here."""


@app.command()
def overlay(
    ctx: typer.Context,
    clips: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLIP", help="Video files. (default: the demo scene)"),
    ] = None,
    truth: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Where the faces really are in the one clip. (default: CLIP.faces.jsonl beside it, else what"
            " the on-device finder sees)",
            rich_help_panel=CLIPS,
        ),
    ] = None,
    speed: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="2 leaves out every second frame, so that all moves twice as fast. (default: 1)",
            rich_help_panel=CLIPS,
        ),
    ] = None,
    shake: Annotated[
        bool, typer.Option("--shake", help="Shake and pan the picture.", rich_help_panel=CLIPS)
    ] = False,
    duration: Annotated[
        str | None,
        typer.Option(metavar="SECONDS", help="Of each clip. (default: all of it)", rich_help_panel=CLIPS),
    ] = None,
    latency: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="From a frame's capture to the answer about it, in seconds or as 340ms. (default: 0.34)",
            rich_help_panel=NETWORK,
        ),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="Answers per second. (default: 2)", rich_help_panel=NETWORK),
    ] = None,
    jitter: Annotated[
        str | None,
        typer.Option(
            metavar="SIGMA",
            help="Draw latencies from a lognormal distribution about that median. (default: 0)",
            rich_help_panel=NETWORK,
        ),
    ] = None,
    misses: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Share of faces that an answer leaves out, 0 to 1. (default: 0)",
            rich_help_panel=BOXES,
        ),
    ] = None,
    convention: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="How its boxes are drawn: same as the reference, other, or"
            " height=1.15,up=0.08,width=0.92,spread=0.04 (shares of the face). (default: same)",
            autocompletion=lambda: ["same", "other"],
            rich_help_panel=BOXES,
        ),
    ] = None,
    noise: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Error of each box, as a share of the face's size. (default: 0)",
            rich_help_panel=BOXES,
        ),
    ] = None,
    finder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="On-device finder: auto (5 looks per second where its model is installed), off, or looks per"
            " second. (default: auto)",
            autocompletion=lambda: ["auto", "off"],
            rich_help_panel=options.DETECTION,
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help="What is compared: hold (the last answer's boxes), flow (they follow the picture), merged"
            " (and the on-device finder). (default: hold,flow,merged)",
            rich_help_panel=options.DETECTION,
        ),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Of all that is left to chance. (default: 0)", rich_help_panel=NETWORK
        ),
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Score what `livecam run CLIP --trace FILE.jsonl` showed, instead of a simulation.",
            show_default=False,
            rich_help_panel=CLIPS,
        ),
    ] = None,
    as_json: options.AsJson = False,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write JSON, CSV and pictures here: overlap over time, and the same frames with both boxes.",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Say how well boxes and labels would stay on the faces over your network.

    Clips go through livecam's own picture path, with answers as late and as rare as you say.

    Nothing is sent, and nothing costs money.
    """
    from livecam import logs
    from livecam.bench.overlay.flags import request_from
    from livecam.cli.benching import perform

    logs.configure(verbosity=-1 if quiet else 2 if debug else verbose)
    texts = {name: text for name, text in ctx.params.items() if name not in NOT_FLAGS}
    if trace is not None:  # nothing is simulated: the finder of this machine does not matter
        texts |= {"finder": "off", "method": None}
    request = request_from(clips or [], texts, shake=shake)
    perform(request, trace=trace, folder=save, as_json=as_json, is_quiet=quiet)


app.command("latency")(measure_latency)
app.command()(compare)
app.command()(image)
app.command()(selection)
app.command()(pipeline)
