"""A request from what is written on a command line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livecam.bench.overlay import flags as overlay
from livecam.bench.selection.request import Request
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHARED = ("latency", "rate", "seed")
"""Flags that mean the same to the bench of overlays."""
_NEEDED = {"finder": "5", "method": overlay.WITH_FINDER}
"""Policies go by what the on-device finder sees: without its model there is nothing to measure."""


def request_from(clips: Sequence[str], given: Mapping[str, str | None], *, price_usd: float) -> Request:
    """Return what a command line asks for.

    Args:
        clips: video files; none, or "demo" alone, for the office scene.
        given: texts of the flags by name without dashes (`policy`, `latency`, `rate`, `wrong`, `minutes`,
            `variant`, `seed`); None and what is left out is the default.
        price_usd: of one call.

    Raises:
        UsageError: one of them cannot be used; the message names it.
        ModelMissing: the on-device finder is not installed.
        ModelDamaged: its model is not the pinned one.
    """
    texts = {name: text for name, text in given.items() if text is not None}
    default = Request()
    own = Request(
        wrong=_number(texts, "wrong", default.wrong, "a share, 0 to 1"),
        minutes=_number(texts, "minutes", default.minutes, "minutes, such as 10"),
        variant=texts.get("variant", default.variant).strip().lower(),
        policies=_policies(texts["policy"]) if "policy" in texts else default.policies,
        price_usd=price_usd,
    )
    if clips and "variant" in texts:
        raise UsageError("--variant is of the office scene; leave it out, or the clips")
    shared = overlay.request_from(clips, {name: texts.get(name) for name in _SHARED} | _NEEDED)
    return Request(
        clips=shared.clips,
        policies=own.policies,
        rate=shared.rate,
        latency=shared.latency,
        wrong=own.wrong,
        minutes=own.minutes,
        variant=own.variant,
        seed=shared.seed,
        price_usd=price_usd,
    )


def _number(texts: Mapping[str, str], name: str, default: float, need: str) -> float:
    text = texts.get(name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"--{name} {text} is not a number; give {need}")
    return number


def _policies(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    if not names:
        raise UsageError(f"--policy {text!r} names none; give some of every, every@0.5, changed, smart")
    return names
