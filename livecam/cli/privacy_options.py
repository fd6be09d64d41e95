"""The flags about what leaves this machine and what stays on its disks; texts, as in `options.py`."""

from __future__ import annotations

from typing import Annotated

import typer

from livecam.cli.options import PRIVACY, offer

LocalOnly = Annotated[
    bool | None,
    typer.Option(
        "--local-only", help="Open no connection: all stays on this machine.", rich_help_panel=PRIVACY
    ),
]
NoStore = Annotated[
    bool | None,
    typer.Option(
        "--no-store", help="Write nothing of a picture or a face to a disk.", rich_help_panel=PRIVACY
    ),
]
Blur = Annotated[
    str | None,
    typer.Option(
        metavar="WHERE",
        help="Make faces unrecognisable: off, shown (all that people see), recorded (clips) or all."
        " Everything is blurred while nobody has looked for faces. (default: off)",
        autocompletion=offer("off", "shown", "recorded", "all"),
        rich_help_panel=PRIVACY,
    ),
]
BlurOutsideRoi = Annotated[
    bool | None,
    typer.Option(
        "--blur-outside-roi",
        help="With --roi and --blur: leave faces in the region as they are, and blur all that is outside it.",
        rich_help_panel=PRIVACY,
    ),
]
