from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.encoding.h264 import EncodedPacket
from livecam.encoding.packet_ring import PacketRing

Arrival = tuple[int, bool, int]
"""Ticks since the packet before, whether it is a keyframe, bytes."""

ARRIVALS = st.lists(
    st.tuples(st.integers(1, 200_000), st.booleans(), st.integers(1, 50)), min_size=1, max_size=80
)


def packets_of(arrivals: list[Arrival]) -> list[EncodedPacket]:
    packets, pts = [], 0
    for ticks, is_key, size in arrivals:
        pts += ticks
        packets.append(EncodedPacket(bytes(size), pts, is_key))
    return packets


def every_tenth(seconds: float) -> list[EncodedPacket]:
    """Return packets ten times a second with a keyframe each second."""
    return packets_of([(9_000, number % 10 == 0, 100) for number in range(round(seconds * 10))])


def filled(ring: PacketRing[int], packets: list[EncodedPacket]) -> PacketRing[int]:
    for number, packet in enumerate(packets):
        ring.put(packet, number)
    return ring


def test_what_is_taken_begins_with_a_keyframe_as_long_before_as_was_asked() -> None:
    packets = every_tenth(60)
    taken = filled(PacketRing(5.0), packets).take()
    assert taken[0][0].is_key
    assert 5.0 <= taken[-1][0].time - taken[0][0].time < 6.0
    assert [packet for packet, _ in taken] == packets[-len(taken) :]


def test_every_packet_keeps_its_item() -> None:
    packets = every_tenth(60)
    assert all(packets[number] is packet for packet, number in filled(PacketRing(5.0), packets).take())


def test_taking_empties_the_ring_and_the_next_begins_with_a_keyframe() -> None:
    ring = filled(PacketRing(5.0), every_tenth(3))
    assert len(ring.take()) == 30
    assert (len(ring), ring.size, ring.span, ring.take()) == (0, 0, 0.0, [])
    filled(ring, every_tenth(3)[25:])
    assert len(ring) == 0
    filled(ring, every_tenth(3)[8:])
    assert len(ring) == 20


def test_before_enough_has_come_all_is_kept() -> None:
    ring = filled(PacketRing(5.0), every_tenth(4.5))
    assert len(ring) == 45
    assert ring.size == 4_500
    assert ring.span == pytest.approx(4.4)


def test_without_any_seconds_to_keep_there_is_the_newest_group() -> None:
    assert len(filled(PacketRing(0.0), every_tenth(3.5))) == 5


def test_the_oldest_groups_go_when_there_are_too_many_bytes() -> None:
    taken = filled(PacketRing(5.0, most_bytes=2_500), every_tenth(10)).take()
    assert taken[0][0].is_key
    assert len(taken) == 20


def test_a_group_that_is_too_large_alone_is_not_kept_and_the_next_one_is() -> None:
    ring = filled(PacketRing(5.0, most_bytes=500), every_tenth(2))
    assert len(ring) == 0
    ring.put(EncodedPacket(b"key", 900_000, is_key=True), 0)
    assert len(ring) == 1


@given(ARRIVALS, st.floats(0, 10))
def test_there_is_never_less_than_asked_and_never_a_group_too_many(
    arrivals: list[Arrival], seconds: float
) -> None:
    packets = packets_of(arrivals)
    ring = filled(PacketRing(seconds), packets)
    kept = [packet for packet, _ in ring.take()]
    keyframes = [packet.time for packet in packets if packet.is_key]
    if not keyframes:
        assert kept == []
        return
    needed_from = packets[-1].time - seconds
    begin = max([time for time in keyframes if time <= needed_from], default=keyframes[0])
    assert kept == [packet for packet in packets if packet.time >= begin]


@given(ARRIVALS, st.integers(0, 400))
def test_there_are_never_more_bytes_than_allowed(arrivals: list[Arrival], most_bytes: int) -> None:
    ring: PacketRing[None] = PacketRing(5.0, most_bytes=most_bytes)
    for packet in packets_of(arrivals):
        ring.put(packet, None)
        assert ring.size <= most_bytes
    size = ring.size
    kept = ring.take()
    assert size == sum(len(packet.data) for packet, _ in kept)
    assert not kept or kept[0][0].is_key
