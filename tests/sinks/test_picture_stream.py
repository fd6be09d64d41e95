from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

from livecam.sinks.picture_stream import PictureStream
from livecam.testing.list_source import INFO
from tests.builders import a_frame, a_picture
from tests.pipeline.parts import DEAD_AFTER

PATIENT = dataclasses.replace(INFO, is_live=False)


def test_a_live_reader_gets_the_newest_and_what_it_missed_is_counted() -> None:
    stream = PictureStream()
    stream.open(INFO)
    for sequence in range(3):
        stream.write(a_picture(a_frame(sequence)))
    picture = stream.take()
    assert picture is not None
    assert picture.frame.sequence == 2
    assert stream.skipped == 2
    assert stream.take_now() is None


def test_a_source_that_can_wait_is_held_up_until_each_was_taken() -> None:
    stream = PictureStream()
    stream.open(PATIENT)

    def write() -> None:
        for sequence in range(5):
            stream.write(a_picture(a_frame(sequence)))
        stream.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        taken = []
        while (picture := stream.take()) is not None:
            taken.append(picture.frame.sequence)
        writing.result(DEAD_AFTER)
    assert taken == [0, 1, 2, 3, 4]
    assert stream.skipped == 0


def test_the_end_frees_reader_and_writer() -> None:
    stream = PictureStream()
    stream.open(PATIENT)
    stream.write(a_picture(a_frame(0)))
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(stream.write, a_picture(a_frame(1)))
        stream.close()
        writing.result(DEAD_AFTER)
        reading = pool.submit(lambda: [stream.take(), stream.take()])
        assert reading.result(DEAD_AFTER)[1] is None
    assert stream.is_over


def test_it_says_when_there_may_be_something() -> None:
    told = threading.Semaphore(0)
    stream = PictureStream(told.release)
    stream.open(INFO)
    stream.write(a_picture())
    stream.close()
    assert all(told.acquire(timeout=DEAD_AFTER) for _ in range(3))
