from __future__ import annotations

import threading

from livecam.sinks.background_writer import BackgroundWriter

PATIENCE = 10.0


class Disk:
    """Takes numbers while its gate is open; fails on one of them, and on finishing, if so told."""

    def __init__(self, *, fails_on: int | None = None, fails_to_finish: bool = False) -> None:
        self.fails_on = fails_on
        self.fails_to_finish = fails_to_finish
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.taken: list[int] = []
        self.finished = 0
        self.threads: set[str] = set()

    def write(self, item: int) -> None:
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        self.threads.add(threading.current_thread().name)
        if item == self.fails_on:
            raise OSError(f"no room for {item}")
        self.taken.append(item)

    def finish(self) -> None:
        self.finished += 1
        if self.fails_to_finish:
            raise OSError("no room for the end")


def a_writer(
    disk: Disk, failures: list[Exception], *, capacity: int = 100, patience: float = PATIENCE
) -> BackgroundWriter[int]:
    return BackgroundWriter(
        "test-writer",
        write=disk.write,
        finish=disk.finish,
        capacity=capacity,
        on_failure=failures.append,
        patience=patience,
    )


def an_open_disk(*, fails_on: int | None = None, fails_to_finish: bool = False) -> Disk:
    disk = Disk(fails_on=fails_on, fails_to_finish=fails_to_finish)
    disk.gate.set()
    return disk


def a_stuck_writer(
    disk: Disk, failures: list[Exception], *, patience: float = PATIENCE
) -> BackgroundWriter[int]:
    """Return a writer that hangs with 1 in its hands and 2 in its full queue."""
    writer = a_writer(disk, failures, capacity=1, patience=patience)
    assert writer.put(1)
    assert disk.entered.wait(PATIENCE)
    assert writer.put(2)
    return writer


def test_items_are_written_in_order_by_the_writers_own_thread() -> None:
    disk, failures = an_open_disk(), list[Exception]()
    writer = a_writer(disk, failures)
    assert all(writer.put(number) for number in range(50))
    writer.close()
    assert disk.taken == list(range(50))
    assert disk.threads == {"test-writer"}
    assert (disk.finished, failures) == (1, [])


def test_a_full_queue_drops_what_it_is_given_and_says_so() -> None:
    disk, failures = Disk(), list[Exception]()
    writer = a_stuck_writer(disk, failures)
    assert not writer.put(3)
    disk.gate.set()
    writer.close()
    assert disk.taken == [1, 2]
    assert failures == []


def test_a_source_that_can_wait_is_held_up_instead() -> None:
    disk, failures = Disk(), list[Exception]()
    writer = a_stuck_writer(disk, failures)
    results: list[bool] = []
    has_put = threading.Event()

    def put() -> None:
        results.append(writer.put(3, waits=True))
        has_put.set()

    thread = threading.Thread(target=put, daemon=True)
    thread.start()
    assert not has_put.wait(0.1)
    disk.gate.set()
    assert has_put.wait(PATIENCE)
    writer.close()
    assert results == [True]
    assert disk.taken == [1, 2, 3]


def test_after_a_failure_everything_is_discarded_and_told_once() -> None:
    disk, failures = an_open_disk(fails_on=2, fails_to_finish=True), list[Exception]()
    writer = a_writer(disk, failures)
    for number in range(6):
        writer.put(number)
    writer.close()
    assert disk.taken == [0, 1]
    assert [str(failure) for failure in failures] == ["no room for 2"]
    assert disk.finished == 1


def test_those_who_wait_do_not_hang_after_a_failure() -> None:
    disk, failures = an_open_disk(fails_on=0), list[Exception]()
    writer = a_writer(disk, failures, capacity=1)

    def put_many() -> None:
        for number in range(100):
            writer.put(number, waits=True)

    thread = threading.Thread(target=put_many, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    writer.close()
    assert disk.taken == []
    assert len(failures) == 1


def test_a_failure_to_finish_is_told() -> None:
    disk, failures = an_open_disk(fails_to_finish=True), list[Exception]()
    writer = a_writer(disk, failures)
    writer.put(1)
    writer.close()
    assert disk.taken == [1]
    assert [str(failure) for failure in failures] == ["no room for the end"]


def test_closing_twice_finishes_once() -> None:
    disk, failures = an_open_disk(), list[Exception]()
    writer = a_writer(disk, failures)
    writer.close()
    writer.close()
    assert disk.finished == 1


def test_nothing_is_taken_after_closing() -> None:
    disk, failures = an_open_disk(), list[Exception]()
    writer = a_writer(disk, failures)
    writer.close()
    assert not writer.put(1)
    assert not writer.put(2, waits=True)
    assert disk.taken == []


def test_closing_does_not_wait_for_ever_for_a_disk_that_hangs() -> None:
    disk, failures = Disk(), list[Exception]()
    writer = a_stuck_writer(disk, failures, patience=0.05)
    thread = threading.Thread(target=writer.close, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    was_left_behind = not thread.is_alive()
    disk.gate.set()
    assert was_left_behind
