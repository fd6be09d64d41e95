"""`livecam doctor --paid`: one real call about a drawn picture; where its time went, and what came back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.doctor.examination import Finding
from livecam.errors import LivecamError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.bench.image import ImageResult, Payload
    from livecam.clock import Clock
    from livecam.compose.detector import Permission
    from livecam.config import Settings
    from livecam.frames import Image

NEEDED = ("settings", "credentials", "endpoint", "clock", "identity", "region")
"""Checks without which no call is made: it could not be answered."""
NAME = "drawn-face.jpg"
SIZE = (320, 240)
"""Pixels (width, height)."""
_FACE, _DARK, _LIGHT = (150, 180, 225), (40, 40, 50), (235, 235, 235)
"""BGR."""


def paid_call(
    settings: Settings | None, found: Mapping[str, Finding], permission: Permission, clock: Clock
) -> Finding:
    """Make one call of DetectFaces, unless a check has told why it would fail; say its price before.

    Args:
        settings: as a run would have them; None when they cannot be used.
        found: what the checks found.
        permission: whether the picture may leave this machine.
        clock: times it.
    """
    failed = [name for name in NEEDED if name in found and found[name].state == "fail"]
    if failed or settings is None or found["credentials"].state == "skip":
        return Finding("skip", f"not made, and nothing paid: see {', '.join(failed) or 'credentials'}")
    from livecam.compose.image_bench import measure_image

    try:
        _say_price(settings)
        result = measure_image(settings, drawn_payload(), 1, permission, clock)
        return _answered(settings, result)
    except LivecamError as error:
        return Finding("fail", str(error))


def drawn_payload() -> Payload:
    """Return what is sent: a face of a few ellipses, in a small JPEG; nobody is in it."""
    from livecam.bench.image import QUALITY, Payload
    from livecam.encoding.jpeg import encode_jpeg

    image = drawn_face()
    jpeg = encode_jpeg(image, width=SIZE[0], quality=QUALITY)
    return Payload(Path(NAME), image, jpeg.data, jpeg.width, jpeg.height, "a drawn face", is_as_it_is=True)


def drawn_face() -> Image:
    """Return a drawn face, shape (240, 320, 3), BGR."""
    import numpy as np

    from livecam.native import cv2

    image = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    cv2.ellipse(image, (160, 120), (62, 84), 0, 0, 360, _FACE, cv2.FILLED)
    cv2.ellipse(image, (160, 62), (64, 36), 0, 180, 360, _DARK, cv2.FILLED)
    for across in (134, 186):
        cv2.ellipse(image, (across, 104), (13, 7), 0, 0, 360, _LIGHT, cv2.FILLED)
        cv2.circle(image, (across, 104), 6, _DARK, cv2.FILLED)
        cv2.ellipse(image, (across, 90), (16, 5), 0, 180, 360, _DARK, 3)
    cv2.line(image, (160, 108), (154, 138), _DARK, 2)
    cv2.ellipse(image, (160, 158), (26, 14), 0, 0, 180, _DARK, 4)
    return image


def _say_price(settings: Settings) -> None:
    """Say on standard error what the call costs, before it is made."""
    from livecam.aws.whoami import look_up
    from livecam.compose.cost import prices_of
    from livecam.compose.detector import access_of
    from livecam.consent import is_needed
    from livecam.pricing import dollars

    endpoint, table = look_up(access_of(settings)).endpoint_url or "", prices_of(settings)
    price = f"{dollars(table.call())} ({table.note})"
    if not is_needed(endpoint):
        price = "nothing, as the endpoint is on this machine"
    print(f"livecam: --paid makes one call of DetectFaces; it costs {price}", file=sys.stderr, flush=True)


def _answered(settings: Settings, result: ImageResult) -> Finding:
    from livecam.compose.image_bench import cost_of_calls
    from livecam.pricing import dollars

    call = result.calls[0]
    parts = ", ".join(f"{name} {1000 * part:.0f}" for name, part in call.parts.items() if part >= 0.0005)  # noqa: PLR2004  half a ms
    cost, note = cost_of_calls(settings, result)
    price = f"it cost {dollars(cost)} ({note})" if cost else f"it cost nothing ({note})"
    faces = f"{len(result.faces)} face{'s' * (len(result.faces) != 1)}" if result.faces else "no face"
    return Finding(
        "ok",
        f"an answer came after {1000 * call.seconds:.0f} ms ({parts}), the connection being opened for it:"
        f" {faces} in a drawn picture; {price}",
        "a run keeps its connections, so that connect falls away there",
    )
