from __future__ import annotations

from livecam.memory import MUCH, PeakWatch, give_back


def given_back(*waiting: int) -> list[int]:
    """Return after which of these memory was given back."""
    found: list[int] = []
    index = 0
    watch = PeakWatch(lambda: found.append(index))
    for index, each in enumerate(waiting):  # noqa: B007  the watch reads it
        watch.note(each)
    return found


def test_memory_is_given_back_once_a_long_queue_is_empty() -> None:
    assert given_back(0, 10, MUCH, 10, 0, 0, 10, 0, MUCH, 0) == [4, 9]


def test_a_short_queue_is_not_worth_it() -> None:
    assert given_back(0, MUCH - 1, 0, MUCH - 1, 0) == []


def test_it_can_be_given_back_wherever_this_runs() -> None:
    give_back()
