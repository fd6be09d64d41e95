"""Waits between tries."""

from __future__ import annotations

from livecam.backoff import FIRST, LONGEST, Backoff


def test_waits_double_up_to_the_limit() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    waits = [backoff.next() for _ in range(8)]
    assert waits[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert waits[-2:] == [LONGEST, LONGEST]
    assert [Backoff(longest=0.25, draw=lambda: 1.0).next()] == [0.25]


def test_a_success_begins_anew() -> None:
    backoff = Backoff(draw=lambda: 1.0)
    backoff.next()
    backoff.next()
    backoff.reset()
    assert backoff.next() == FIRST


def test_a_wait_is_drawn_from_the_upper_half_of_its_range() -> None:
    assert Backoff(draw=lambda: 0.0).next() == FIRST / 2
    assert len({Backoff().next() for _ in range(20)}) > 1
