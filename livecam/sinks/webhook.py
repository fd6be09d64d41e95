"""Tells a web server what happens: each wanted event is POSTed as JSON, signed when there is a secret.

Headers and signature are those of the Standard Webhooks specification. Nothing here waits for the
server but one thread of its own; the run neither ends nor slows down because of it.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
import uuid
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

import livecam
from livecam.errors import UsageError
from livecam.event_records import as_record, event_type
from livecam.redaction import redact_values
from livecam.sinks.webhook_retry import Limits, PromptRetry
from livecam.sinks.webhook_signature import sign, signing_key

if TYPE_CHECKING:
    from datetime import datetime

    from urllib3.util import Url

    from livecam.clock import Clock
    from livecam.events import Event

log = logging.getLogger(__name__)

ALL = "all"
"""Among the wanted events: every one of them."""
THREAD_NAME = "livecam-webhook"
WHAT_WAS_SEEN: tuple[tuple[type[Exception], str], ...] = (
    (NameResolutionError, "its name is not known here"),
    (NewConnectionError, "it takes no connection"),
    (ConnectTimeoutError, "it did not take the connection in time"),
    (ReadTimeoutError, "it did not answer in time"),
    (SSLError, "its certificate was not accepted"),
    (ProtocolError, "it broke the connection off"),
)
"""In our words, for urllib3's hold the whole address; the first that fits stands."""


@dataclass(frozen=True, slots=True)
class WebhookStatistics:
    """What became of the wanted events."""

    delivered: int
    failed: int
    """Refused, not answered, or still waiting at the end."""
    dropped: int
    """Never tried: too many were waiting."""


USUAL_LIMITS = Limits()


class Webhook:
    """Fits `EventListener`; POSTs from a thread of its own, in order.

    A body is the event as in `--events`, without secrets, with `wall_time` (when it happened, ISO
    8601) and `livecam` (the version). It never holds a picture.

    Args:
        url: http or https; a user and password in it become an Authorization header.
        secret: signs every message; `whsec_` and base64, or any text; None for no signature.
        events: types that are wanted, as in `--events`; `{"all"}` for every type.
        clock: tells when an event happened and when it is sent.

    Raises:
        UsageError: the address or the secret cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        secret: str | None,
        events: frozenset[str],
        clock: Clock,
        limits: Limits = USUAL_LIMITS,
    ) -> None:
        address = _parsed(url)
        self._url = address._replace(auth=None).url
        self._place = f"{address.scheme}://{address.host}"
        self._headers = {"content-type": "application/json", "user-agent": f"livecam/{livecam.__version__}"}
        if address.auth:
            self._headers["authorization"] = (
                f"Basic {base64.b64encode(unquote(address.auth).encode()).decode()}"
            )
        self._key = None if secret is None else signing_key(secret)
        self._events = events
        self._clock = clock
        self._limits = limits
        self._let_go = threading.Event()
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Event, datetime]] = deque()
        self._is_closed = False
        self._is_failing = False
        self._taken = self._delivered = self._failed = self._dropped = 0
        self._pool = urllib3.PoolManager()
        _keep_addresses_out_of_the_log()
        self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Queue an event if it is wanted; any thread, never blocks."""
        if ALL not in self._events and event_type(event) not in self._events:
            return
        happened = self._clock.wall()
        with self._changed:
            if self._is_closed:
                return
            is_full = len(self._waiting) >= self._limits.capacity
            self._dropped += is_full
            is_first_dropped = is_full and self._dropped == 1
            if not is_full:
                self._taken += 1
                self._waiting.append((event, happened))
                self._changed.notify()
        if is_first_dropped:
            log.warning(
                "the webhook at %s is too slow: events that find its queue full are lost", self._place
            )

    def statistics(self) -> WebhookStatistics:
        """Return the counts so far."""
        with self._changed:
            return WebhookStatistics(self._delivered, self._failed, self._dropped)

    def close(self) -> None:
        """Give what waits a short grace, then let go of it. May be called twice."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
            self._changed.notify()
        self._thread.join(self._limits.grace)
        with self._changed:
            self._let_go.set()
            self._waiting.clear()
            lost = self._taken - self._delivered - self._failed
            self._failed += lost
        if lost:
            log.warning("%d events were not delivered to the webhook at %s before the end", lost, self._place)

    def _run(self) -> None:
        while (item := self._next()) is not None:
            event, happened = item
            try:
                trouble = self._post(_as_body(event, happened))
            except Exception as error:  # noqa: BLE001  whatever it is: it must not end the thread
                trouble = _what_was_seen(error)
            self._take_note(event, trouble)
        self._pool.clear()

    def _next(self) -> tuple[Event, datetime] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            return self._waiting.popleft() if self._waiting else None

    def _post(self, body: bytes) -> str | None:
        """Return what was wrong with the last answer; None when the event was taken."""
        message_id, timestamp = f"msg_{uuid.uuid4().hex}", int(self._clock.wall().timestamp())
        headers = {**self._headers, "webhook-id": message_id, "webhook-timestamp": str(timestamp)}
        if self._key is not None:
            headers["webhook-signature"] = sign(
                self._key, message_id=message_id, timestamp=timestamp, body=body
            )
        response = self._pool.request(
            "POST",
            self._url,
            body=body,
            headers=headers,
            redirect=False,  # what was meant for one host is not another's
            timeout=urllib3.Timeout(connect=self._limits.connect, read=self._limits.read),
            retries=PromptRetry.within(self._limits, self._let_go),
        )
        return None if response.status // 100 == 2 else f"it answered {response.status}"  # noqa: PLR2004

    def _take_note(self, event: Event, trouble: str | None) -> None:
        with self._changed:
            if self._let_go.is_set():
                return  # `close` has counted it
            self._delivered += trouble is None
            self._failed += trouble is not None
            is_news, self._is_failing = trouble is not None and not self._is_failing, trouble is not None
        if is_news:
            log.warning(
                "%s was not delivered to the webhook at %s: %s; until one is, failures are only counted",
                event_type(event),
                self._place,
                trouble,
            )


class _NotFromOurThread(logging.Filter):
    """Keeps out what urllib3 says about webhooks: it names whole addresses, and those are often secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is of somebody else's request."""
        return record.threadName != THREAD_NAME


_NOT_FROM_OUR_THREAD = _NotFromOurThread()


def _keep_addresses_out_of_the_log() -> None:
    for module in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
        logging.getLogger(f"urllib3.{module}").addFilter(_NOT_FROM_OUR_THREAD)


def _parsed(url: str) -> Url:
    try:
        address = urllib3.util.parse_url(url)
    except LocationParseError:
        address = urllib3.util.Url()
    if address.scheme not in {"http", "https"} or not address.host:
        # Neither the address nor urllib3's error, which repeats it, is shown: it may hold a secret.
        raise UsageError("the webhook's address cannot be used; give one such as https://example.com/hook")
    return address


def _as_body(event: Event, happened: datetime) -> bytes:
    record = redact_values(as_record(event))
    record |= {"wall_time": happened.isoformat(timespec="milliseconds"), "livecam": livecam.__version__}
    return json.dumps(record, separators=(",", ":")).encode()


def _what_was_seen(error: Exception) -> str:
    """Return in a few words, without any address, what became of a request."""
    reason = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    for kind, words in WHAT_WAS_SEEN:
        if isinstance(reason, kind):
            return words
    return f"it failed ({type(reason).__name__})"
