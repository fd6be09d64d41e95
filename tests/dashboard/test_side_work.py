from __future__ import annotations

import asyncio
import threading

import pytest

from livecam.dashboard.side_work import SideWork, TooBusy
from livecam.errors import UsageError

PATIENCE = 20.0


async def test_work_is_done_beside_the_loop_in_a_thread_that_no_program_waits_for() -> None:
    thread = await SideWork().do(threading.current_thread)
    assert thread is not threading.current_thread()
    assert thread.daemon


async def test_what_goes_wrong_is_raised_where_it_is_waited_for() -> None:
    def fail() -> None:
        raise UsageError("no")

    with pytest.raises(UsageError, match="no"):
        await SideWork().do(fail)


async def test_nothing_is_begun_while_too_much_is_under_way_though_nobody_waits_for_it() -> None:
    side, may_end = SideWork(most=1), threading.Event()
    waiting = asyncio.ensure_future(side.do(lambda: may_end.wait(PATIENCE)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(TooBusy):
        await side.do(lambda: None)
    may_end.set()
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                assert await side.do(lambda: 7) == 7
            except TooBusy:
                await asyncio.sleep(0)
            else:
                return
