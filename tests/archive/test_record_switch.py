from __future__ import annotations

import pytest

from livecam.archive.record_switch import MOST_MARKS, RecordSwitch
from livecam.errors import UsageError


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


def test_what_was_said_holds_until_the_recorder_says_what_came_of_it() -> None:
    switch = RecordSwitch()
    wanted = [switch.is_wanted]
    switch.say(True)
    wanted.append(switch.is_wanted)
    switch.take()
    wanted.append(switch.is_wanted)
    switch.is_recording = True
    wanted.append(switch.is_wanted)
    assert wanted == [False, True, False, True]


def test_marks_are_taken_once_and_only_the_newest_wait() -> None:
    switch = RecordSwitch()
    for number in range(MOST_MARKS + 2):
        switch.mark(str(number))
    taken = switch.take_marks()
    assert (len(taken), taken[0], taken[-1]) == (MOST_MARKS, "2", str(MOST_MARKS + 1))
    assert switch.take_marks() == ()


def test_where_nothing_may_be_recorded_that_is_said() -> None:
    switch = RecordSwitch(obstacle="--no-store is set")
    for attempt in (switch.toggle, lambda: switch.say(True)):
        with pytest.raises(UsageError, match=r"^nothing is recorded: --no-store is set$"):
            attempt()
    switch.say(False)
    assert not switch.is_wanted
