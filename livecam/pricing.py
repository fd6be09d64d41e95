"""What calls cost: a dated price table, and sums in whole billionths of a dollar. Pure: reads no file.

AWS changes its prices without a word to livecam, and they differ by Region: what is said here is said with
its date, and a file of the user's replaces it. A figure that nobody read at AWS is marked as unconfirmed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

NANO = 1_000_000_000
"""Parts of a dollar in which sums are kept: five hundred times $0.001 is $0.50 then, and no bit more."""
OPERATIONS = {"DetectFaces": "detect_faces"}
"""Operations that are paid per call -> their figure."""
CLIP_MINUTE = "clip_minute"
FIGURES = (*OPERATIONS.values(), CLIP_MINUTE)
_WORDS = ("as_of", "note")
_LEAST_TOLD = 0.1
"""Dollars below which three digits after the point are told."""
_MOST = 1000.0
"""Dollars per call or minute; a higher price is surely a slip."""


@dataclass(frozen=True, slots=True)
class Tier:
    """What each call costs up to so many of them in a month."""

    up_to: int | None
    """Calls of the month, in all; None without an end."""
    usd: float


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices of one day."""

    as_of: str
    """The day on which they were read, such as "2026-10-07"."""
    note: str
    """Whose prices they are, with the date; for people."""
    detect_faces: tuple[Tier, ...]
    """Per image, in ascending order; the last one has no end."""
    video_minute: float
    """USD per minute of stored video whose faces are detected."""
    unconfirmed: frozenset[str] = frozenset()
    """Figures that are taken for right without AWS's own word, of `FIGURES`."""

    def call(self, operation: str = "DetectFaces", *, already: int = 0) -> float:
        """Return what the next call costs, in USD.

        Args:
            operation: AWS's name of it.
            already: calls of this month before it; a run does not know them and takes the first tier.

        Raises:
            KeyError: it is not paid per call.
        """
        tiers: tuple[Tier, ...] = getattr(self, OPERATIONS[operation])
        return next(tier.usd for tier in tiers if tier.up_to is None or already < tier.up_to)

    def calls(self, count: int, *, operation: str = "DetectFaces") -> float:
        """Return what the first `count` calls of a month cost together, in USD."""
        total, before = 0.0, 0
        for tier in getattr(self, OPERATIONS[operation]):
            upper = count if tier.up_to is None else min(count, tier.up_to)
            total += max(upper - before, 0) * tier.usd
            before = upper
        return total

    def clip_minute(self) -> float:
        """Return what a minute of stored video costs, in USD."""
        return self.video_minute

    def is_confirmed(self, figure: str) -> bool:
        """Return whether a figure is AWS's own word, or the user's."""
        return figure not in self.unconfirmed

    def replaced(self, record: Mapping[str, Any], where: str) -> PriceTable:
        """Return the table with the figures of a user's file in place of its own.

        Args:
            record: of `detect_faces` and `clip_minute` (USD), `as_of` and `note` (texts).
            where: the file, for messages.

        Raises:
            UsageError: a key is unknown, or a value is no price.
        """
        for key, value in record.items():
            if key not in (*FIGURES, *_WORDS):
                named = key if key.isprintable() else repr(key)
                raise UsageError(
                    f"{where}: {named} is no price; give some of {', '.join((*FIGURES, *_WORDS))}"
                )
            _check(key, value, where)
        given = {key: float(record[key]) for key in FIGURES if key in record}
        call, minute = given.get("detect_faces"), given.get(CLIP_MINUTE, self.video_minute)
        as_of = str(record.get("as_of", self.as_of))
        return replace(
            self,
            as_of=as_of,
            note=str(record.get("note", f"as {where} says" if given else self.note)),
            detect_faces=self.detect_faces if call is None else (Tier(None, call),),
            video_minute=minute,
            unconfirmed=self.unconfirmed - set(given),
        )


US_EAST = PriceTable(
    as_of="2026-10-07",
    note="US East list price of 2026-10-07",
    detect_faces=(
        Tier(1_000_000, 0.0010),
        Tier(5_000_000, 0.0008),
        Tier(35_000_000, 0.0006),
        Tier(None, 0.0006),
    ),
    video_minute=0.10,
    unconfirmed=frozenset({CLIP_MINUTE}),
)
"""What AWS asks in its cheapest Regions; elsewhere it may be more. The first two tiers were read on that day;
the third, what follows it, and stored video, which is taken to cost what its labels do, are not confirmed."""


def nano(usd: float) -> int:
    """Return dollars as whole billionths."""
    return round(usd * NANO)


def usd(nanodollars: int) -> float:
    """Return whole billionths as dollars."""
    return nanodollars / NANO


def dollars(amount: float) -> str:
    """Return a sum for people: "$3.60", and below ten cents "$0.042"."""
    if amount and abs(amount) < _LEAST_TOLD / 100:
        return f"${amount:.4f}"
    return f"${amount:.3f}" if amount and abs(amount) < _LEAST_TOLD else f"${amount:,.2f}"


def refuse_too_small(flag: str, whole: float, each: float) -> None:
    """Refuse a budget that pays no call.

    Args:
        flag: what it is called on the command line.
        whole: the budget, USD.
        each: what a call costs, USD.

    Raises:
        UsageError: it pays none.
    """
    if nano(whole) < nano(each):
        raise UsageError(
            f"{flag} {whole:g} cannot be used: one call costs {dollars(each)}; give at least that"
        )


def _check(key: str, value: object, where: str) -> None:
    """Refuse what is no value of a price file's key."""
    if key in _WORDS:
        if not str(value).strip() or isinstance(value, bool | int | float | list | dict):
            raise UsageError(f"{where}: {key} = {value!r} cannot be used: give a text, such as 2026-10-07")
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(float(str(value))) or not 0 <= float(str(value)) <= _MOST:
        raise UsageError(
            f"{where}: {key} = {value!r} cannot be used: give dollars from 0 to {_MOST:g}, such as 0.001"
        )
