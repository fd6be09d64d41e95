from __future__ import annotations

from livecam import memory
from tests.requirements import skip_unless


def test_what_is_in_use_rises_with_what_is_allocated_and_falls_when_it_is_freed() -> None:
    skip_unless(memory.in_use() is not None, "this C library does not say what is in use")
    before = memory.in_use() or 0
    much = bytearray(50_000_000)
    meanwhile = memory.in_use() or 0
    assert meanwhile - before >= len(much)
    del much
    assert (memory.in_use() or 0) < meanwhile - 45_000_000


def test_it_can_be_given_back_wherever_this_runs() -> None:
    memory.give_back()
