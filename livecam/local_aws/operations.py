"""What an operation is, and what it is given to work with.

An operation is `async (request, context) -> answer`, both in the shape of botocore's service model: blobs are
`bytes`, timestamps seconds, and the request is known to be valid. It raises `ServiceError` to refuse. State
that outlives a call belongs to the object whose bound method the operation is.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.frames import Image

Anything = TypeVar("Anything")
Parameters = ParamSpec("Parameters")

FaceDetail = dict[str, Any]
"""A face in the service's own words, with every member of `FaceDetail` in botocore's model."""


class Eyes(Protocol):
    """Who looks at pictures; may be asked from any thread, and blocks."""

    def look(self, image: Image) -> list[FaceDetail]:
        """Return the faces of a BGR picture, largest first, at most 100, each with all members.

        Raises:
            ModelMissing: a model file is not installed.
            ModelDamaged: a model file is not the pinned one.
        """


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation may use besides its request."""

    eyes: Eyes
    clock: Clock
    read_object: Callable[[str, str, str | None], Awaitable[bytes]]
    """Content of an S3 object by bucket, key and version; raises `ServiceError` InvalidS3ObjectException."""
    publish: Callable[[str, str], Awaitable[None]]
    """Publishes a message to an SNS topic, by its ARN; a topic that is not there is logged, no more."""
    start: Callable[[Coroutine[Any, Any, None]], None]
    """Lets something go on after the answer was sent; it is cancelled when the endpoint ends."""
    region: str
    """The Region that the request was signed for."""


Operation = Callable[[dict[str, Any], Context], Awaitable[dict[str, Any]]]


async def in_thread(
    function: Callable[Parameters, Anything], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Anything:
    """Run something that blocks without holding up the other requests, and return what it returned.

    Each call has a daemon thread of its own: a pool's threads are waited for when the process ends, and
    a long poll of a queue sleeps 20 s.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Anything] = loop.create_future()

    def tell(result: Anything | None, error: BaseException | None) -> None:
        if done.done():  # nobody waits any more
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # it is the function's own

    def run() -> None:
        result: Anything | None = None
        problem: BaseException | None = None
        try:
            result = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  handed to whoever waits
            problem = error
        with contextlib.suppress(RuntimeError):  # the server has ended, and its loop is closed
            loop.call_soon_threadsafe(tell, result, problem)

    threading.Thread(target=run, name="local-aws call", daemon=True).start()
    return await done
