from __future__ import annotations

import threading

import pytest
from urllib3 import HTTPResponse
from urllib3.exceptions import MaxRetryError

from livecam.sinks.webhook_retry import LetGo, Limits, PromptRetry

NO_JITTER = Limits(jitter=0.0)


class RecordedWaits(threading.Event):
    """An event that nobody waits for; it remembers for how long they would have."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


def an_answer(status: int = 503, retry_after: str | None = None) -> HTTPResponse:
    return HTTPResponse(status=status, headers={} if retry_after is None else {"Retry-After": retry_after})


def waits_for(retry_after: str | None, limits: Limits = NO_JITTER) -> list[float | None]:
    waits, answer = RecordedWaits(), an_answer(retry_after=retry_after)
    PromptRetry.within(limits, waits).increment("POST", "/", response=answer).sleep(answer)
    return waits.waits


def test_tries_are_further_and_further_apart_and_come_to_an_end() -> None:
    waits = RecordedWaits()
    retry = PromptRetry.within(NO_JITTER, waits)
    for _ in range(5):
        retry = retry.increment("POST", "/", response=an_answer())
        retry.sleep(an_answer())
    assert waits.waits == [0, 1.0, 2.0, 4.0, 8.0]
    with pytest.raises(MaxRetryError):
        retry.increment("POST", "/", response=an_answer())


def test_two_livecams_do_not_knock_at_the_same_instants() -> None:
    waits = RecordedWaits()
    for _ in range(5):
        retry = PromptRetry.within(Limits(), waits)
        for _ in range(2):
            retry = retry.increment("POST", "/", response=an_answer())
        retry.sleep()
    assert len(set(waits.waits)) > 1
    assert all(wait is not None and 1.0 <= wait <= 1.5 for wait in waits.waits)


def test_a_server_is_given_the_time_it_asks_for_up_to_a_limit() -> None:
    assert waits_for("7") == [7]
    assert waits_for("3600") == [30.0]
    assert waits_for("Fri, 31 Dec 2100 23:59:59 GMT") == [30.0]


def test_a_time_that_makes_no_sense_is_ignored() -> None:
    assert waits_for("soon") == [0]


def test_only_troubled_servers_are_tried_again() -> None:
    retry = PromptRetry.within(Limits(), threading.Event())
    tried = {status for status in range(200, 600) if retry.is_retry("POST", status, has_retry_after=True)}
    assert tried == {429, 500, 502, 503, 504}


def test_a_wait_ends_when_there_is_to_be_no_other_try() -> None:
    let_go = threading.Event()
    let_go.set()
    with pytest.raises(LetGo):
        PromptRetry.within(Limits(), let_go).sleep(an_answer(retry_after="30"))
