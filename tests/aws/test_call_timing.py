from __future__ import annotations

import socket
import threading

import pytest

from livecam.aws.call_timing import PARTS, CallMarks, marking, time_calls
from livecam.aws.clients import live_client, patient_client
from livecam.clock import SystemClock
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to
from tests.aws.wire import WireServer, refuses, says

ANSWER = says({"FaceDetails": []})


def walked(*, cold: bool = False, split: bool = True) -> tuple[FakeClock, CallMarks]:
    """Return the marks of a call whose parts take 1, 2, 4, ... seconds, in order."""
    clock = FakeClock(100.0)
    marks = CallMarks(clock)
    marks.begin()
    clock.advance(1)
    marks.serialised()
    marks.attempt()
    clock.advance(2)
    marks.signed()
    marks.handed_over()
    if split:
        marks.sending()
    if cold:
        clock.advance(4)
        marks.connected(4)
    clock.advance(8)
    if split:
        marks.sent()
    clock.advance(16)
    if split:
        marks.answered()
    clock.advance(32)
    marks.read()
    clock.advance(64)
    marks.parsed()
    return clock, marks


def test_each_part_is_the_time_between_its_marks() -> None:
    clock, marks = walked(cold=True)
    clock.advance(128)
    parts = marks.parts(encode=0.5, began_at=99.0, ended_at=clock.now())
    assert parts == {
        "encode": 0.5,
        "serialise": 1,
        "sign": 2,
        "connect": 4,
        "send": 8,
        "wait": 16,
        "read": 32,
        "parse": 64,
        "retries": 0,
        "other": 128.5,
    }
    assert tuple(parts) == PARTS
    assert sum(parts.values()) == clock.now() - 99.0
    assert marks.is_cold


def test_the_first_byte_goes_out_after_a_connection_is_there() -> None:
    assert walked()[1].sent_at == 103
    assert walked(cold=True)[1].sent_at == 107


def test_without_the_split_the_way_there_and_back_is_wait() -> None:
    clock, marks = walked(split=False)
    parts = marks.parts(encode=0.0, began_at=100.0, ended_at=clock.now())
    assert parts["wait"] == 8 + 16 + 32
    assert not {"connect", "send", "read"} & set(parts)
    assert sum(parts.values()) == clock.now() - 100.0
    assert marks.sent_at == 103
    assert not marks.is_split


def test_an_attempt_that_failed_counts_as_retries_and_the_last_one_is_split() -> None:
    clock, marks = walked(cold=True)
    marks.attempt()
    clock.advance(3)
    marks.signed()
    marks.handed_over()
    marks.sending()
    marks.sent()
    clock.advance(5)
    marks.answered()
    marks.read()
    marks.parsed()
    parts = marks.parts(encode=0.0, began_at=100.0, ended_at=clock.now())
    assert parts["retries"] == 2 + 4 + 8 + 16 + 32 + 64
    assert (parts["sign"], parts["wait"], parts["connect"], parts["parse"]) == (3, 5, 0, 0)
    assert sum(parts.values()) == clock.now() - 100.0
    assert marks.is_cold


def test_what_is_left_over_is_never_negative() -> None:
    _, marks = walked()
    assert marks.parts(encode=500.0, began_at=100.0, ended_at=101.0)["other"] == 0


def test_making_faces_of_the_answer_belongs_to_parsing() -> None:
    clock, marks = walked()
    marks.understood(7)
    assert marks.parts(encode=0.0, began_at=100.0, ended_at=clock.now())["parse"] == 71


def test_a_call_that_failed_before_it_was_sent_has_no_such_instant() -> None:
    assert CallMarks(FakeClock(1.0)).sent_at is None


def test_an_abort_shuts_the_socket_that_the_call_uses() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        marks = CallMarks(SystemClock())
        marks.took(ours)
        marks.abort()
        assert theirs.recv(1) == b""


def test_an_abort_before_there_is_a_socket_shuts_it_when_it_comes() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        marks = CallMarks(SystemClock())
        marks.abort()
        marks.took(ours)
        assert theirs.recv(1) == b""


def test_an_abort_after_the_call_leaves_the_socket_to_the_next_one() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        marks = CallMarks(SystemClock())
        with marking(marks):
            marks.took(ours)
        marks.abort()
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_an_abort_of_a_socket_that_is_closed_is_too_late_to_matter() -> None:
    ours, theirs = socket.socketpair()
    marks = CallMarks(SystemClock())
    marks.took(ours)
    ours.close()
    theirs.close()
    marks.abort()


def test_a_client_may_be_timed_twice_and_marks_once() -> None:
    with WireServer([ANSWER]) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        assert time_calls(client)
        marks = CallMarks(SystemClock())
        with marking(marks):
            client.detect_faces(Image={"Bytes": b"jpeg"})
        assert marks.bytes_on_wire == len(server.exchanges[0].head) + 4 + len(server.exchanges[0].body)
        names = [
            cls.__name__ for cls in client._endpoint.http_session._manager.pool_classes_by_scheme.values()
        ]
    assert names == ["TimedAWSHTTPConnectionPool", "TimedAWSHTTPSConnectionPool"]


def test_a_call_that_nobody_times_works_as_ever() -> None:
    with WireServer([ANSWER]) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=1)
        assert client.detect_faces(Image={"Bytes": b"jpeg"})["FaceDetails"] == []


def test_calls_in_several_threads_mark_their_own() -> None:
    with WireServer([ANSWER]) as server:
        client = live_client("rekognition", access_to(server.url), in_flight=3)
        marks = [CallMarks(SystemClock()) for _ in range(3)]
        together = threading.Barrier(3)

        def call(own: CallMarks, size: int) -> None:
            together.wait(10)
            with marking(own):
                client.detect_faces(Image={"Bytes": b"x" * size})

        threads = [
            threading.Thread(target=call, args=(own, 3000 * (index + 1))) for index, own in enumerate(marks)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    sizes = [own.bytes_on_wire for own in marks]
    assert sizes[1] - sizes[0] == pytest.approx(4000, abs=5)
    assert sizes[2] - sizes[1] == pytest.approx(4000, abs=5)


def test_a_retry_is_seen_apart() -> None:
    with WireServer([refuses("InternalServerError", status=500), ANSWER]) as server:
        client = patient_client("rekognition", access_to(server.url))
        time_calls(client)
        clock = SystemClock()
        marks = CallMarks(clock)
        began_at = clock.now()
        marks.begin()
        with marking(marks):
            client.detect_faces(Image={"Bytes": b"jpeg"})
        ended_at = clock.now()
        assert len(server.exchanges) == 2
    parts = marks.parts(encode=0.0, began_at=began_at, ended_at=ended_at)
    assert parts["retries"] > 0
    assert sum(parts.values()) == pytest.approx(ended_at - began_at, rel=0.02)
