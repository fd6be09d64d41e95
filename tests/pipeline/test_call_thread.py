from __future__ import annotations

import asyncio
import threading

import pytest

from livecam.pipeline.call_thread import call_in_thread, call_unless

DEAD_AFTER = 20


async def test_the_result_comes_from_a_daemon_thread_of_the_given_name() -> None:
    thread = await call_in_thread("livecam-test", threading.current_thread)
    assert thread.name == "livecam-test"
    assert thread.daemon
    assert thread is not threading.current_thread()


async def test_an_error_of_the_call_is_the_awaiters() -> None:
    def fail() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        await call_in_thread("livecam-test", fail)


async def test_many_blocked_calls_do_not_keep_another_from_running() -> None:
    release = threading.Event()
    blocked = [call_in_thread("livecam-test", lambda: release.wait(DEAD_AFTER)) for _ in range(40)]
    try:
        assert await asyncio.wait_for(call_in_thread("livecam-test", lambda: 42), DEAD_AFTER) == 42
    finally:
        release.set()
    assert await asyncio.gather(*blocked) == [True] * 40


@pytest.mark.parametrize("fails", [False, True])
async def test_a_call_that_was_let_go_of_goes_on_and_its_outcome_is_nobodys(fails: bool) -> None:  # noqa: FBT001
    release, ended = threading.Event(), threading.Event()

    def call() -> None:
        try:
            assert release.wait(DEAD_AFTER)
            if fails:
                raise ValueError("too late")
        finally:
            ended.set()

    future = call_in_thread("livecam-test", call)
    future.cancel()
    assert not ended.is_set()
    release.set()
    assert await asyncio.to_thread(ended.wait, DEAD_AFTER)
    await asyncio.sleep(0)
    assert future.cancelled()


def test_a_call_that_outlives_its_loop_ends_in_silence() -> None:
    release = threading.Event()
    threads: list[threading.Thread] = []

    def call() -> None:
        threads.append(threading.current_thread())
        begun.set()
        assert release.wait(DEAD_AFTER)

    begun = threading.Event()

    async def start() -> None:
        call_in_thread("livecam-test", call)
        await asyncio.to_thread(begun.wait, DEAD_AFTER)

    asyncio.run(start())
    release.set()
    threads[0].join(DEAD_AFTER)
    # pytest makes an error in a thread a failure of this test.
    assert not threads[0].is_alive()


async def test_a_call_that_hangs_is_let_go_once_it_is_to_stop() -> None:
    go_on, stopped = threading.Event(), threading.Event()
    stopped.set()
    assert await call_unless(stopped, "test", go_on.wait) is None
    go_on.set()


async def test_a_call_that_returns_is_waited_for_although_it_is_to_stop() -> None:
    stopped = threading.Event()
    stopped.set()
    assert await call_unless(stopped, "test", lambda: "opened") == "opened"


async def test_no_thread_is_left_behind_by_calls_that_were_not_stopped() -> None:
    def fail() -> None:
        raise OSError("no")

    stopped = threading.Event()
    for _ in range(5):
        with pytest.raises(OSError, match="no"):
            await call_unless(stopped, "a-call", fail)
        assert await call_unless(stopped, "a-call", lambda: 7) == 7
    for thread in threading.enumerate():
        if thread.name.startswith("a-call"):
            thread.join(20)
            assert not thread.is_alive()
