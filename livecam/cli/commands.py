"""The commands and their names; what typer itself has to say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from livecam import __version__
from livecam.cli import bench, clips, config, consent, models
from livecam.cli.cameras import cameras
from livecam.cli.demo import demo
from livecam.cli.doctor import doctor
from livecam.cli.local_aws import local_aws
from livecam.cli.record import record
from livecam.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Callable

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for a flag or command that there is not; it has no public name of its own."""

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(record)
app.command()(demo)
app.command()(cameras)
app.command()(doctor)
app.command()(local_aws)
app.add_typer(clips.app, name="clips", no_args_is_help=True)
app.add_typer(models.app, name="models")
app.add_typer(config.app, name="config", no_args_is_help=True)
app.add_typer(consent.app, name="consent", no_args_is_help=True)
app.add_typer(bench.app, name="bench", no_args_is_help=True)


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


def refuse(error: Any, without_secrets: Callable[[str], str]) -> int:  # noqa: ANN401  see USAGE_ERROR
    """Print what typer found wrong, as typer would, and return the exit code.

    Args:
        error: a `USAGE_ERROR`; it may repeat an argument, such as a stream's address.
        without_secrets: takes them out of what is printed.
    """
    from typer import rich_utils

    error.message = without_secrets(error.message)
    rich_utils.rich_format_error(error)
    return int(error.exit_code)
