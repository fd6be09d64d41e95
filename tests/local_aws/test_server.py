from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from livecam.errors import UsageError
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import plan_from
from livecam.local_aws.server import in_background, in_foreground
from tests.local_aws.clients import connected, everything_from, signed_request

if TYPE_CHECKING:
    from livecam.local_aws.endpoint import Endpoint

PATIENCE = 10.0
"""Seconds for something that takes milliseconds on an idle machine."""
SETUP = Setup(eyes=CannedEyes(), with_moto=False)


def test_it_ends_although_clients_are_connected_and_wait() -> None:
    before = set(threading.enumerate())
    plan = plan_from({"faults": [{"kind": "stall"}]}, "test")
    with ExitStack() as clients:
        with in_background(Setup(eyes=CannedEyes(), with_moto=False, plan=plan)) as running:
            clients.enter_context(connected(running.port))
            waiting = clients.enter_context(connected(running.port))
            waiting.sendall(signed_request(running.url))
            running.requests()
        assert everything_from(waiting) == b""
    for thread in set(threading.enumerate()) - before:
        # A call that was being worked on ends by itself, and nobody waits for it.
        thread.join(PATIENCE)
        assert not thread.is_alive(), thread


def test_what_keeps_it_from_starting_is_raised_to_whoever_asked() -> None:
    with ExitStack() as endpoints:
        running = endpoints.enter_context(in_background(SETUP))
        with pytest.raises(UsageError, match="--port"):
            endpoints.enter_context(
                in_background(Setup(port=running.port, eyes=CannedEyes(), with_moto=False))
            )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_in_the_foreground_with_the_usual_code(number: signal.Signals, code: int) -> None:
    before = signal.getsignal(number)
    announced: list[str] = []

    def announce(endpoint: Endpoint) -> None:
        announced.append(endpoint.url)
        signal.raise_signal(number)

    assert in_foreground(SETUP, announce) == code
    assert announced[0].startswith("http://127.0.0.1:")
    assert signal.getsignal(number) is before
