from __future__ import annotations

import asyncio
import dataclasses
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.pipeline.newest_frame import FRESH, NewestFrame
from livecam.testing.clock import FakeClock
from tests.builders import a_frame
from tests.pipeline.parts import DEAD_AFTER, settle

if TYPE_CHECKING:
    from collections.abc import Awaitable


def always() -> bool:
    return True


async def begun(waiting: Awaitable[object]) -> asyncio.Future[object]:
    task = asyncio.ensure_future(waiting)
    await settle()
    return task


def attached(clock: FakeClock | None = None) -> NewestFrame:
    frames = NewestFrame(clock or FakeClock())
    frames.attach()
    return frames


async def test_only_the_newest_frame_is_taken_and_only_once() -> None:
    frames = attached()
    for sequence in range(3):
        frames.offer(a_frame(sequence))
    taken = await frames.take(always)
    assert taken is not None
    assert taken.sequence == 2
    waiting = await begun(frames.take(always))
    assert not waiting.done()
    frames.offer(newer := a_frame(3))
    assert await asyncio.wait_for(waiting, DEAD_AFTER) is newer


async def test_two_who_wait_do_not_get_the_same_frame() -> None:
    frames = attached()
    both = {await begun(frames.take(always)), await begun(frames.take(always))}
    frames.offer(a_frame(0))
    done, pending = await asyncio.wait(both, timeout=DEAD_AFTER, return_when=asyncio.FIRST_COMPLETED)
    assert (len(done), len(pending)) == (1, 1)
    frames.offer(a_frame(1))
    await asyncio.wait_for(pending.pop(), DEAD_AFTER)


async def test_a_frame_stays_for_others_when_the_condition_fails() -> None:
    frames = attached()
    frames.offer(frame := a_frame(0))
    assert await frames.take(lambda: False) is None
    assert await frames.take(always) is frame


async def test_a_condition_is_looked_at_when_a_frame_comes() -> None:
    frames, holds = attached(), False
    waiting = await begun(frames.until(lambda: holds))
    frames.offer(a_frame(0))
    await settle()
    assert not waiting.done()
    holds = True
    frames.offer(a_frame(1))
    await asyncio.wait_for(waiting, DEAD_AFTER)


@pytest.mark.parametrize(
    ("age", "name", "waits"), [(0.5 * FRESH, None, False), (0.02, None, True), (0.02, "a.png", False)]
)
async def test_a_younger_frame_is_waited_for_unless_the_one_at_hand_is_young_or_a_still(
    age: float, name: str | None, *, waits: bool
) -> None:
    clock = FakeClock(100.0)
    frames = attached(clock)
    clock.advance(age)
    frames.offer(dataclasses.replace(a_frame(0, at=100.0), name=name))
    await settle()
    waiting = await begun(frames.wait_for_fresh(DEAD_AFTER))
    assert waiting.done() is not waits
    frames.offer(a_frame(1, at=clock.now()))
    await asyncio.wait_for(waiting, DEAD_AFTER)


async def test_no_younger_frame_is_waited_for_when_there_is_none_at_all() -> None:
    await attached().wait_for_fresh(DEAD_AFTER)


async def test_when_no_younger_frame_comes_the_one_at_hand_is_good_enough() -> None:
    clock = FakeClock(200.0)
    frames = attached(clock)
    frames.offer(frame := a_frame(0, at=100.0))
    await settle()
    await asyncio.wait_for(frames.wait_for_fresh(0.0), DEAD_AFTER)
    assert await frames.take(always) is frame


async def test_while_paused_there_is_no_frame() -> None:
    frames = attached()
    frames.offer(a_frame(0))
    frames.pause(True)
    frames.offer(a_frame(1))
    frames.pause(False)
    waiting = await begun(frames.take(always))
    assert not waiting.done()
    frames.offer(frame := a_frame(2))
    assert await asyncio.wait_for(waiting, DEAD_AFTER) is frame


@pytest.mark.parametrize("how", ["settled", "later settled", "over", "paused", "stopped"])
async def test_who_waits_for_a_frame_to_be_settled_is_let_go(how: str) -> None:
    frames, stopped = attached(), threading.Event()
    waiting = await begun(asyncio.to_thread(frames.wait_until_settled, a_frame(3), stopped))
    frames.settle(a_frame(2))
    assert not waiting.done()
    match how:
        case "settled":
            frames.settle(a_frame(3))
        case "later settled":
            frames.settle(a_frame(4))
        case "over":
            frames.close()
        case "paused":
            frames.pause(True)
        case _:
            stopped.set()
    await asyncio.wait_for(waiting, DEAD_AFTER)


async def test_a_frame_that_is_withdrawn_is_not_taken() -> None:
    frames = NewestFrame(FakeClock())
    frames.attach()
    frames.offer(a_frame(0))
    frames.withdraw()
    taking = asyncio.create_task(frames.take(lambda: True))
    await asyncio.sleep(0)
    assert not taking.done()
    frames.offer(a_frame(1))
    taken = await taking
    assert taken is not None
    assert taken.sequence == 1


def test_which_frames_were_sent_is_told_once() -> None:
    frames = NewestFrame(FakeClock())
    for sequence in (3, 5):
        frames.note_sent(a_frame(sequence))
    assert frames.take_sent() == [3, 5]
    assert frames.take_sent() == []


def test_before_anybody_waits_a_change_is_made_at_once() -> None:
    made: list[int] = []
    NewestFrame(FakeClock()).change(lambda: made.append(1))
    assert made == [1]


async def test_a_change_from_another_thread_is_made_in_the_loop_and_looked_at() -> None:
    frames, made = attached(), list[threading.Thread]()
    waiting = await begun(frames.until(lambda: bool(made)))
    await asyncio.to_thread(frames.change, lambda: made.append(threading.current_thread()))
    await asyncio.wait_for(waiting, DEAD_AFTER)
    assert made == [threading.current_thread()]
