"""A blocking call in a daemon thread, awaited from asyncio.

`asyncio.to_thread` has six threads on two cores, and the interpreter waits for its threads when it
ends: a call that never returns would keep livecam from closing. A daemon thread keeps nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

LOOK_EVERY = 0.1
"""Seconds between two looks at whether a call is still wanted."""
GRACE = 1.0
"""Seconds given to a call that should end; such as opening a device, which cannot be broken off."""


def call_in_thread(name: str, call: Callable[[], Result]) -> asyncio.Future[Result]:
    """Start `call` in a daemon thread called `name` and return a future of the running loop.

    Cancelling the future lets go of the call; it does not end it.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def run() -> None:
        try:
            result = call()
        except Exception as error:  # noqa: BLE001  whatever it was, it is the awaiter's
            _deliver(loop, _fail, future, error)
        else:
            _deliver(loop, _succeed, future, result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future


async def call_unless(stopped: threading.Event, name: str, call: Callable[[], Result]) -> Result | None:
    """Return what `call` returns; None if it has not returned `GRACE` seconds after `stopped` was set.

    A call that is let go of stays behind in its daemon thread.
    """
    calling = call_in_thread(name, call)
    while not stopped.is_set():  # looked at now and then: a thread that waits for it would stay behind
        await asyncio.wait({calling}, timeout=LOOK_EVERY)
        if calling.done():
            return calling.result()
    await asyncio.wait({calling}, timeout=GRACE)
    if calling.done():
        return calling.result()
    calling.cancel()
    return None


def _deliver(loop: asyncio.AbstractEventLoop, settle: Callable[..., None], *args: object) -> None:
    # The loop is closed when nobody waits any more.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(settle, *args)


def _succeed(future: asyncio.Future[Result], result: Result) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Result], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
