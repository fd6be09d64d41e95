"""What a run needs besides an account: settings, models, a camera, a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.doctor.examination import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from livecam.sources.camera_list import CameraListing


def settings() -> Finding:
    """Say whether the settings can be used, and where they are written.

    Raises:
        UsageError: they cannot.
    """
    from livecam.config import settings_file
    from livecam.config.loading import traced_settings

    _, written = traced_settings({})
    file = settings_file.in_use()
    count = f"{len(written)} set" if written else "all have their defaults"
    return Finding("ok", f"{file or 'no livecam.toml'}; {count}")


def models(folder: Path | None = None) -> Finding:
    """Say whether the on-device engine's models are the pinned ones.

    Raises:
        ModelMissing: one is not installed.
        ModelDamaged: one is not the pinned file.
    """
    from livecam.vision import model_files

    states = model_files.verify(folder)
    model_files.require_all(states)
    size = sum(state.size for state in states) / 1e6
    return Finding("ok", f"the on-device engine's are in {states[0].path.parent} ({size:.1f} MB)")


def cameras(
    listed: Callable[[], Sequence[CameraListing]] | None = None,
    why_none: Callable[[], str | None] | None = None,
) -> Finding:
    """Say which cameras give a picture; each is opened for a moment."""
    from livecam.sources.camera_list import list_cameras
    from livecam.sources.camera_trouble import why_no_camera

    found = (listed or list_cameras)()
    working = [camera for camera in found if camera.problem is None]
    failing = [camera for camera in found if camera.problem is not None]
    if not found:
        reason = (why_none or why_no_camera)()
        return Finding(
            "warning",
            "there is none" + (f": {reason}" if reason else ""),
            "plug one in, give a file or a stream; `livecam run demo` needs none",
        )
    if failing:
        named = "; ".join(f"{camera.device}: {camera.problem}" for camera in failing)
        return Finding("warning" if working else "problem", named, "`livecam cameras` says more")
    named = ", ".join(f"{camera.device} {camera.name or ''}".strip() for camera in working)
    return Finding("ok", f"{named} ({working[0].granted})")


def display(why: Callable[[], str | None] | None = None) -> Finding:
    """Say whether a window can be shown."""
    from livecam.sinks.display import why_no_window

    reason = (why or why_no_window)()
    if reason is None:
        return Finding("ok", "a window can be shown")
    return Finding("warning", f"no window: {reason}", "use --output, --trace or --json instead")
