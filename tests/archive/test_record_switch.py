from __future__ import annotations

from livecam.archive.record_switch import RecordSwitch


def test_what_was_said_is_taken_once() -> None:
    switch = RecordSwitch()
    assert switch.take() is None
    switch.say(True)
    assert switch.take() is True
    assert switch.take() is None


def test_the_key_stops_what_is_being_recorded_and_else_begins() -> None:
    switch = RecordSwitch()
    switch.toggle()
    assert switch.take() is True
    switch.is_recording = True
    switch.toggle()
    assert switch.take() is False
