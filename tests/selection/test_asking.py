from __future__ import annotations

import math

import pytest

from livecam.selection.asking import ASK_AGAIN, GIVEN_UP, Asking
from tests.selection.evidence import a_seen_face

FACE = a_seen_face(0.0)


def asked(*instants: float) -> Asking:
    asking = Asking(longest_wait=10.0)
    for at in instants:
        asking.sent(at, had_changed=False)
    return asking


def test_it_was_asked_about_when_it_was_sent_or_answered_whichever_is_newer() -> None:
    assert asked().asked_at(a_seen_face(0.0)) == -math.inf
    assert asked(5.0).asked_at(a_seen_face(0.0)) == 5.0
    assert asked(5.0).asked_at(a_seen_face(0.0, answered_at=7.0)) == 7.0
    assert asked(5.0).asked_at(a_seen_face(0.0, answered_at=3.0)) == 5.0


def test_a_call_is_under_way_until_it_ends_one_way_or_the_other() -> None:
    for end in (Asking.named, Asking.missed, Asking.failed):
        asking = asked(5.0)
        assert asking.is_under_way(5.1, FACE)
        end(asking, 5.0)
        assert not asking.is_under_way(5.1, FACE), end.__name__


def test_a_call_is_over_once_a_face_has_an_answer_as_new() -> None:
    asking = asked(5.0)
    assert asking.is_under_way(5.1, a_seen_face(5.1, answered_at=4.9))
    assert not asking.is_under_way(5.1, a_seen_face(5.1, answered_at=5.0))


def test_a_call_of_which_nothing_is_heard_is_given_up() -> None:
    asking = asked(5.0)
    assert asking.is_under_way(5.0 + GIVEN_UP - 0.1, FACE)
    assert not asking.is_under_way(5.0 + GIVEN_UP, FACE)
    asking.sent(5.0 + GIVEN_UP, had_changed=True)
    assert asking.named(5.0) is None
    assert asking.named(5.0 + GIVEN_UP) is True


def test_what_failed_is_repeated_at_once() -> None:
    asking = asked(5.0)
    assert asking.failed(5.0)
    assert asking.is_to_be_repeated(5.0)
    asking.sent(5.6, had_changed=None)
    assert not asking.is_to_be_repeated(100.0)


def test_an_older_call_that_fails_changes_nothing() -> None:
    asking = asked(5.0, 5.6)
    assert not asking.failed(5.0)
    assert not asking.is_to_be_repeated(100.0)


def test_an_older_answer_does_not_make_up_for_a_newer_call_that_failed() -> None:
    asking = asked(5.0, 5.6)
    asking.failed(5.6)
    asking.named(5.0)
    assert asking.is_to_be_repeated(6.0)


def test_what_is_never_answered_is_asked_about_more_and_more_rarely() -> None:
    asking = asked()
    waits = []
    for _ in range(6):
        asking.sent(100.0, had_changed=None)
        asking.missed(100.0)
        waits.append(next(wait for wait in range(100) if asking.is_to_be_repeated(100.0 + wait)))
    assert waits == [1, 2, 4, 8, 10, 10]
    assert pytest.approx(waits[0]) == ASK_AGAIN
    asking.sent(200.0, had_changed=None)
    asking.named(200.0)
    asking.sent(300.0, had_changed=None)
    asking.missed(300.0)
    assert asking.is_to_be_repeated(301.0)


def test_an_answer_to_what_was_not_asked_counts_for_nothing() -> None:
    asking = asked(5.0)
    assert asking.missed(4.0) is None
    assert not asking.failed(4.0)
    assert asking.named(4.0) is None
    assert asking.is_under_way(5.1, FACE)


def test_the_answer_of_a_stand_in_does_not_make_up_for_a_call_that_failed() -> None:
    asking = asked(5.0)
    asking.failed(5.0)
    asking.named(5.3)
    assert asking.is_to_be_repeated(5.6)


def test_it_remembers_for_the_answer_whether_the_face_had_changed() -> None:
    asking = asked(5.0)
    asking.sent(6.0, had_changed=True)
    asking.sent(7.0, had_changed=None)
    assert (asking.named(6.0), asking.named(7.0), asking.named(5.0)) == (True, None, False)
