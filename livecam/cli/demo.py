"""`livecam demo`: the demo scene, in a window or, without a display, as a clip and a contact sheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from livecam.cli import options
from livecam.errors import OutputError

if TYPE_CHECKING:
    from livecam.config import Settings
    from livecam.sinks.contact_sheet import ContactSheetSink

FOLDER = Path("livecam-demo")
CLIP = "demo.mp4"
SHEET = "contact-sheet.png"
SHEET_TIMES = (2.0, 6.0, 10.4, 13.5, 16.0, 20.0, 25.0, 28.5, 36.0)
"""Media times in seconds: every expression, and the face on its way out and back."""


def demo(
    ctx: typer.Context,
    rate: options.Rate = None,
    finder: options.Finder = None,
    view: options.View = None,
    mode: options.Mode = None,
    bars: options.Bars = None,
    duration: options.Duration = None,
    output: options.Output = None,
    trace: options.Trace = None,
    events: options.Events = None,
    csv: options.Csv = None,
    sink: options.Sink = None,
    webhook: options.Webhook = None,
    webhook_events: options.WebhookEvents = None,
    as_json: options.Json = False,
    log_file: options.LogFile = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Show livecam on a scene that needs no camera, no account and no display.

    With a display it opens a window. Without one it writes an annotated clip and a contact sheet of
    labelled frames to ./livecam-demo and says where.
    """
    from livecam.cli.running import perform, settings_of
    from livecam.sinks.display import why_no_window

    settings = settings_of(ctx.params, source="demo", detector="on-device")
    if settings.output or settings.view == "window" or (settings.view == "auto" and not why_no_window()):
        raise typer.Exit(perform(settings, ctx.params))
    _clear_folder()
    settings = _to_files(settings)
    code = perform(settings, ctx.params, sinks=[_contact_sheet()])
    if not quiet:
        for what, name in (("annotated clip:", CLIP), ("contact sheet: ", SHEET)):
            if (FOLDER / name).exists():
                print(what, FOLDER / name, file=sys.stderr)
    raise typer.Exit(code)


def _clear_folder() -> None:
    """Make the folder, without what an earlier demo left in it."""
    try:
        FOLDER.mkdir(exist_ok=True)
        for name in (CLIP, SHEET):
            (FOLDER / name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"the folder {FOLDER} cannot be written: {error.strerror}") from error


def _to_files(settings: Settings) -> Settings:
    """Return settings that write one round of the scene to the demo's folder."""
    from livecam.sources.demo_scene import PERIOD

    changes = {"output": FOLDER / CLIP, "duration": settings.duration or PERIOD}
    return settings.model_copy(update=changes)


def _contact_sheet() -> ContactSheetSink:
    """Return a sheet with a picture of each expression, captioned with what the scene really shows."""
    from livecam.sinks.contact_sheet import ContactSheetSink
    from livecam.sources.demo_scene.script import look

    return ContactSheetSink(
        FOLDER / SHEET,
        times=SHEET_TIMES,
        title="livecam demo: a real portrait, synthetic expressions, labels by the on-device engine",
        caption=lambda time: f"{time:.1f} s: expression made to look {look(time).emotion.lower()}",
    )
