from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from livecam.bench.pipeline.stages import StageCpu, by_stage, process_cpu, thread_stages

if TYPE_CHECKING:
    from pathlib import Path


class Work:
    """Costs what it is told, on a CPU clock that is moved by hand."""

    name = "work"

    def __init__(self) -> None:
        self.spent = 0.0

    def follow(self, cost: float) -> str:
        self.spent += cost
        return f"cost {cost}"

    def fail(self, cost: float) -> None:
        self.spent += cost
        raise ValueError("broken")

    def unmeasured(self) -> None:
        self.spent += 100.0


def test_calls_are_added_up_by_stage_and_the_part_is_otherwise_as_it_was() -> None:
    work = Work()
    cpu = StageCpu(lambda: work.spent)
    watched = cpu.watched(work, {"follow": "follow", "fail": "merge"})
    assert watched.follow(0.5) == "cost 0.5"
    watched.follow(cost=0.25)
    watched.unmeasured()
    with pytest.raises(ValueError, match="broken"):
        watched.fail(2.0)
    assert watched.name == "work"
    assert cpu.spent == {"follow": 0.75, "merge": 2.0}


def test_threads_are_told_apart_by_their_names(tmp_path: Path) -> None:
    done = threading.Event()
    names = ("livecam-source", "livecam-picture", "livecam-recorder", "livecam-clips", "livecam-odd")
    threads = [threading.Thread(target=done.wait, name=name) for name in names]
    try:
        for thread in threads:
            thread.start()
            folder = tmp_path / str(thread.native_id)
            folder.mkdir()
            (folder / "schedstat").write_text("2000000000 123 4\n", encoding="ascii")
        assert thread_stages(tmp_path) == pytest.approx({"source": 2.0, "picture": 2.0, "record": 4.0})
        assert thread_stages(tmp_path / "no such system") == {}
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_what_calls_cost_is_not_counted_again_with_their_thread() -> None:
    calls = {"follow": 1.0, "draw": 2.0, "outputs": 0.5}
    assert by_stage(calls, {"picture": 4.0, "finder": 3.0}) == {**calls, "picture": 0.5, "finder": 3.0}
    assert by_stage(calls, {}) == calls


def test_a_process_has_used_some_cpu() -> None:
    assert process_cpu() > 0
