"""The flags about clips, shared by the commands that record; texts, as in `options.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from livecam.cli.options import offer

RECORDING = "Recording"

Record = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT",
        help="Record clips, with nothing drawn on them: off, all, or events, as --record-on says."
        " (default: off)",
        autocompletion=offer("off", "all", "events"),
        rich_help_panel=RECORDING,
    ),
]
RecordWhat = Annotated[
    str | None,
    typer.Option(
        "--record",
        metavar="WHAT",
        help="all, or events, as --record-on says. (default: all)",
        autocompletion=offer("all", "events"),
        rich_help_panel=RECORDING,
    ),
]
"""Of the command that records in any case."""
RecordOn = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE",
        help='What begins a clip, such as "HAPPY >= 80 for 1 s" or "nobody for 10 s"; may be repeated.'
        " (default: new face)",
        show_default=False,
        autocompletion=offer("new face", "nobody for 10 s", "somebody for 1 s", "HAPPY >= 80 for 1 s"),
        rich_help_panel=RECORDING,
    ),
]
Segment = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="After these the clip ends and the next one goes on. (default: 300)",
        rich_help_panel=RECORDING,
    ),
]
PreRoll = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="Before an event, that its clip has too. (default: 5)",
        rich_help_panel=RECORDING,
    ),
]
PostRoll = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="After an event, for which its clip goes on. (default: 5)",
        rich_help_panel=RECORDING,
    ),
]
MinGap = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="From the end of an event's clip until an event may begin the next.",
        rich_help_panel=RECORDING,
    ),
]
ClipDir = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where clips go; without it livecam/clips in your data folder.",
        show_default=False,
        rich_help_panel=RECORDING,
    ),
]
KeepDays = Annotated[
    str | None,
    typer.Option(metavar="DAYS", help="Delete clips that are older.", rich_help_panel=RECORDING),
]
KeepSize = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="Delete the oldest clips when all are larger, such as 10GB.",
        rich_help_panel=RECORDING,
    ),
]
KeepFree = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="Free disk space that recording leaves alone. (default: 500MB)",
        rich_help_panel=RECORDING,
    ),
]
Copies = Annotated[
    str | None,
    typer.Option(
        metavar="A,B",
        help="Copies made of each clip: annotated, blurred.",
        autocompletion=offer("annotated", "blurred", "annotated,blurred"),
        rich_help_panel=RECORDING,
    ),
]
