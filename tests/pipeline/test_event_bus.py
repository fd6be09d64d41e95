from __future__ import annotations

import pytest

from livecam.events import Event, FrameDropped, SourceEnded
from livecam.pipeline.event_bus import EventBus
from tests.pipeline.parts import Happenings

DROP = FrameDropped(at=1.0, source="test", frame=3, reason="picture path busy")
END = SourceEnded(at=2.0, source="test", reason="end of file", captured=4)


def test_every_listener_is_told_every_event_in_order() -> None:
    bus = EventBus()
    first, second = Happenings(), Happenings()
    bus.subscribe(first)
    bus.subscribe(second)
    bus(DROP)
    bus(END)
    assert first.events == second.events == [DROP, END]


def test_a_listener_is_not_told_what_happened_before_it_came() -> None:
    bus = EventBus()
    bus(DROP)
    late = Happenings()
    bus.subscribe(late)
    bus(END)
    assert late.events == [END]


@pytest.mark.logs_errors
def test_a_listener_that_raises_is_told_no_more_and_the_others_are() -> None:
    bus, heard, calls = EventBus(), list[Event](), list[Event]()

    def broken(event: Event) -> None:
        calls.append(event)
        raise RuntimeError("it broke")

    bus.subscribe(broken)
    bus.subscribe(heard.append)
    for captured in range(3):
        bus(SourceEnded(at=1.0, source="s", reason="end of file", captured=captured))
    assert len(calls) == 1
    assert len(heard) == 3
