from __future__ import annotations

from livecam.archive.leftovers import Leftovers


def test_the_newest_reason_is_told_until_all_is_taken_up() -> None:
    leftovers = Leftovers()
    told = [leftovers.why]
    for why in ("the disk is full", "the ledger is locked"):
        leftovers.note(why)
        told.append(leftovers.why)
    is_ledger = [leftovers.is_ledger]
    leftovers.note("the ledger is locked", is_ledger=True)
    leftovers.note("the disk is full")
    is_ledger.append(leftovers.is_ledger)
    leftovers.begin()
    leftovers.end()
    assert [*is_ledger, leftovers.is_ledger] == [False, True, False]
    assert [*told, leftovers.why] == [None, "the disk is full", "the ledger is locked", None]


def test_what_stands_in_the_way_again_is_told_without_a_break() -> None:
    leftovers = Leftovers()
    leftovers.note("the ledger is locked", is_ledger=True)
    leftovers.begin()
    told = [(leftovers.why, leftovers.is_ledger)]
    leftovers.note("the ledger is still locked", is_ledger=True)
    leftovers.end()
    assert [*told, (leftovers.why, leftovers.is_ledger)] == [
        ("the ledger is locked", False),
        ("the ledger is still locked", True),
    ]
