"""The flags about the view in a browser; texts, as in `options.py`."""

from __future__ import annotations

from typing import Annotated

import typer

from livecam.cli.options import PICTURE

Host = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Where the browser view listens; 0.0.0.0 for other machines too. (default: 127.0.0.1)",
        rich_help_panel=PICTURE,
    ),
]
Port = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="Port of the browser view; 0 for any that is free. (default: 8600)",
        rich_help_panel=PICTURE,
    ),
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Another name by which the browser view may be called; again for more.",
        show_default=False,
        rich_help_panel=PICTURE,
    ),
]
NoOpen = Annotated[
    bool | None,
    typer.Option(
        "--no-open", help="Print the browser view's address; open no browser.", rich_help_panel=PICTURE
    ),
]
