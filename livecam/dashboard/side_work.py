"""Work that may take long, in threads that neither hold up the server's loop nor the end of the program.

A usual pool's threads are waited for when a program ends: a report of hours of video would keep it alive.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

MOST_AT_ONCE = 8


class TooBusy(Exception):
    """So much is under way that nothing more is begun."""


class SideWork:
    """Does pieces of work beside an event loop, whose thread alone uses it.

    Args:
        most: pieces at once.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._under_way = 0

    async def do(self, work: Callable[[], Result]) -> Result:
        """Return what a piece of work returns, or raise what it raises.

        One that nobody waits for any more goes on to its end, and counts until then.

        Raises:
            TooBusy: as much is under way as may be.
        """
        if self._under_way >= self._most:
            raise TooBusy
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()

        def run() -> None:
            settle: Callable[[Any], None] = done.set_result
            outcome: Any = None
            try:
                outcome = work()
            except Exception as error:  # noqa: BLE001  raised again where it is waited for
                settle, outcome = done.set_exception, error
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._finish, done, settle, outcome)

        self._under_way += 1
        threading.Thread(target=run, name="livecam-web-side", daemon=True).start()
        return await done

    def _finish(self, done: asyncio.Future[Any], settle: Callable[[Any], None], outcome: object) -> None:
        self._under_way -= 1
        if not done.done():  # it is when nobody waits
            settle(outcome)
