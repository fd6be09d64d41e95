"""The one place where boto3 clients are made.

Every variable and section of a configuration file that botocore knows is honoured: livecam sets only what
`AwsAccess` says, the timeouts and the attempts. A client is made once per process: that takes half a
second of CPU, and sessions are not thread-safe (clients are). Botocore is imported when the first one is.
"""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.request import getproxies

from livecam.aws.broken_answer import check_answer
from livecam.aws.call_timing import time_calls
from livecam.aws.error_mapping import CallTarget, translate
from livecam.clock import SystemClock
from livecam.consent import is_needed

if TYPE_CHECKING:
    from livecam.clock import Clock

_SYSTEM_CLOCK = SystemClock()

CONNECT_TIMEOUT = 2.0
"""Seconds to open the connection of a live call; botocore's own 60 are no use to a live picture."""
READ_TIMEOUT = 3.0
"""Seconds in which the next byte of a live call must come; its deadline ends one that drips."""
PATIENT_TIMEOUT = 20.0
PART_TIMEOUT = 60.0
"""Seconds in which S3 must answer: megabytes of a part may still be on their way when all is written."""
PATIENT_ATTEMPTS = 5
"""For what is not about the newest frame: identity, clips, jobs."""

BotoClient: TypeAlias = Any
"""boto3 makes its classes when it runs and has no types."""


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """Whose account is called, where; None leaves it to botocore's variables and files."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @property
    def region_to_use(self) -> str | None:
        """The Region to tell botocore, which does not know AWS_REGION, as the other AWS tools do."""
        return self.region or os.environ.get("AWS_REGION") or None


@dataclass(frozen=True, slots=True)
class _Made:
    client: BotoClient
    seconds: float


_Key: TypeAlias = tuple[Literal["live", "patient", "jobs"], str, AwsAccess, int, float]

_lock = threading.Lock()
_made: dict[_Key, _Made] = {}


def live_client(
    service: str,
    access: AwsAccess,
    *,
    in_flight: int,
    deadline: float = READ_TIMEOUT,
    clock: Clock = _SYSTEM_CLOCK,
) -> BotoClient:
    """Return the client for calls about the newest frame: one attempt, short timeouts, timed and guarded.

    Args:
        service: as boto3 calls it.
        access: whose account, where.
        in_flight: calls at the same time; as many connections are kept.
        deadline: seconds that a call is given; bytes are waited for at least as long.
        clock: times its creation.

    Raises:
        CloudError: there are no credentials, no Region, no such profile or no such endpoint.
    """
    return _client(("live", service, access, in_flight, max(deadline, READ_TIMEOUT)), clock)


def patient_client(service: str, access: AwsAccess, *, clock: Clock = _SYSTEM_CLOCK) -> BotoClient:
    """Return the client for work that may take its time: five attempts.

    Raises:
        CloudError: there are no credentials, no Region, no such profile or no such endpoint.
    """
    timeout = PART_TIMEOUT if service == "s3" else PATIENT_TIMEOUT
    return _client(("patient", service, access, 1, timeout), clock)


def job_client(access: AwsAccess, *, clock: Clock = _SYSTEM_CLOCK) -> BotoClient:
    """Return Rekognition's client for stored video: five attempts, but one where as many jobs run as may.

    Raises:
        CloudError: there are no credentials, no Region, no such profile or no such endpoint.
    """
    return _client(("jobs", "rekognition", access, 1, PATIENT_TIMEOUT), clock)


def creation_seconds(client: BotoClient) -> float | None:
    """Return how long it took to make a client of this module; None of another one."""
    with _lock:
        return next((made.seconds for made in _made.values() if made.client is client), None)


def forget(client: BotoClient) -> None:
    """Let the next one be made anew: a client keeps the credentials it was made with."""
    with _lock:
        for key in [key for key, made in _made.items() if made.client is client]:
            del _made[key]


def endpoint_of(client: BotoClient) -> str:
    """Return the URL that a client calls."""
    return str(client.meta.endpoint_url)


def is_loopback(url: str) -> bool:
    """Return whether a URL names this machine, so that what is sent to it does not leave it."""
    return not is_needed(url)  # one rule for what leaves this machine


def target_of(client: BotoClient, access: AwsAccess, operation: str) -> CallTarget:
    """Return what a message about a client's call says of where it went."""
    return CallTarget(
        action=f"{client.meta.service_model.signing_name}:{operation}",
        region=client.meta.region_name,
        endpoint=endpoint_of(client),
        profile=_profile_of(access),
    )


