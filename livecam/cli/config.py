"""`livecam config`: write a settings file, say what holds and why, say where things are kept."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from livecam.errors import OutputError, UsageError
from livecam.whole_file import make_folder

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.cli.places import Place
    from livecam.config import Settings
    from livecam.config.written import Written

SETTINGS_SCHEMA = "livecam.config/1"
PATHS_SCHEMA = "livecam.paths/1"

app = typer.Typer(help="Settings: write a file of them, see what holds, see where things are kept.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")]


@app.command()
def init(
    user: Annotated[
        bool, typer.Option("--user", help="Write the user's file, which holds in every folder.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a livecam.toml with every setting explained and commented out."""
    from livecam.config import commented_file, settings_file

    here, of_the_user = settings_file.candidates()
    path = of_the_user if user else here
    _write(path, commented_file.commented_file(), is_forced=force)
    print(f"{path}: written; remove the # before a setting to use it")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Say which value every setting has and where it came from; secrets are masked."""
    from livecam import logs
    from livecam.config.loading import traced_settings

    logs.configure()
    settings, written = traced_settings({})
    if as_json:
        print(json.dumps({"schema": SETTINGS_SCHEMA, "settings": _as_records(settings, written)}))
        return
    rows = [
        (key, _shown(record["value"]), record["where"] or record["origin"])
        for key, record in _as_records(settings, written).items()
    ]
    print(*_aligned(rows), sep="\n")


@app.command()
def paths(as_json: AsJson = False) -> None:
    """Say where livecam keeps things, how large they are, and the command that removes each."""
    from livecam.cli.places import places

    found = places()
    if as_json:
        print(json.dumps({"schema": PATHS_SCHEMA, "places": [_as_place(place) for place in found]}))
        return
    for place in found:
        print(f"{place.what}: {place.path} ({_state(place)})")
        if place.remove:
            print(f"    {place.remove}")
    print("Outputs, log files and snapshots are where you asked for them; nothing else is kept.")


def _write(path: Path, text: str, *, is_forced: bool) -> None:
    # Exclusive, so that nothing is overwritten; for its owner only, since it may come to hold a secret.
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_forced else os.O_EXCL)
    try:
        make_folder(path.parent)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already; --force overwrites it") from error
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}; choose another folder") from error


def _as_records(settings: Settings, written: dict[str, Written]) -> dict[str, dict[str, Any]]:
    from livecam.config import masking

    return {
        key: {
            "value": masking.plain(key, getattr(settings, key)),
            "origin": written[key].origin if key in written else "default",
            "where": written[key].where if key in written else None,
        }
        for key in type(settings).model_fields
    }


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value) or "none"
    return value if isinstance(value, str) else json.dumps(value)


def _aligned(rows: list[tuple[str, str, str]]) -> list[str]:
    """Return the rows as lines with their columns below each other; a long value does not widen the rest."""
    key_width = max(len(key) for key, _, _ in rows)
    value_width = min(24, max(len(value) for _, value, _ in rows))
    return [f"{key:{key_width}}  {value:{value_width}}  {where}" for key, value, where in rows]


def _state(place: Place) -> str:
    if place.size is None:
        return "not there"
    return f"{place.size:,} bytes" + ("" if place.is_in_use else ", not in use")


def _as_place(place: Place) -> dict[str, Any]:
    return {
        "what": place.what,
        "path": str(place.path),
        "bytes": place.size,
        "in_use": place.is_in_use,
        "remove": place.remove,
    }
