"""When a webhook's server is tried again: urllib3's rules within our limits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader

if TYPE_CHECKING:
    import threading

    from urllib3.response import BaseHTTPResponse

log = logging.getLogger(__name__)

TROUBLED = frozenset({429, 500, 502, 503, 504})
"""Answers that may be better next time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a server is tried; durations in seconds.

    All tries of an event together last some 200 s at most, less than the 5 minutes after which
    receivers refuse a timestamp: so one signature serves them all.
    """

    connect: float = 2.0
    read: float = 5.0
    """Between two parts of an answer."""
    retries: int = 5
    backoff: float = 0.5
    """The second retry waits for twice this, the third for four times, and so on..."""
    jitter: float = 0.5
    """...and up to so much longer."""
    longest_wait: float = 30.0
    """Between two tries, also when the server asks for more."""
    grace: float = 5.0
    """Given at the end to what still waits."""
    capacity: int = 1_000
    """Events that may wait; the newest are dropped."""


class LetGo(HTTPError):
    """The time for retries is over."""


class PromptRetry(urllib3.Retry):
    """urllib3's rules for retries, with waits that end as soon as the webhook is let go."""

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})  # not 413: the same body is not smaller later
    let_go: threading.Event
    """Set when there is to be no other try."""
    longest_wait: float
    """Seconds."""

    @classmethod
    def within(cls, limits: Limits, let_go: threading.Event) -> PromptRetry:
        """Return the retries that the limits allow."""
        retry = cls(
            total=limits.retries,
            allowed_methods={"POST"},  # the receiver tells a second delivery by its id
            status_forcelist=TROUBLED,
            backoff_factor=limits.backoff,
            backoff_jitter=limits.jitter,
            raise_on_status=False,
        )
        retry.let_go, retry.longest_wait = let_go, limits.longest_wait
        return retry

    def new(self, **kw: Any) -> PromptRetry:  # noqa: ANN401  urllib3's signature
        """Return these retries with some of them used up."""
        retry = super().new(**kw)
        retry.let_go, retry.longest_wait = self.let_go, self.longest_wait
        return retry

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next try for as long as the server asks, or else ever longer.

        Raises:
            LetGo: there is to be no other try.
        """
        asked = None
        if response is not None:
            try:
                asked = self.get_retry_after(response)
            except InvalidHeader:
                log.debug("a webhook's Retry-After is neither seconds nor a date")
        if self.let_go.wait(min(asked or self.get_backoff_time(), self.longest_wait)):
            raise LetGo
