from __future__ import annotations

import threading

from livecam.events import SourceEnded, SourceOpened
from livecam.pipeline.upkeep import Upkeep
from tests.pipeline.parts import DEAD_AFTER

OPENED = SourceOpened(at=0.0, source="test", description="test", width=1, height=1, fps=None)
ENDED = SourceEnded(at=1.0, source="test", reason="end of file", captured=1)


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "livecam-upkeep"]


def test_it_is_done_again_and_again_from_the_opening_to_the_end() -> None:
    done = threading.Semaphore(0)
    upkeep = Upkeep(done.release, every=0.001)
    assert not workers()
    upkeep(OPENED)
    for _ in range(3):
        assert done.acquire(timeout=DEAD_AFTER)
    (worker,) = workers()
    upkeep(ENDED)
    worker.join(DEAD_AFTER)
    assert not worker.is_alive()


def test_a_run_that_ends_at_once_waits_for_nothing() -> None:
    upkeep = Upkeep(lambda: None)
    upkeep(OPENED)
    (worker,) = workers()
    upkeep(ENDED)
    worker.join(DEAD_AFTER)
    assert not worker.is_alive()
