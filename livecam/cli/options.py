"""The flags that several commands share.

Values are texts here: `config.py` alone says what is allowed, and names the value when it is not.
Defaults live there too and are repeated in the help, since loading them takes longer than helping.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

OUTPUTS = "Outputs"
PICTURE = "Picture and detection"
MESSAGES = "Messages"

Source = Annotated[
    str | None,
    typer.Argument(
        help='Camera index, device, video file or "demo" (a scene that needs no camera). (default: 0)',
        show_default=False,
    ),
]
Detector = Annotated[
    str | None,
    typer.Option(
        metavar="auto|on-device|none",
        help="What finds faces: auto, on-device or none. (default: auto)",
        rich_help_panel=PICTURE,
    ),
]
Rate = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER", help="Detector calls per second. (default: on-device 10)", rich_help_panel=PICTURE
    ),
]
Deadline = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="Seconds after which a call is given up. (default: 3)",
        rich_help_panel=PICTURE,
    ),
]
View = Annotated[
    str | None,
    typer.Option(
        metavar="auto|window|none",
        help="Live picture: auto (a window where there is a display), window or none. (default: auto)",
        rich_help_panel=PICTURE,
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        metavar="WxH", help="WIDTHxHEIGHT to ask a camera for. (default: 1280x720)", rich_help_panel=PICTURE
    ),
]
Fps = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER", help="Frames per second to ask a camera for. (default: 30)", rich_help_panel=PICTURE
    ),
]
Fast = Annotated[
    bool | None,
    typer.Option("--fast", help="Play a file as fast as it can be read.", rich_help_panel=PICTURE),
]
Bars = Annotated[
    bool | None, typer.Option("--bars", help="Show all scores as bars.", rich_help_panel=PICTURE)
]
Duration = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="Seconds from the first frame to the end. (default: no end)",
        rich_help_panel=PICTURE,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.mp4",
        help="Write the annotated picture to this MP4 (H.264).",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Trace = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.jsonl",
        help="Write one JSON line per displayed frame.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Events = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.jsonl",
        help="Write one JSON line per thing that happened.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print the summary as JSON, and nothing else.", rich_help_panel=OUTPUTS),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write what happens to this file too.",
        show_default=False,
        rich_help_panel=MESSAGES,
    ),
]
Verbose = Annotated[
    int,
    typer.Option(
        "-v",
        "--verbose",
        count=True,
        show_default=False,
        help="Say more; twice: all.",
        rich_help_panel=MESSAGES,
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say errors only.", rich_help_panel=MESSAGES)]
Debug = Annotated[
    bool, typer.Option("--debug", help="Show tracebacks and all messages.", rich_help_panel=MESSAGES)
]
