from __future__ import annotations

from livecam.memory import give_back


def test_it_can_be_given_back_wherever_this_runs() -> None:
    give_back()
