"""`livecam cameras`: which cameras there are and what each grants."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def cameras(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")] = False,
) -> None:
    """List cameras; each is opened for a moment to see what it grants."""
    import dataclasses

    from livecam.clock import SystemClock
    from livecam.sources.camera_list import list_cameras

    found = list_cameras(SystemClock())
    if as_json:
        listing = [dataclasses.asdict(camera) for camera in found]
        print(json.dumps({"schema": "livecam.cameras/1", "cameras": listing}))
        return
    for camera in found:
        print(f"{camera.device}  {camera.name or ''}  {camera.granted or camera.problem}")
    if not found:
        print("no camera found; `livecam run demo` needs none")
