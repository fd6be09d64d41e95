"""Puts the parts together, and listens on 127.0.0.1 and nowhere else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from livecam.clock import SystemClock
from livecam.errors import LivecamError, UsageError
from livecam.local_aws.app import App
from livecam.local_aws.connection import LARGEST_HEAD
from livecam.local_aws.control import Control
from livecam.local_aws.detect_faces import detect_faces
from livecam.local_aws.eyes import VisionEyes
from livecam.local_aws.fault_plan import FaultPlan
from livecam.local_aws.faults import Faults
from livecam.local_aws.moto_services import MotoServices, NoServices
from livecam.local_aws.operations import Context
from livecam.local_aws.record import Record
from livecam.local_aws.rekognition import Rekognition
from livecam.local_aws.signature import SignatureCheck
from livecam.local_aws.video_operations import VideoOperations

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from livecam.clock import Clock
    from livecam.local_aws.operations import Eyes

HOST = "127.0.0.1"
REGION = "us-east-1"
KEY = "test"
SECRET = "test"  # noqa: S105  it guards nothing


@dataclass(frozen=True, slots=True)
class Setup:
    """What an endpoint is like."""

    port: int = 0
    """0 is any that is free."""
    plan: FaultPlan = field(default_factory=FaultPlan)
    eyes: Eyes | None = None
    """None is livecam's own models."""
    with_moto: bool = True
    with_tls: bool = False
    """Whether it speaks TLS, with a certificate that nobody trusts."""
    secrets: Mapping[str, str] = field(default_factory=lambda: {KEY: SECRET})
    """Secrets by access key."""
    job_delay: float = 0.0
    """Seconds that every stored-video job takes longer."""


class Endpoint:
    """A listening endpoint; an async context manager.

    Args:
        setup: what it is like.
        clock: stamps requests, and tells how old a signature is.

    Raises:
        UsageError: the port is in use.
        MissingDependency: moto is wanted and not installed.
        ModelMissing: a model is not installed.
        ModelDamaged: a model is not the pinned one.
    """

    def __init__(self, setup: Setup, clock: Clock | None = None) -> None:
        self._setup = setup
        self._clock = clock or SystemClock()
        self.faults = Faults(setup.plan, self._clock)
        self.record = Record()
        self.port = setup.port
        self._background: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """What clients are given as the endpoint's address."""
        return url_of(self.port, with_tls=self._setup.with_tls)

    async def __aenter__(self) -> Self:
        eyes = self._setup.eyes
        if eyes is None:
            eyes = VisionEyes()
            eyes.load()
        # The app must know its port before the first request, so the socket comes first.
        self._server = await self._listening()
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            self._app = self._composed(eyes)
        except LivecamError:
            self._server.close()
            raise
        await self._server.start_serving()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._app.end()

    async def _listening(self) -> asyncio.Server:
        tls = None
        if self._setup.with_tls:
            from livecam.local_aws.certificate import self_signed

            tls = self_signed(self._clock.wall())

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._app.serve(reader, writer)

        try:
            return await asyncio.start_server(
                serve, HOST, self._setup.port, limit=LARGEST_HEAD, ssl=tls, start_serving=False
            )
        except OSError as error:
            raise UsageError(
                f"port {self._setup.port} of {HOST} cannot be listened on ({error.strerror}); choose another"
                " with --port"
            ) from error

    def _composed(self, eyes: Eyes) -> App:
        setup, clock = self._setup, self._clock
        scheme = "https" if setup.with_tls else "http"
        services = MotoServices(port=self.port, scheme=scheme) if setup.with_moto else NoServices()
        videos = VideoOperations(clock, job_delay=setup.job_delay, has_topic=services.has_topic)

        def context_for(region: str) -> Context:
            read_object = partial(services.read_object, region=region)
            return Context(eyes, clock, read_object, services.publish, self._start, region)

        def secret_of(access_key: str) -> str | None:
            return setup.secrets.get(access_key) or services.secret_of(access_key)

        return App(
            rekognition=Rekognition(
                {"DetectFaces": detect_faces, **videos.operations},
                context_for,
                SignatureCheck(secret_of, scheme=scheme, wall=clock.wall),
            ),
            services=services,
            control=Control(self.faults, self.record),
            faults=self.faults,
            record=self.record,
            clock=clock,
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def url_of(port: int, *, with_tls: bool = False) -> str:
    """Return the address of an endpoint on this port."""
    return f"{'https' if with_tls else 'http'}://{HOST}:{port}"


def environment_of(url: str) -> dict[str, str]:
    """Return the variables with which any AWS tool uses an endpoint."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": REGION,
    }