def open_connections(client: BotoClient, count: int) -> int:
    """Open connections ahead of the first call, without a request; return how many there are.

    What goes wrong is left to the first call, which says it better. Through a proxy none is opened.
    """
    ready: list[Any] = []
    with contextlib.suppress(Exception):  # private to botocore and urllib3; it only saves time
        pool = _pool_of(client)
        try:
            while pool is not None and len(ready) < count:
                connection = pool._get_conn(timeout=0)  # noqa: SLF001
                ready.append(connection)
                if connection.is_closed:
                    _connect(connection)
        finally:
            for connection in ready:
                pool._put_conn(connection)  # noqa: SLF001
    return sum(not connection.is_closed for connection in ready)


def _connect(connection: Any) -> None:  # noqa: ANN401  urllib3's, as botocore subclasses it
    try:
        connection.connect()
    except Exception:
        # It has a socket but no TLS: urllib3 would take it for open and write the request in the clear.
        connection.close()
        raise


def _pool_of(client: BotoClient) -> Any:  # noqa: ANN401  urllib3's, as botocore uses it
    session = client._endpoint.http_session  # noqa: SLF001
    url = endpoint_of(client)
    if session._proxy_config.proxy_url_for(url):  # noqa: SLF001
        return None
    pool = session._get_connection_manager(url).connection_from_url(url)  # noqa: SLF001
    session._setup_ssl_cert(pool, url, session._verify)  # noqa: SLF001
    return pool


def _client(key: _Key, clock: Clock) -> BotoClient:
    with _lock:
        if key not in _made:
            began_at = clock.now()
            client = _create(key)
            _made[key] = _Made(client, clock.now() - began_at)
        return _made[key].client


def _create(key: _Key) -> BotoClient:
    """Make a client; every way in which that fails is a sentence."""
    kind, service, access, in_flight, read_timeout = key
    try:
        client = _boto3_client(service, access, _settings(kind, in_flight, read_timeout))
    except Exception as error:
        target = CallTarget(service, access.region, access.endpoint_url, _profile_of(access))
        raise translate(error, target=target) from error
    if service == "rekognition":
        client.meta.events.register("before-parse.rekognition", check_answer, unique_id="livecam-guard")
    if kind == "live":
        time_calls(client, service)
    return client


def _boto3_client(service: str, access: AwsAccess, settings: dict[str, Any]) -> BotoClient:
    import boto3  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]
    from botocore.exceptions import NoCredentialsError  # type: ignore[import-untyped]

    session = boto3.Session(profile_name=access.profile, region_name=access.region_to_use)
    # A client that is made without credentials never gets any.
    if session.get_credentials() is None:
        raise NoCredentialsError
    client = session.client(service, endpoint_url=access.endpoint_url, config=Config(**settings))
    if is_loopback(endpoint_of(client)) and getproxies():
        # What is meant for this machine must not go to a proxy on another.
        settings = settings | {"proxies": {}}
        client = session.client(service, endpoint_url=access.endpoint_url, config=Config(**settings))
    return client


def _profile_of(access: AwsAccess) -> str | None:
    return access.profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")


def _settings(kind: str, in_flight: int, read_timeout: float) -> dict[str, Any]:
    """Return botocore's settings: all that its own defaults, which changed over time, decide otherwise."""
    if kind == "live":
        return {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": read_timeout,
            # A second attempt would be about an old frame; and it would be hidden from the timing.
            "retries": {"mode": "standard", "total_max_attempts": 1},
            # A pool that is smaller than the calls at a time throws connections away.
            "max_pool_connections": max(in_flight, 2),
            "tcp_keepalive": True,
        }
    return {
        "connect_timeout": PATIENT_TIMEOUT,
        "read_timeout": read_timeout,
        # "standard" takes LimitExceededException for throttling, but a job's slot is free in minutes at best.
        "retries": {
            "mode": "legacy" if kind == "jobs" else "standard",
            "total_max_attempts": PATIENT_ATTEMPTS,
        },
        "tcp_keepalive": True,
    }
