"""Carrying out a run for a command: messages, the run itself, the summary, the exit code."""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

from livecam.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from livecam.config import Settings
    from livecam.protocols import FrameSink

log = logging.getLogger(__name__)

NOT_SETTINGS = ("as_json", "log_file", "verbose", "quiet", "debug", "yes", "dry_run")
"""Parameters that say how livecam speaks, not what a run does."""


def settings_of(params: Mapping[str, Any], **fixed: object) -> Settings:
    """Return the settings that a command's parameters amount to; set up logging on the way.

    Raises:
        UsageError: a value that cannot be used.
    """
    from livecam import logs
    from livecam.config import load_settings

    verbosity = -1 if params["quiet"] else 2 if params["debug"] else params["verbose"]
    logs.configure(verbosity=verbosity, log_file=params["log_file"])
    # typer says of a repeatable flag that was not given that it is empty.
    given = {key: value for key, value in params.items() if key not in NOT_SETTINGS and value != ()}
    settings = load_settings(given | fixed)
    _refuse_log_clash(settings, params["log_file"])
    return settings


def _refuse_log_clash(settings: Settings, log_file: Path | None) -> None:
    """Refuse a log file that another output would overwrite.

    Raises:
        UsageError: they are the same file.
    """
    files = {"--output": settings.output, "--trace": settings.trace}
    files |= {"--events": settings.events, "--csv": settings.csv}
    for name, path in files.items():
        if log_file is not None and path is not None and path.resolve() == log_file.resolve():
            raise UsageError(f"--log-file and {name} are the same file, {path}; one would destroy the other")


def perform(
    settings: Settings,
    params: Mapping[str, Any],
    *,
    sinks: Sequence[FrameSink] = (),
    is_for_clips: bool = False,
) -> int:
    """Run, print the summary, and return the exit code.

    Args:
        settings: of the run.
        params: of the command, for how it speaks.
        sinks: beside those that the settings ask for.
        is_for_clips: all clips are told, and that there is none is a failure.

    Raises:
        LivecamError: the run could not start, or its source failed.
    """
    from livecam.cli.consent import asker
    from livecam.cli.recording_notice import RecordingNotice
    from livecam.compose import Parts, Permission, compose
    from livecam.pipeline.foreground import run_in_foreground

    say = None if params["as_json"] else print
    permission = Permission(yes=params.get("yes", False), asker=asker)
    parts = Parts(
        sinks=sinks,
        listeners=[RecordingNotice(settings)],
        say=say,
        is_quiet=params["quiet"],
        permission=permission,
        announce=_announce,
        open_page=None if settings.no_open else _open_page,
    )
    run = compose(settings, parts)
    try:
        outcome = run_in_foreground(run.runner, run.window)
    finally:
        run.close()
    summary = run.tally.summary()
    if run.report is not None:
        summary["pictures"] = run.report.records
    _print_summary(summary, outcome.reason, params, tells_all_clips=is_for_clips)
    is_vain = is_for_clips and _is_without_clips(summary, settings)
    has_gaps = run.report is not None and settings.detector != "none" and run.report.has_gaps
    return outcome.exit_code or int(run.tally.lost_outputs > 0 or has_gaps or is_vain)


def _announce(lines: Sequence[str]) -> None:
    """Print where the browser view is."""
    with contextlib.suppress(OSError):  # nobody may read it
        print(*lines, sep="\n", file=sys.stderr, flush=True)  # never logged: the first holds the token


def _open_page(address: str) -> None:
    """Open the browser view where somebody sits before a screen."""
    from livecam.sinks.display import why_no_window

    if why_no_window() is None:
        import webbrowser

        webbrowser.open(address)


def _is_without_clips(summary: dict[str, Any], settings: Settings) -> bool:
    """Return whether no clip is on disk, and say so."""
    if any(clip["state"] == "recorded" for clip in summary["clips"]):
        return False
    is_waiting = settings.record == "events" and not summary["clips"]
    why = f": nothing met {' or '.join(map(repr, settings.record_on))}" if is_waiting else ""
    log.error("no clip was recorded%s", why)
    return True


def _print_summary(
    summary: dict[str, Any], reason: str, params: Mapping[str, Any], *, tells_all_clips: bool
) -> None:
    from livecam.cli.summary_text import summary_lines

    if params["as_json"]:
        _print_json(summary)
    elif not params["quiet"]:
        with contextlib.suppress(OSError):  # whoever watched standard error has left
            lines = summary_lines(summary, reason, tells_all_clips=tells_all_clips)
            print(*lines, sep="\n", file=sys.stderr)


def _print_json(summary: dict[str, Any]) -> None:
    try:
        print(json.dumps(summary), flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the summary cannot be printed: {error.strerror}") from error
