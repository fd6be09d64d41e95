"""`livecam demo`: the demo scene, in a window or, without a display, as a clip and a contact sheet."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from livecam.cli import options, privacy_options
from livecam.cli.demo_account import BUCKET
from livecam.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.config import Settings
    from livecam.sinks.contact_sheet import ContactSheetSink

FOLDER = Path("livecam-demo")
VIDEO = "demo.mp4"
CLIPS = "clips"
RULE = "HAPPY >= 70 for 0.5 s"
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
    local_only: privacy_options.LocalOnly = None,
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
    """Show livecam on a scene that needs no camera, no account and no display: the whole way of a clip.

    The picture carries labels by DetectFaces of an AWS endpoint on this machine; while the face appears happy
    a clip is recorded, uploaded, analysed as stored video, and shown in a report. With a display it opens a
    window. Without one it writes an annotated video and a contact sheet of labelled frames as well. All is in
    ./livecam-demo.
    """
    from livecam.cli.demo_account import demo_account, what_is_missing
    from livecam.local_only import set_by
    from livecam.vision.model_files import require_all, verify

    require_all(verify())
    _refuse_no_store(ctx)
    if set_by() is not None:
        print("the on-device engine alone, as local-only is set", file=sys.stderr)
        raise typer.Exit(_shown(ctx, quiet=quiet, detector="on-device"))
    if missing := what_is_missing():
        print(
            f"the on-device engine alone, as {missing} is not installed: pip install 'livecam[local-aws]'"
            " shows clips on S3 and their analysis too",
            file=sys.stderr,
        )
        raise typer.Exit(_shown(ctx, quiet=quiet, detector="on-device"))
    with demo_account() as url:
        story = {
            "detector": "rekognition",
            "endpoint_url": url,
            "record": "events",
            "record_on": (RULE,),
            "pre_roll": 2.0,
            "post_roll": 2.0,
            "clip_dir": FOLDER / CLIPS,
            "upload": f"s3://{BUCKET}/clips",
            "analyze": True,
        }
        code = _shown(ctx, quiet=quiet, **story)
        _tell_the_end(_settings(ctx, story), ctx.params)
    raise typer.Exit(code)


def _shown(ctx: typer.Context, *, quiet: bool, **story: object) -> int:
    """Run the scene, in a window or to files, and return the exit code."""
    from livecam.cli.running import perform
    from livecam.sinks.display import why_no_window

    settings = _settings(ctx, story)
    _clear_folder()
    if settings.output or settings.view == "window" or (settings.view == "auto" and not why_no_window()):
        return perform(settings, ctx.params)
    code = perform(_to_files(settings), ctx.params, sinks=[_contact_sheet()])
    if not quiet:
        for what, name in (("annotated video:", VIDEO), ("contact sheet:  ", SHEET)):
            if (FOLDER / name).exists():
                print(what, FOLDER / name, file=sys.stderr)
    return code


def _refuse_no_store(ctx: typer.Context) -> None:
    if _settings(ctx, {}).no_store:
        raise UsageError(
            f"livecam demo writes a video and pictures to ./{FOLDER}, and no-store is set: use livecam run"
            " demo, or take no_store back"
        )


def _settings(ctx: typer.Context, story: Mapping[str, object]) -> Settings:
    from livecam.cli.running import settings_of

    return settings_of(ctx.params, source="demo", **story)


def _tell_the_end(settings: Settings, params: Mapping[str, Any]) -> None:
    """Wait for the job of the recorded clip, write the report, and say where it is."""
    from livecam.cli.reporting import report_of
    from livecam.cli.storing import finish_begun
    from livecam.sinks.display import why_no_window

    clips = finish_begun(settings, is_quiet=params["quiet"] or params["as_json"])
    if not clips:
        if not params["quiet"]:
            print(f"no clip: nothing met {RULE!r} this time", file=sys.stderr)
        return
    page = report_of(clips[0], clip_dir=settings.clip_dir)
    if not params["quiet"]:
        print("report:         ", page, file=sys.stderr)
        print("nothing was paid and nothing left this machine: the endpoint was a local one", file=sys.stderr)
    if settings.view != "none" and not why_no_window():
        import webbrowser

        webbrowser.open(page.absolute().as_uri())


def _clear_folder() -> None:
    """Make the folder, without what an earlier demo left in it."""
    try:
        FOLDER.mkdir(mode=0o700, exist_ok=True)
        for name in (VIDEO, SHEET):
            (FOLDER / name).unlink(missing_ok=True)
        if (FOLDER / CLIPS).is_dir():
            shutil.rmtree(FOLDER / CLIPS)
    except OSError as error:
        raise OutputError(f"the folder {FOLDER} cannot be written: {error.strerror}") from error


def _to_files(settings: Settings) -> Settings:
    """Return settings that write one round of the scene to the demo's folder."""
    from livecam.sources.demo_scene import PERIOD

    changes: dict[str, object] = {"output": FOLDER / VIDEO, "duration": settings.duration or PERIOD}
    if settings.view == "auto":
        changes["view"] = "none"  # it ends by itself, before anybody has opened an address
    return settings.model_copy(update=changes)


def _contact_sheet() -> ContactSheetSink:
    """Return a sheet with a picture of each expression, captioned with what the scene really shows."""
    from livecam.sinks.contact_sheet import ContactSheetSink
    from livecam.sources.demo_scene.script import look

    return ContactSheetSink(
        FOLDER / SHEET,
        times=SHEET_TIMES,
        title="livecam demo: a real portrait, synthetic expressions, labels by the local AWS endpoint",
        caption=lambda time: f"{time:.1f} s: expression made to look {look(time).emotion.lower()}",
    )
