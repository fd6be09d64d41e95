from __future__ import annotations

import inspect

import pytest

from livecam import errors

CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, errors.LivecamError)
]


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_is_drawn_in_the_tree_and_described(error: type[errors.LivecamError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")
    assert error.__doc__


def test_only_what_the_user_typed_wrong_is_a_usage_error() -> None:
    assert {error.__name__ for error in CLASSES if error.exit_code == 2} == {"UsageError"}
    assert {error.exit_code for error in CLASSES} == {1, 2}
