"""`livecam bench image`: the classic experiment in one line."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import options
from livecam.errors import LivecamError, UsageError

if TYPE_CHECKING:
    from livecam.bench.image import ImageResult
    from livecam.clock import Clock
    from livecam.config import Settings

PICTURE = "Picture"
NOT_SETTINGS = ("file", "calls", "annotated", "as_json", "yes", "verbose", "quiet", "debug")
"""Parameters that are no settings."""
DEFAULT_CALLS = 3

log = logging.getLogger(__name__)


def image(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The picture.", show_default=False)],
    attributes: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help="What is asked about each face. (default: ALL)",
            rich_help_panel=options.REKOGNITION,
        ),
    ] = None,
    calls: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Calls in all, one after the other: the first is cold, the rest are warm. (default: 3)",
            rich_help_panel=options.REKOGNITION,
        ),
    ] = None,
    width: Annotated[
        str | None,
        typer.Option(
            metavar="PIXELS",
            help="Make a wider picture smaller to this width before it is sent. (default: the file as it is)",
            rich_help_panel=options.REKOGNITION,
        ),
    ] = None,
    quality: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Encode it anew as JPEG of this quality, 10 to 100. (default: the file as it is)",
            rich_help_panel=options.REKOGNITION,
        ),
    ] = None,
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    prices: options.Prices = None,
    yes: options.Yes = False,
    annotated: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The picture with boxes and labels; never written over another file. (default:"
            " NAME-annotated.jpg in the current folder, unless it is there)",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    as_json: options.AsJson = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Send one picture to Amazon Rekognition, and say how long everything took and what came back.

    Each call costs what a call costs; you are asked once before a picture leaves this machine.
    """
    from livecam import local_only, logs
    from livecam.bench.image import payload_of
    from livecam.cli.consent import asker
    from livecam.clock import SystemClock
    from livecam.compose.detector import Permission
    from livecam.compose.image_bench import annotated_target, measure_image
    from livecam.config import load_settings

    local_only.refuse("livecam bench image")
    logs.configure(verbosity=-1 if quiet else 2 if debug else verbose)
    given = {key: value for key, value in ctx.params.items() if key not in NOT_SETTINGS}
    settings = load_settings(
        given | {"attributes": attributes or "ALL", "detector": "rekognition", "source": str(file)}
    )
    clock = SystemClock()
    count = _count(calls)
    payload = payload_of(
        file,
        clock,
        width=None if width is None else settings.width,
        quality=None if quality is None else settings.quality,
    )
    target = annotated_target(annotated, file)
    result = measure_image(settings, payload, count, Permission(yes=yes, asker=asker), clock)
    _tell(result, settings, target, clock, as_json=as_json)
    if result.failure is not None:
        print(f"livecam: call {len(result.calls) + 1} failed: {result.failure}", file=sys.stderr)
    return int(result.failure is not None)


def _count(calls: str | None) -> int:
    from livecam.compose.image_bench import MOST_CALLS

    text = str(DEFAULT_CALLS) if calls is None else calls.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= MOST_CALLS):  # noqa: PLR2004  digits
        raise UsageError(
            f"--calls {calls} cannot be used: give a number from 1 to {MOST_CALLS}; `livecam bench latency`"
            " makes more"
        )
    return int(text)


def _tell(
    result: ImageResult, settings: Settings, target: Path | None, clock: Clock, *, as_json: bool
) -> None:
    """Write the annotated picture, and print what was measured also where that fails."""
    from livecam.bench.image_text import as_record, result_lines
    from livecam.compose.image_bench import cost_of_calls, write_annotated
    from livecam.pricing import dollars

    problem: LivecamError | None = None
    if target is not None:
        try:
            write_annotated(result, target, clock)
        except LivecamError as error:
            target, problem = None, error
    cost, note = cost_of_calls(settings, result)
    if as_json:
        record = as_record(result, cost_usd=cost, annotated=None if target is None else str(target))
        print(json.dumps(record, default=str), flush=True)
    else:
        price = f"price: {dollars(cost)} ({note})" if cost else f"price: nothing ({note})"
        drawn = [] if target is None else [f"annotated picture: {target}"]
        print(*result_lines(result), "", price, *drawn, sep="\n", flush=True)
    if problem is not None:
        raise problem
    if target is None:
        log.warning("no annotated picture is written: one is there already; --annotated FILE names another")
