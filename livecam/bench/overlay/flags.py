"""A request from what is written on a command line."""

from __future__ import annotations

import logging
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.bench.overlay.conventions import parse_convention
from livecam.bench.overlay.request import METHODS, Request
from livecam.errors import DetectorError, UsageError
from livecam.vision.model_files import FACE_FINDER, load_verified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)

DEMO = "demo"
WITH_FINDER = "merged"
"""The method that needs the on-device finder."""
_TIME = re.compile(r"(?P<number>\d+\.?\d*|\.\d+)(?P<unit>ms|s)?")
_NUMBERS = {
    "rate": "answers per second, such as 2",
    "jitter": "a spread, such as 0.5",
    "misses": "a share, 0 to 1",
    "noise": "a share of the face, such as 0.03",
    "duration": "seconds, such as 20",
}
"""Flags that are a number, and what to give them."""


def request_from(clips: Sequence[str], given: Mapping[str, str | None], *, shake: bool = False) -> Request:
    """Return what a command line asks for.

    The on-device finder is left out, and one line in the log says so, where its model is missing and
    nobody asked for it.

    Args:
        clips: video files; none, or "demo" alone, for the demo scene.
        given: texts of the flags by name without dashes (`truth`, `latency`, `rate`, `jitter`, `misses`,
            `convention`, `noise`, `speed`, `finder`, `method`, `seed`, `duration`); None and what is left
            out is the default.
        shake: whether a virtual camera shakes.

    Raises:
        UsageError: one of them cannot be used; the message names it.
        ModelMissing: the finder was asked for and its model is not installed.
        ModelDamaged: the same, and its model is not the pinned one.
    """
    texts = {name: text for name, text in given.items() if text is not None}
    numbers = {name: _number(name, texts[name], need) for name, need in _NUMBERS.items() if name in texts}
    default = Request()
    finder, methods = _finder_and_methods(texts.get("finder", "auto"), texts.get("method"))
    try:
        return Request(
            clips=_clips(clips),
            truth=_truth(texts["truth"]) if "truth" in texts else None,
            latency=_latency(texts["latency"]) if "latency" in texts else default.latency,
            rate=numbers.get("rate", default.rate),
            jitter=numbers.get("jitter", default.jitter),
            misses=numbers.get("misses", default.misses),
            convention=parse_convention(texts["convention"]) if "convention" in texts else default.convention,
            noise=numbers.get("noise", default.noise),
            shake=shake,
            speed=_whole("speed", texts["speed"]) if "speed" in texts else default.speed,
            finder=finder,
            methods=methods,
            seed=_whole("seed", texts["seed"]) if "seed" in texts else default.seed,
            max_seconds=numbers.get("duration"),
        )
    except UsageError as error:
        # What the request calls by another name than the flag.
        raise UsageError(str(error).replace("max_seconds", "duration")) from error


def _clips(clips: Sequence[str]) -> tuple[Path, ...]:
    if list(clips) == [DEMO] and not Path(DEMO).exists():
        return ()
    for clip in clips:
        if not Path(clip).is_file():
            raise UsageError(f"clip {clip} is not a file; give a video file, or none for the demo scene")
    return tuple(map(Path, clips))


def _truth(text: str) -> Path:
    if not Path(text).is_file():
        raise UsageError(f"--truth {text} is not a file; give the faces of each frame as JSON lines")
    return Path(text)


def _latency(text: str) -> float:
    """Return seconds of "0.34", "0.34s" or "340ms"."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"--latency {text} is not a time; write 0.34 (seconds) or 340ms")
    return float(found["number"]) / (1000 if found["unit"] == "ms" else 1)


def _number(name: str, text: str, need: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"--{name} {text} is not a number; give {need}")
    return number


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise UsageError(f"--{name} {text} is not a whole number; give one such as 1") from error


def _finder_and_methods(finder: str, method: str | None) -> tuple[float | None, tuple[str, ...]]:
    """Return the finder's looks per second or None, and the methods that are possible with that."""
    asked = METHODS if method is None else _methods(method)
    looks = _looks(finder, is_needed=method is not None and WITH_FINDER in asked)
    if looks is not None:
        return looks, asked
    if method is not None and WITH_FINDER in asked:
        raise UsageError(f"--method {WITH_FINDER} needs the on-device finder; leave out --finder off")
    return None, tuple(name for name in asked if name != WITH_FINDER)


def _methods(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [name for name in names if name not in METHODS]
    if unknown or not names:
        raise UsageError(f"--method {text} is not understood; give some of {', '.join(METHODS)}")
    # The order of the table is always the same.
    return tuple(name for name in METHODS if name in names)


def _looks(text: str, *, is_needed: bool) -> float | None:
    """Return the finder's looks per second; None where it is off."""
    word = text.strip().lower()
    if word == "off":
        return None
    is_auto = word == "auto"
    looks = Request().finder if is_auto else _number("finder", word, "auto, off or looks per second")
    try:
        load_verified(FACE_FINDER)
    except DetectorError as error:
        if is_needed or not is_auto:
            raise
        log.warning("the on-device finder is left out, and with it %s: %s", WITH_FINDER, error)
        return None
    return looks
