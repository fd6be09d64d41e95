"""Opening a source, once or until it is there."""

from __future__ import annotations

import asyncio
import threading

import pytest

from livecam.errors import SourceUnavailable
from livecam.events import SourceAwaited
from livecam.frames import SourceInfo
from livecam.pipeline import opening
from livecam.pipeline.opening import opened
from livecam.testing.clock import FakeClock
from tests.pipeline.parts import Happenings

INFO = SourceInfo("cam", "camera 0", 32, 24, 30.0)


class NoWait:
    def next(self) -> float:
        return 0.0


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "Backoff", NoWait)


class Opener:
    """Fails with each reason, then opens."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = list(reasons)

    def __call__(self) -> SourceInfo:
        if self.reasons:
            raise SourceUnavailable(self.reasons.pop(0))
        return INFO


async def test_what_opens_is_returned() -> None:
    stopped, happenings = threading.Event(), Happenings()
    info = await opened(Opener(), waits=False, stopped=stopped, clock=FakeClock(), publish=happenings)
    assert info == INFO
    assert happenings.events == []
    stopped.set()


async def test_what_does_not_open_is_an_error_unless_it_is_waited_for() -> None:
    stopped, happenings = threading.Event(), Happenings()
    with pytest.raises(SourceUnavailable, match="no camera"):
        await opened(Opener("no camera"), waits=False, stopped=stopped, clock=FakeClock(), publish=happenings)
    stopped.set()


async def test_what_is_waited_for_is_tried_until_it_opens_and_each_reason_told_once() -> None:
    stopped, happenings = threading.Event(), Happenings()
    opener = Opener("no camera", "no camera", "no camera", "in use by obs")
    info = await opened(opener, waits=True, stopped=stopped, clock=FakeClock(), publish=happenings)
    assert info == INFO
    told = [event.message for event in happenings.events if isinstance(event, SourceAwaited)]
    assert told == ["no camera", "in use by obs"]
    stopped.set()


async def test_a_stop_ends_the_waiting() -> None:
    stopped, happenings = threading.Event(), Happenings()

    def never() -> SourceInfo:
        raise SourceUnavailable("no camera")

    waiting = asyncio.create_task(
        opened(never, waits=True, stopped=stopped, clock=FakeClock(), publish=happenings)
    )
    await asyncio.to_thread(happenings.wait_for, SourceAwaited)
    stopped.set()
    assert await waiting is None
