"""`livecam cameras`: which cameras there are, and what works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from livecam.sources.camera_list import CameraListing

SCHEMA = "livecam.cameras/1"
WIDTH = 80
"""Columns that a list is wrapped to."""


def cameras(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")] = False,
    stills: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save a picture of each camera that works into this folder."),
    ] = None,
) -> None:
    """List cameras and their modes; each is opened for a moment to see what works."""
    import dataclasses

    from livecam.sources.camera_list import list_cameras
    from livecam.sources.camera_trouble import why_no_camera

    found = list_cameras(stills=stills)
    if as_json:
        listing = [dataclasses.asdict(camera) for camera in found]
        print(json.dumps({"schema": SCHEMA, "cameras": listing}))
        return
    for camera in found:
        print(*camera_lines(camera), sep="\n")
    if not found:
        reason = why_no_camera()
        print("no camera found" + (f": {reason}" if reason else "") + "; `livecam run demo` needs none")


def camera_lines(camera: CameraListing) -> list[str]:
    """Return what is printed of one camera."""
    from livecam.sources.camera_list import mode_texts

    place = f" ({camera.bus})" if camera.bus else ""
    lines = [f"{camera.device}  {camera.name or 'without a name'}{place}"]
    if camera.problem:
        lines += _field("problem", camera.problem)
    else:
        lines += _field("works", camera.granted or "")
    for index, text in enumerate(mode_texts(camera.modes)):
        lines += _field("" if index else "modes", text)
    if camera.still:
        lines += _field("still", camera.still)
    return lines


def _field(name: str, text: str) -> list[str]:
    """Return a named text, wrapped and aligned with the others."""
    import textwrap

    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"  {name:<9}",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
