"""Whose pictures have their faces covered: what the settings `blur` and `blur_outside_roi` ask for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam.errors import UsageError
from livecam.overlay.cover import Cover
from livecam.overlay.shield import Shield, ShieldedPainter

if TYPE_CHECKING:
    from livecam.config import Settings
    from livecam.protocols import Painter

log = logging.getLogger(__name__)


def refuse_blind(settings: Settings, *, has_eyes: bool) -> None:
    """Refuse blurring that could blur nothing but everything, or has no region to leave alone.

    Raises:
        UsageError: nobody would look for faces, or `blur_outside_roi` stands without what it needs.
    """
    if settings.blur_outside_roi and (settings.blur == "off" or settings.roi is None):
        missing = "--blur shown, recorded or all" if settings.blur == "off" else "--roi L,T,W,H"
        raise UsageError(f"--blur-outside-roi leaves the faces in a region as they are; give {missing}, too")
    if settings.blur != "off" and not has_eyes:
        raise UsageError(
            f"--blur {settings.blur} needs somebody who looks for faces, and with --detector"
            f" {settings.detector} and --finder {settings.finder} nobody does; give"
            " --detector on-device or, but for still pictures, --finder auto"
        )


def warn_of_blurred_clips(settings: Settings) -> None:
    """Say once that what is analysed in stored video would be blurred."""
    if blurs_recorded(settings) and settings.analyze:
        log.warning(
            "clips are recorded with blurred faces (--blur %s), so that Rekognition will find hardly any"
            " face in them, and its minutes are paid all the same",
            settings.blur,
        )


def blurs_recorded(settings: Settings) -> bool:
    """Return whether clips are recorded with their faces covered."""
    return settings.blur in ("recorded", "all")


def cover_of(settings: Settings) -> Cover:
    """Return what is covered."""
    return Cover(settings.roi, spares_region=settings.blur_outside_roi)


def shield_of(settings: Settings, *, are_stills: bool) -> Shield | None:
    """Return what covers the faces that people are shown; None where they are shown as they are."""
    return Shield(cover_of(settings), are_stills=are_stills) if settings.blur in ("shown", "all") else None


def shielded(painter: Painter | None, shield: Shield | None) -> Painter | None:
    """Return a painter that paints on covered faces, if they are."""
    return painter if painter is None or shield is None else ShieldedPainter(painter, shield)
