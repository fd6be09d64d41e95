"""The newest encoded pictures, so that a clip can begin before the moment that it is recorded for.

Encoded they take 2-7 MB for ten seconds of 1080p; as pixels they would take 1.9 GB.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from livecam.encoding.h264 import EncodedPacket

MOST_BYTES = 256_000_000
"""Of packets in a ring, unless told: a pre-roll of minutes at a high bit rate must not fill the memory."""

Item = TypeVar("Item")


@dataclass(slots=True)
class _Group(Generic[Item]):
    """A keyframe and what depends on it: kept or dropped as a whole."""

    entries: list[tuple[EncodedPacket, Item]] = field(default_factory=list)
    size: int = 0
    """Bytes of its packets."""


class PacketRing(Generic[Item]):
    """Keeps the packets of the last seconds, each with an item of the caller's; begins with a keyframe.

    When that much has come, the first packet is at least `seconds` older than the newest, and the packets
    after its group of pictures are not: there is never more than one group too many. For one thread.

    Args:
        seconds: to keep behind the newest packet, 0 or more.
        most_bytes: that all packets together may have; the oldest groups go first.
    """

    def __init__(self, seconds: float, *, most_bytes: int = MOST_BYTES) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._groups: deque[_Group[Item]] = deque()
        self._size = 0

    def __len__(self) -> int:
        """Return how many packets there are."""
        return sum(len(group.entries) for group in self._groups)

    @property
    def size(self) -> int:
        """Bytes of all packets."""
        return self._size

    @property
    def span(self) -> float:
        """Seconds from the first packet to the newest; 0 when there is none."""
        if not self._groups:
            return 0.0
        return self._groups[-1].entries[-1][0].time - self._groups[0].entries[0][0].time

    def put(self, packet: EncodedPacket, item: Item) -> None:
        """Keep a packet, newer than those before; drop it if no keyframe came before it."""
        if packet.is_key:
            self._groups.append(_Group())
        if not self._groups:
            return
        group = self._groups[-1]
        group.entries.append((packet, item))
        group.size += len(packet.data)
        self._size += len(packet.data)
        self._drop_what_is_too_much(packet.time - self._seconds)

    def take(self) -> list[tuple[EncodedPacket, Item]]:
        """Return all packets with their items, oldest and a keyframe first, and keep none."""
        taken = [entry for group in self._groups for entry in group.entries]
        self.clear()
        return taken

    def clear(self) -> None:
        """Keep none: those that come cannot follow those that are here, such as after a change of size."""
        self._groups.clear()
        self._size = 0

    def _drop_what_is_too_much(self, needed_from: float) -> None:
        """Drop the oldest groups while the rest still begins at `needed_from` (seconds), or is too large."""
        groups = self._groups
        while len(groups) > 1 and groups[1].entries[0][0].time <= needed_from:
            self._size -= groups.popleft().size
        while self._size > self._most_bytes:
            self._size -= groups.popleft().size
