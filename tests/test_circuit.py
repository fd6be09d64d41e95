from __future__ import annotations

import pytest

from livecam.circuit import FIRST_WAIT, LONGEST_WAIT, OPENS_AFTER, Circuit, Failure

LASTING = Failure("ExpiredTokenException", is_lasting=True)
PASSING = Failure("InternalServerError")
THROTTLE = Failure("ThrottlingException", is_throttle=True)


def an_open_circuit(failure: Failure = LASTING, *, at: float = 100.0) -> Circuit:
    circuit = Circuit()
    circuit.begin(at - 0.3)
    assert circuit.failed(failure, at - 0.3, at) == FIRST_WAIT
    return circuit


def probe(circuit: Circuit, at: float, failure: Failure) -> float | None:
    """Let the probe that begins at an instant fail at once."""
    assert circuit.allows(at)
    circuit.begin(at)
    return circuit.failed(failure, at, at)


def test_it_is_closed_at_first() -> None:
    circuit = Circuit()
    assert circuit.allows(0.0)
    assert not circuit.is_open


def test_a_lasting_failure_opens_it_at_once() -> None:
    circuit = an_open_circuit()
    assert circuit.is_open
    assert not circuit.allows(100.0)
    assert not circuit.allows(104.9)


def test_several_failures_in_a_row_open_it() -> None:
    circuit = Circuit()
    told = [circuit.failed(PASSING, at, at) for at in range(OPENS_AFTER)]
    assert told == [None] * (OPENS_AFTER - 1) + [FIRST_WAIT]


def test_an_answer_between_failures_starts_the_count_anew() -> None:
    circuit = Circuit()
    for at in range(20):
        if at % OPENS_AFTER == OPENS_AFTER - 1:
            assert circuit.succeeded(at, at) is None
        else:
            assert circuit.failed(PASSING, at, at) is None
    assert not circuit.is_open


def test_throttles_never_open_it() -> None:
    circuit = Circuit()
    assert [circuit.failed(THROTTLE, at, at) for at in range(50)] == [None] * 50


def test_throttles_do_not_hide_failures_between_them() -> None:
    circuit = Circuit()
    told = [circuit.failed(failure, 0.0, 0.0) for failure in [PASSING, THROTTLE] * OPENS_AFTER]
    assert told.count(FIRST_WAIT) == 1


def test_after_a_while_one_call_may_be_made_and_no_second_one() -> None:
    circuit = an_open_circuit(at=100.0)
    assert circuit.allows(105.0)
    circuit.begin(105.0)
    assert circuit.is_open
    assert not circuit.allows(105.1)
    assert not circuit.allows(1000.0)


def test_a_probe_that_is_answered_closes_it() -> None:
    circuit = an_open_circuit(at=100.0)
    circuit.begin(105.0)
    assert circuit.succeeded(105.0, 105.5) == 5.5
    assert circuit.allows(105.5)
    assert circuit.failed(PASSING, 106.0, 106.0) is None


def test_a_probe_that_fails_keeps_it_open_for_longer_and_is_not_told_again() -> None:
    circuit, at, waits = an_open_circuit(at=100.0), 100.0, []
    wait = FIRST_WAIT
    for _ in range(6):
        at += wait
        assert probe(circuit, at, LASTING) is None
        wait = next(seconds for seconds in range(200) if circuit.allows(at + seconds))
        waits.append(wait)
    assert waits == [10, 20, 40, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]


def test_another_reason_is_told() -> None:
    circuit = an_open_circuit(LASTING, at=100.0)
    assert probe(circuit, 105.0, Failure("AccessDeniedException", is_lasting=True)) == 10.0
    assert probe(circuit, 115.0, Failure("AccessDeniedException", is_lasting=True)) is None
    assert probe(circuit, 135.0, LASTING) == 40.0


def test_a_throttled_probe_is_neither_good_nor_bad() -> None:
    circuit = an_open_circuit(at=100.0)
    assert probe(circuit, 105.0, THROTTLE) is None
    assert circuit.is_open
    assert not circuit.allows(109.9)
    assert circuit.allows(110.0)


@pytest.mark.parametrize("began_at", [99.9, 100.0])
def test_what_calls_say_that_began_before_it_opened_changes_nothing(began_at: float) -> None:
    circuit = an_open_circuit(at=100.0)
    assert circuit.succeeded(began_at, 100.2) is None
    assert circuit.failed(PASSING, began_at, 100.2) is None
    assert circuit.is_open
    assert circuit.allows(105.0)
    circuit.begin(105.0)
    assert circuit.succeeded(began_at, 105.1) is None
    assert circuit.failed(LASTING, began_at, 105.1) is None
    assert not circuit.allows(105.2)
    assert circuit.succeeded(105.0, 105.3) is not None


def test_once_closed_it_begins_with_the_short_wait_again() -> None:
    circuit = an_open_circuit(at=100.0)
    assert probe(circuit, 105.0, LASTING) is None
    circuit.begin(115.0)
    circuit.succeeded(115.0, 115.0)
    assert circuit.failed(LASTING, 116.0, 116.0) == FIRST_WAIT
    assert circuit.allows(121.0)
