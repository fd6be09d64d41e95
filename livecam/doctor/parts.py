"""Checks of what a run is made with: settings and models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.doctor.examination import Finding

if TYPE_CHECKING:
    from pathlib import Path


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
    return Finding(
        "ok", f"{len(states)} files in {states[0].path.parent} ({size:.1f} MB), each with its SHA-256"
    )
