"""Takes each connection's requests to whom they are for, and notes what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from email.utils import format_datetime
from typing import TYPE_CHECKING

from livecam.local_aws import gate, signature
from livecam.local_aws.connection import Connection
from livecam.local_aws.control import PREFIX
from livecam.local_aws.delivery import deliver, spoiled
from livecam.local_aws.http_messages import MalformedRequest, Response
from livecam.local_aws.moto_services import refusal
from livecam.local_aws.record import Entry
from livecam.local_aws.rekognition import TARGET_PREFIX
from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.local_aws.control import Control
    from livecam.local_aws.faults import Faults, Ruling
    from livecam.local_aws.http_messages import Request
    from livecam.local_aws.moto_services import MotoServices, NoServices
    from livecam.local_aws.record import Record
    from livecam.local_aws.rekognition import Rekognition

log = logging.getLogger(__name__)

CLIENT_LEFT = "client left"
"""Outcome of a request whose client did not wait for the answer."""
LARGEST_BODY = 128 * 1024 * 1024
"""Bytes of a body that is for moto: the parts in which clients upload have 5 to 100 MB."""
LARGEST_JSON = 16 * 1024 * 1024
"""Bytes of a body that is for Rekognition or the control: a picture of 5 MB has 7 in base64."""
SERVICE_TIME = "x-livecam-service-time"
"""Header of every answer: seconds from the last byte in to the first byte out."""


class App:
    """Everything behind the port.

    Args:
        rekognition: answers what is for it.
        services: answers all else, but for the control.
        control: answers below `/_livecam/`.
        faults: decides what goes wrong.
        record: gets an entry per request.
        clock: stamps them.
    """

    def __init__(
        self,
        *,
        rekognition: Rekognition,
        services: MotoServices | NoServices,
        control: Control,
        faults: Faults,
        record: Record,
        clock: Clock,
    ) -> None:
        self._rekognition = rekognition
        self._services = services
        self._control = control
        self._faults = faults
        self._record = record
        self._clock = clock
        self._open: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until it ends; for `asyncio.start_server`."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  start_server makes one
        self._open.add(task)
        connection = Connection(reader, writer, self._clock)
        try:
            await self._serve(connection)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the client has left
        except asyncio.CancelledError:
            pass  # the endpoint ends; asyncio would print a cancelled connection as an error
        except Exception:
            log.exception("a connection failed")
        finally:
            self._open.discard(task)
            with contextlib.suppress(asyncio.CancelledError):
                await connection.close()

    async def end(self) -> None:
        """End all connections, whatever they are waiting for."""
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, connection: Connection) -> None:
        while not connection.is_over:
            try:
                request = await connection.read_head()
                if request is None:
                    return
                if refused := gate.refusal(request):
                    await connection.send_last(refused)
                    return
                await self._answer(connection, request)
            except MalformedRequest as error:
                refusal = Response(error.status, f"{error}\n".encode(), [("Connection", "close")])
                await connection.send_last(refusal)
                return
            if not request.keeps_alive:
                return

    async def _answer(self, connection: Connection, request: Request) -> None:
        if request.path.startswith(PREFIX):
            await connection.read_body(request, most=LARGEST_JSON)
            await connection.send(self._control.answer(request))
            return
        target = request.header("x-amz-target")
        is_rekognition = target.startswith(TARGET_PREFIX)
        name = target.removeprefix(TARGET_PREFIX) if is_rekognition else _service_of(request)
        ruling = self._faults.rule(name, is_rekognition=is_rekognition, region=_region_of(request))
        exchange = _Exchange(connection, request, name, ruling, self._clock)
        try:
            await exchange.receive()
            if not connection.is_over:
                await exchange.reply(await self._response(request, name, ruling, exchange.request_id))
        except (ConnectionError, asyncio.IncompleteReadError):
            exchange.outcome = CLIENT_LEFT
            raise
        except MalformedRequest as error:
            exchange.outcome = f"HTTP {error.status}"
            raise
        finally:
            self._record.add(exchange.entry())

    async def _response(self, request: Request, name: str, ruling: Ruling, request_id: str) -> Response:
        if request.header("x-amz-target").startswith(TARGET_PREFIX):
            return await self._rekognition.answer(request, name, ruling, request_id)
        fault = ruling.fault
        if fault is not None and fault.kind == "error":
            return refusal(request, ServiceError(fault.code, fault.message, fault.status))
        try:
            return await self._services.answer(request)
        except Exception:
            log.exception("a request to %s failed", name)
            return Response(500, b"", outcome="HTTP 500")


class _Exchange:
    """One request and its answer, on the wire and in the record."""

    def __init__(
        self, connection: Connection, request: Request, name: str, ruling: Ruling, clock: Clock
    ) -> None:
        self.request_id = str(uuid.uuid4())
        self.outcome = CLIENT_LEFT
        self._connection = connection
        self._request = request
        self._name = name
        self._kind = ruling.fault.kind if ruling.fault else None
        self._ruling = ruling
        self._clock = clock
        self._answered_at: float | None = None
        self._status: int | None = None
        self._bytes_sent = 0

    async def receive(self) -> None:
        """Read the body, or reset the connection in the middle of it."""
        is_json = self._request.header("x-amz-target").startswith(TARGET_PREFIX)
        most = LARGEST_JSON if is_json else LARGEST_BODY
        if self._kind == "reset-upload":
            self.outcome = self._kind
            await self._connection.read_half(self._request, most=most)
            self._connection.reset()
            return
        await self._connection.read_body(self._request, most=most, bytes_per_second=self._ruling.uplink)

    async def reply(self, response: Response) -> None:
        """Send the answer, or what the fault makes of it."""
        self.outcome = self._kind if self._kind and self._kind != "error" else response.outcome
        if self._connection.has_lost_its_client:
            self.outcome = CLIENT_LEFT
            return
        response = spoiled(response, self._kind)
        if self._kind not in {"stall", "hang-up", "garbage"}:
            self._status = response.status
            self._answered_at = self._clock.now()
            taken = self._answered_at - self._request.received_at
            response.headers.append((SERVICE_TIME, f"{taken:.6f}"))
            if not any(name.lower() == "date" for name, _ in response.headers):
                response.headers.append(("Date", format_datetime(self._clock.wall(), usegmt=True)))
        self._bytes_sent = await deliver(
            self._connection, response, kind=self._kind, drip_pause=self._ruling.drip_pause
        )

    def entry(self) -> Entry:
        """Return what there is to remember."""
        return Entry(
            request_id=self.request_id,
            operation=self._name,
            arrived_at=self._request.arrived_at,
            received_at=self._request.received_at or None,
            answered_at=self._answered_at,
            done_at=self._clock.now(),
            bytes_received=len(self._request.body),
            bytes_sent=self._bytes_sent,
            status=self._status,
            outcome=self.outcome,
        )


def _region_of(request: Request) -> str | None:
    """Return the Region that a request is signed for; None when it is not signed."""
    try:
        return signature.scope_of(request).region
    except ServiceError:
        return None


def _service_of(request: Request) -> str:
    """Return the name of the service that a request is for, as its signature says."""
    try:
        return signature.scope_of(request).service
    except ServiceError:
        return "unsigned"
