from __future__ import annotations

import pytest

from livecam.config import load_settings
from livecam.dashboard.control_values import LONGEST_SHOWN, control, nothing, setting, shown, switch
from livecam.errors import UsageError


def test_a_control_says_what_it_is_what_holds_and_what_may_be_given() -> None:
    assert control("choice", "a", choices=["a", "b"]) == {
        "kind": "choice",
        "value": "a",
        "obstacle": None,
        "choices": ["a", "b"],
    }
    assert control("switch", False, obstacle="no")["obstacle"] == "no"


@pytest.mark.parametrize(("key", "value"), [("rate", 0), ("budget", -1), ("mode", "alined"), ("rate", True)])
def test_a_bad_value_of_a_setting_is_refused_as_on_the_command_line(key: str, value: object) -> None:
    with pytest.raises(UsageError) as told:
        setting(key, value)
    with pytest.raises(UsageError) as on_the_command_line:
        load_settings({key: value})
    assert str(told.value) == str(on_the_command_line.value)


def test_a_good_value_is_what_the_settings_make_of_it() -> None:
    assert setting("rate", "2.5") == 2.5
    assert setting("budget", None) is None


def test_a_switch_is_true_or_false() -> None:
    assert switch("record", True)
    with pytest.raises(UsageError, match=r"^record 1 cannot be used: give true or false$"):
        switch("record", 1)


def test_what_takes_no_value_takes_none() -> None:
    nothing("stop", None)
    with pytest.raises(UsageError, match=r"^stop 0 cannot be used: give null"):
        nothing("stop", 0)


def test_what_is_repeated_of_a_value_is_one_short_line() -> None:
    assert shown("a\nb") == "'a\\nb'"
    assert len(shown("x" * 5000)) == LONGEST_SHOWN + 3
