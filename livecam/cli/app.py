"""The `livecam` command: hands over to the commands, and turns errors into one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from livecam import __version__
from livecam.cli import models
from livecam.cli.cameras import cameras
from livecam.cli.demo import demo
from livecam.cli.run import run
from livecam.errors import LivecamError, SourceUnavailable
from livecam.redaction import redact

if TYPE_CHECKING:
    from types import FrameType

SOURCE_HINT = "`livecam cameras` lists cameras, `livecam run demo` needs none"

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(demo)
app.command()(cameras)
app.add_typer(models.app, name="models")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"livecam {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watch a camera and see what each face appears to express, live."""


def main() -> NoReturn:
    """Run the command line; never a traceback unless --debug."""
    _end_on_signals()
    try:
        app()
    except LivecamError as error:
        if "--debug" in sys.argv:
            raise
        hint = f" ({SOURCE_HINT})" if isinstance(error, SourceUnavailable) else ""
        _say(f"{error}{hint}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has left; writing more at exit would say so again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        _say(f"internal error: {type(error).__name__}: {error}; --debug shows where")
        sys.exit(1)
    sys.exit(0)


def _say(message: str) -> None:
    print(f"livecam: {redact(' '.join(message.split()))}", file=sys.stderr)


def _end_on_signals() -> None:
    """End with the usual codes before a run has taken the signals over."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
