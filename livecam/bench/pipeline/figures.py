"""What a round showed, computed from instants and CPU times. Pure; durations are seconds, CPU is in ms."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from livecam.latency import percentiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.frames import SourceInfo

STAGES = ("source", "follow", "merge", "draw", "outputs", "picture", "finder", "record", "other")
"""What a frame costs is spent on, in the order in which a frame meets it: the frame is made or decoded;
faces are followed to it; answers and looks are taken in; it is drawn on; it is handed to the outputs; the
rest of the picture's thread; the finder's thread; encoding and writing of clips; all other threads."""
EVEN = 29 / 30
"""Share of the source's frames per second that must be displayed for it to be carried."""
ASSUMED_FPS = 30.0
"""Where a source does not say."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was used so far, at one instant."""

    at: float
    displayed: int
    """Pictures so far."""
    process: float
    """CPU seconds of the whole process."""
    stages: Mapping[str, float]
    """CPU seconds by name of `STAGES`, as far as they are known; never "other"."""


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """One runner's part of a round."""

    source: str
    """For people."""
    width: int
    height: int
    source_fps: float
    """What the source promises."""
    displayed: int
    """Pictures that were measured, the warm-up left out."""
    fps: float
    """Of these, displayed per second."""
    capture_to_display: Mapping[str, float | None]
    """p50, p90, p95, p99 and max, seconds."""
    longest_gap: float
    """Seconds between two pictures, at most."""
    dropped: Mapping[str, int]
    """Frames by reason, over the whole run."""
    cpu_ms: Mapping[str, float]
    """Per displayed frame, by name of `STAGES`; they sum to the whole process."""
    cores: float
    """Of a core that the process used, 1.0 is a whole one."""

    @property
    def is_carried(self) -> bool:
        """Whether (nearly) every frame of the source was displayed."""
        return self.fps >= self.source_fps * EVEN

    @property
    def cpu_ms_total(self) -> float:
        """Of the whole process per displayed frame."""
        return sum(self.cpu_ms.values())

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CameraFigures:
        """Return what `as_json` described."""
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """Return it as an object for `from_json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Round:
    """So many runners side by side."""

    cameras: tuple[CameraFigures, ...]

    @property
    def runners(self) -> int:
        """How many there were."""
        return len(self.cameras)

    @property
    def is_carried(self) -> bool:
        """Whether all of them were."""
        return all(each.is_carried for each in self.cameras)

    @property
    def worst_fps(self) -> float:
        """Of the slowest."""
        return min(each.fps for each in self.cameras)

    def worst_age(self, name: str) -> float | None:
        """Return the greatest of all runners' percentiles of that name, seconds."""
        ages = [age for each in self.cameras if (age := each.capture_to_display[name]) is not None]
        return max(ages, default=None)

    def mean_cpu_ms(self, stage: str) -> float:
        """Return what a frame costs in a stage, over all runners."""
        return sum(each.cpu_ms[stage] for each in self.cameras) / self.runners

    @property
    def cores(self) -> float:
        """Of all of them together."""
        return sum(each.cores for each in self.cameras)


def most_carried(rounds: Sequence[Round]) -> int | None:
    """Return the most runners that were carried, as all fewer were; None when not even the fewest were."""
    ascending = sorted(rounds, key=lambda each: each.runners)
    carried = itertools.takewhile(lambda each: each.is_carried, ascending)
    return max((each.runners for each in carried), default=None)


def figures_of(
    info: SourceInfo,
    pictures: Sequence[tuple[float, float]],
    snapshots: Sequence[Snapshot],
    dropped: Mapping[str, int],
) -> CameraFigures | None:
    """Return what one runner's run was like; None when too little was displayed to tell.

    Args:
        info: what the source granted.
        pictures: of each when it was captured and when displayed, the warm-up left out.
        snapshots: of CPU times, the first at the end of the warm-up.
        dropped: frames by reason.
    """
    if len(pictures) < 2 or len(snapshots) < 2:  # noqa: PLR2004  one alone spans no time
        return None
    shown = [displayed_at for _, displayed_at in pictures]
    ages = percentiles([displayed_at - captured_at for captured_at, displayed_at in pictures])
    first, last = snapshots[0], snapshots[-1]
    return CameraFigures(
        source=info.description,
        width=info.width,
        height=info.height,
        source_fps=info.fps or ASSUMED_FPS,
        displayed=len(pictures),
        fps=(len(shown) - 1) / (shown[-1] - shown[0]),
        capture_to_display={name: getattr(ages, name) for name in ("p50", "p90", "p95", "p99", "max")},
        longest_gap=max(after - before for before, after in itertools.pairwise(shown)),
        dropped=dict(dropped),
        cpu_ms=_cpu_ms(first, last),
        cores=(last.process - first.process) / (last.at - first.at),
    )


def _cpu_ms(first: Snapshot, last: Snapshot) -> dict[str, float]:
    """Return milliseconds per displayed frame by stage; what no stage is known to have used is "other"."""
    frames = last.displayed - first.displayed
    spent = {name: last.stages[name] - first.stages.get(name, 0.0) for name in last.stages}
    spent["other"] = max(last.process - first.process - sum(spent.values()), 0.0)
    return {name: 1000 * spent.get(name, 0.0) / frames for name in STAGES}
