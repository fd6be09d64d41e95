from __future__ import annotations

import asyncio
import threading

import pytest

from livecam.local_aws.operations import in_thread


async def test_what_blocks_runs_in_another_thread_while_the_loop_goes_on() -> None:
    may_end = threading.Event()

    def block() -> int:
        may_end.wait(5)
        return threading.get_ident()

    call = asyncio.create_task(in_thread(block))
    await asyncio.sleep(0)
    assert not call.done()
    may_end.set()
    assert await call != threading.get_ident()


async def test_what_it_raises_is_raised_to_whoever_waits() -> None:
    def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await in_thread(fail)


async def test_a_result_that_nobody_waits_for_any_more_is_let_go() -> None:
    may_end, has_ended = threading.Event(), threading.Event()

    def block() -> None:
        may_end.wait(5)
        has_ended.set()

    call = asyncio.create_task(in_thread(block))
    await asyncio.sleep(0)
    call.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await call
    has_ended.wait(5)
    await asyncio.sleep(0)
