"""Runs an endpoint: in the foreground until a signal, or in a thread for tests and demos."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any

from livecam.errors import LivecamError
from livecam.local_aws.endpoint import Endpoint, Setup, environment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from types import FrameType

    from livecam.clock import Clock
    from livecam.local_aws.fault_plan import FaultPlan
    from livecam.local_aws.operations import Anything
    from livecam.local_aws.record import Entry

STARTED_WITHIN = 30.0
"""Seconds that a thread may take to listen, or to answer."""


def in_foreground(setup: Setup, announce: Callable[[Endpoint], None]) -> int:
    """Run an endpoint until SIGINT or SIGTERM and return the exit code; for the main thread.

    Args:
        setup: what it is like.
        announce: called once it listens.

    Raises:
        LivecamError: it cannot be started; see `Endpoint`.
    """
    return asyncio.run(_until_signalled(setup, announce))


async def _until_signalled(setup: Setup, announce: Callable[[Endpoint], None]) -> int:
    loop = asyncio.get_running_loop()
    signalled: asyncio.Future[int] = loop.create_future()

    def note(number: int) -> None:
        if not signalled.done():
            signalled.set_result(128 + number)

    def end(number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(note, number)  # wakes the loop, wherever it waits

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        async with Endpoint(setup) as endpoint:
            announce(endpoint)
            return await signalled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Running:
    """An endpoint in another thread; may be asked from any other."""

    def __init__(self, endpoint: Endpoint, loop: asyncio.AbstractEventLoop) -> None:
        self._endpoint = endpoint
        self._loop = loop

    @property
    def url(self) -> str:
        """The endpoint's address."""
        return self._endpoint.url

    @property
    def port(self) -> int:
        """Its port on 127.0.0.1."""
        return self._endpoint.port

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which any AWS tool uses it."""
        return environment_of(self.url)

    def change_faults(self, plan: FaultPlan) -> None:
        """Put another fault plan in force; returns when it is."""

        async def change() -> None:
            self._endpoint.faults.change(plan)

        self._wait_for(change())

    def requests(self) -> list[Entry]:
        """Return the record of all requests that are done, oldest first."""

        async def read() -> list[Entry]:
            return self._endpoint.record.entries()

        return self._wait_for(read())

    def _wait_for(self, work: Coroutine[Any, Any, Anything]) -> Anything:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(STARTED_WITHIN)


@contextlib.contextmanager
def in_background(setup: Setup | None = None, clock: Clock | None = None) -> Iterator[Running]:
    """Run an endpoint in a thread of this process.

    It shares the interpreter with its clients: to measure time, run `livecam local-aws` in its own process.

    Raises:
        LivecamError: it cannot be started; see `Endpoint`.
    """
    background = _Background(Endpoint(setup or Setup(), clock))
    thread = threading.Thread(target=background.run, name="local-aws", daemon=True)
    thread.start()
    try:
        yield background.running()
    finally:
        background.stop()
        thread.join()


class _Background:
    """The thread's side, and how the two meet."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._is_ready = threading.Event()
        self._problem: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  raised again by whoever waits
            self._problem = error
        finally:
            self._is_ready.set()

    async def _serve(self) -> None:
        async with self._endpoint:
            self._loop = asyncio.get_running_loop()
            self._is_ready.set()
            await self._stop.wait()

    def running(self) -> Running:
        self._is_ready.wait(STARTED_WITHIN)
        if self._problem is not None:
            raise self._problem
        if self._loop is None:
            raise LivecamError(f"the local endpoint did not start within {STARTED_WITHIN:.0f} s; try again")
        return Running(self._endpoint, self._loop)

    def stop(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
