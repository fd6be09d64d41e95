from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from livecam.errors import SourceFailed
from livecam.pipeline.latest_slot import LatestSlot, SlotStatistics
from tests.builders import a_frame

if TYPE_CHECKING:
    from livecam.frames import Frame

DEAD_AFTER = 20


def a_slot() -> tuple[LatestSlot, list[int]]:
    dropped: list[int] = []
    return LatestSlot(on_drop=lambda frame: dropped.append(frame.sequence)), dropped


def test_the_newest_frame_wins_and_the_replaced_one_is_told() -> None:
    slot, dropped = a_slot()
    for sequence in range(3):
        slot.put(a_frame(sequence))
    newest = slot.take()
    assert newest is not None
    assert newest.sequence == 2
    assert dropped == [0, 1]
    assert slot.statistics() == SlotStatistics(put=3, taken=1, dropped=2)


def test_a_frame_that_was_taken_is_not_dropped() -> None:
    slot, dropped = a_slot()
    slot.put(a_frame(0))
    slot.take()
    slot.put(a_frame(1))
    assert dropped == []


def test_the_last_frame_can_be_taken_after_the_end() -> None:
    slot, _ = a_slot()
    slot.put(a_frame(4))
    slot.close()
    last = slot.take()
    assert last is not None
    assert last.sequence == 4
    assert slot.take() is None
    assert slot.take() is None


def test_a_frame_after_the_end_was_never_captured() -> None:
    slot, dropped = a_slot()
    slot.close()
    slot.put(a_frame(0), patience=math.inf)
    assert slot.take() is None
    assert slot.statistics() == SlotStatistics(0, 0, 0)
    assert dropped == []


def test_the_first_reason_for_the_end_stands() -> None:
    slot, _ = a_slot()
    first = SourceFailed("unplugged")
    slot.close(first)
    slot.close(SourceFailed("later"))
    slot.close()
    assert slot.error is first


def test_a_regular_end_is_not_made_an_error_afterwards() -> None:
    slot, _ = a_slot()
    slot.close()
    slot.close(SourceFailed("later"))
    assert slot.error is None


def test_a_reader_that_waits_gets_the_frame_that_comes() -> None:
    slot, _ = a_slot()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slot.take)
        slot.put(a_frame(7))
        frame = waiting.result(DEAD_AFTER)
    assert frame is not None
    assert frame.sequence == 7


def test_a_reader_that_waits_is_told_of_the_end() -> None:
    slot, _ = a_slot()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slot.take)
        slot.close()
        assert waiting.result(DEAD_AFTER) is None


def test_with_endless_patience_no_frame_is_lost() -> None:
    slot, dropped = a_slot()

    def deliver() -> None:
        for sequence in range(200):
            slot.put(a_frame(sequence), patience=math.inf)
        slot.close()

    taken: list[Frame] = []
    with ThreadPoolExecutor(1) as pool:
        delivery = pool.submit(deliver)
        while (frame := slot.take()) is not None:
            taken.append(frame)
        delivery.result(DEAD_AFTER)
    assert [frame.sequence for frame in taken] == list(range(200))
    assert dropped == []


def test_the_end_frees_a_writer_that_waits_and_its_frame_does_not_count() -> None:
    slot, dropped = a_slot()
    slot.put(a_frame(0))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slot.put, a_frame(1), patience=math.inf)
        slot.close()
        waiting.result(DEAD_AFTER)
    last = slot.take()
    assert last is not None
    assert last.sequence == 0
    assert slot.statistics().put == 1
    assert dropped == []


def test_when_patience_ends_the_unread_frame_is_replaced() -> None:
    slot, dropped = a_slot()
    slot.put(a_frame(0))
    slot.put(a_frame(1), patience=0.001)
    assert dropped == [0]


def test_who_is_told_of_a_drop_may_look_at_the_slot() -> None:
    looked = threading.Event()

    def look(frame: Frame) -> None:
        assert slot.statistics().dropped == 1
        looked.set()

    slot = LatestSlot(on_drop=look)
    slot.put(a_frame(0))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(slot.put, a_frame(1)).result(DEAD_AFTER)
    assert looked.is_set()


def test_what_went_in_came_out_or_was_dropped() -> None:
    slot, dropped = a_slot()

    def deliver() -> None:
        for sequence in range(2000):
            slot.put(a_frame(sequence))
        slot.close()

    taken = 0
    with ThreadPoolExecutor(1) as pool:
        delivery = pool.submit(deliver)
        while slot.take() is not None:
            taken += 1
        delivery.result(DEAD_AFTER)
    assert slot.statistics() == SlotStatistics(2000, taken, len(dropped))
    assert taken + len(dropped) == 2000
