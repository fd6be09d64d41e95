"""CPU time by stage, of the parts of a real run: nothing is left out of it, and nothing put in its place."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from livecam.clock import thread_cpu

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Part = TypeVar("Part")

THREADS = {
    "livecam-source": "source",
    "livecam-reader": "source",
    "livecam-picture": "picture",
    "livecam-finder": "finder",
    "livecam-recorder": "record",
    "livecam-clips": "record",
}
"""Stage of a thread by its name; what other threads use is nobody's."""
OF_A_FRAME = {"follow": "follow", "apply": "merge", "apply_sighting": "merge", "finish": "draw"}
"""Stage of a call to the picture path."""
OF_OUTPUTS = {"write": "outputs", "refresh": "outputs"}
"""Stage of a call to the outputs."""
IN_PICTURE_THREAD = frozenset({*OF_A_FRAME.values(), *OF_OUTPUTS.values()})
"""Stages that are parts of the picture's thread."""
_TASKS = Path("/proc/self/task")
_NANO = 1e-9


class StageCpu:
    """Adds up what calls cost; each stage is used by one thread.

    Args:
        cpu: CPU seconds used so far by the thread that calls it.
    """

    def __init__(self, cpu: Callable[[], float] = thread_cpu) -> None:
        self._cpu = cpu
        self._spent: defaultdict[str, float] = defaultdict(float)

    @property
    def spent(self) -> dict[str, float]:
        """CPU seconds so far by stage."""
        return dict(self._spent)

    def watched(self, part: Part, stages: Mapping[str, str]) -> Part:
        """Return a part whose calls of these names are measured; all else of it is as it was."""
        return cast("Part", _Watched(part, stages, self._measured))

    def _measured(self, stage: str, call: Callable[..., object]) -> Callable[..., object]:
        def measured(*args: object, **named: object) -> object:
            before = self._cpu()
            try:
                return call(*args, **named)
            finally:
                self._spent[stage] += self._cpu() - before

        return measured


class _Watched:
    """Stands in for a part."""

    def __init__(
        self,
        part: object,
        stages: Mapping[str, str],
        measured: Callable[[str, Callable[..., object]], Callable[..., object]],
    ) -> None:
        self._part = part
        for name, stage in stages.items():
            setattr(self, name, measured(stage, getattr(part, name)))

    def __getattr__(self, name: str) -> object:
        return getattr(self._part, name)


def thread_stages(tasks: Path = _TASKS) -> dict[str, float]:
    """Return CPU seconds so far of running threads by stage; nothing where the system does not tell.

    Args:
        tasks: where the system keeps a folder for each of this process's threads.
    """
    spent: defaultdict[str, float] = defaultdict(float)
    for thread in threading.enumerate():
        stage = THREADS.get(thread.name)
        if stage is None:
            continue
        try:
            told = (tasks / str(thread.native_id) / "schedstat").read_text(encoding="ascii")
        except OSError:  # another system, or it has just ended
            continue
        spent[stage] += int(told.split()[0]) * _NANO
    return dict(spent)


def by_stage(calls: Mapping[str, float], threads: Mapping[str, float]) -> dict[str, float]:
    """Return CPU seconds by stage: what calls cost, and threads without the calls they made."""
    spent = {**threads, **calls}
    if "picture" in threads:
        parts = sum(calls.get(name, 0.0) for name in IN_PICTURE_THREAD)
        spent["picture"] = max(threads["picture"] - parts, 0.0)
    return spent


def process_cpu() -> float:
    """Return the CPU seconds that this process has used, all its threads together."""
    used = os.times()
    return used.user + used.system
