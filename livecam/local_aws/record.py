"""The endpoint's own record of each request, to check a client's figures against."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

MOST_KEPT = 100_000
"""Requests; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as the endpoint saw it. Instants are monotonic seconds of this machine."""

    request_id: str
    operation: str
    """`DetectFaces` and so on; a service's name, such as `s3`, when moto answered."""
    arrived_at: float
    """Its head was here."""
    received_at: float | None
    """Its last byte was here; None when its body was not read to the end."""
    answered_at: float | None
    """The first byte of the answer was handed to the network; None when there was none."""
    done_at: float
    """The last byte was, or the connection was given up."""
    bytes_received: int
    """Of the body."""
    bytes_sent: int
    """Of the answer's body."""
    status: int | None
    """Of HTTP; None without an answer."""
    outcome: str
    """`ok`, the code of an error, a kind of fault, or `client left`."""

    @property
    def service_time(self) -> float | None:
        """Seconds from the last byte in to the first byte out; None when one of them was not."""
        if self.answered_at is None or self.received_at is None:
            return None
        return self.answered_at - self.received_at


class Record:
    """The newest requests, in the order in which they were done."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_KEPT)
        self._total = 0

    def add(self, entry: Entry) -> None:
        """Remember a request that is done."""
        self._entries.append(entry)
        self._total += 1

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._total = 0

    def entries(self) -> list[Entry]:
        """Return what is remembered, oldest first."""
        return list(self._entries)

    def as_json(self) -> dict[str, Any]:
        """Return it as `GET /_livecam/requests` answers."""
        requests = [asdict(entry) | {"service_time": entry.service_time} for entry in self._entries]
        return {"total": self._total, "requests": requests}
