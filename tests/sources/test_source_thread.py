from __future__ import annotations

import threading

import pytest

from livecam.errors import LivecamError, ModelMissing, SourceFailed
from livecam.sources.source_thread import SourceThread
from livecam.testing.recording_slot import RecordingSlot

DEAD_AFTER = 10.0


def test_the_slot_is_closed_when_the_delivery_ends() -> None:
    slot, thread = RecordingSlot(), SourceThread("camera 0")
    assert not thread.is_started
    thread.start(lambda: None, slot)
    assert slot.wait_until_closed() is None
    assert thread.is_started


@pytest.mark.parametrize(
    ("raised", "kind"), [(ModelMissing("gone"), ModelMissing), (OSError("gone"), SourceFailed)]
)
def test_what_the_delivery_raises_is_why_the_slot_is_closed(
    raised: Exception, kind: type[LivecamError]
) -> None:
    def deliver() -> None:
        raise raised

    slot = RecordingSlot()
    SourceThread("camera 0").start(deliver, slot)
    error = slot.wait_until_closed()
    assert type(error) is kind
    assert "gone" in str(error)


def test_an_error_after_the_stop_is_nobodys_business() -> None:
    def deliver() -> None:
        assert thread.stopped.wait(DEAD_AFTER)
        raise OSError("device is gone")

    slot, thread = RecordingSlot(), SourceThread("camera 0")
    thread.start(deliver, slot)
    assert thread.stop(DEAD_AFTER)
    assert slot.wait_until_closed() is None


def test_a_stop_says_whether_the_thread_has_ended() -> None:
    go_on = threading.Event()
    thread = SourceThread("camera 0")
    thread.start(lambda: assert_came(go_on), RecordingSlot())
    assert not thread.stop(0.0)
    go_on.set()
    assert thread.stop(DEAD_AFTER)


def assert_came(event: threading.Event) -> None:
    assert event.wait(DEAD_AFTER)
