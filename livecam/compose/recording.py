"""Which clips are recorded, where they go, and what is kept of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.archive.copying import make_copy
from livecam.archive.cutting import ClipCutter
from livecam.archive.disk_watch import DiskWatch
from livecam.archive.opening import open_archive
from livecam.archive.purging import keep_within
from livecam.archive.record_switch import RecordSwitch
from livecam.compose.source import are_stills
from livecam.events import OutputFailed
from livecam.recording.plan import RecordingPlan
from livecam.recording.rules import parse_rule
from livecam.sinks.clip_finisher import ClipFinisher
from livecam.sinks.clip_recorder import ClipRecorder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.archive.archive import Archive
    from livecam.clips import Clip
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.protocols import EventListener, FrameSink

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recording:
    """The parts that make clips."""

    switch: RecordSwitch
    """For who lets the user record by hand."""
    make_recorder: Callable[[Sequence[FrameSink]], ClipRecorder] | None
    """None where no clip can be asked for."""

    def sinks(self, *, then: Sequence[FrameSink]) -> Sequence[FrameSink]:
        """Return the recorder, with outputs that take each picture after it was recorded."""
        return then if self.make_recorder is None else [self.make_recorder(then)]


def recording_of(settings: Settings, clock: Clock, publish: EventListener, *, by_hand: bool) -> Recording:
    """Return what records, or could.

    Args:
        settings: say what, where to, and what is kept.
        clock: names the clips.
        publish: told what becomes of them.
        by_hand: whether the user can ask for a clip while it runs.

    Raises:
        OutputError: clips are asked for, and the folder cannot be written.
    """
    switch = RecordSwitch()
    is_asked = settings.record != "off"
    if are_stills(settings.source) or not (is_asked or by_hand):
        return Recording(switch, None)
    rebuilding: list[Callable[[], None]] = []

    def rebuild() -> None:
        for each in rebuilding:
            each()

    archive = open_archive(settings.clip_dir, clock=clock, publish=publish, on_ledger_lost=rebuild)
    if is_asked:
        archive.folder.make()

    def failed(error: Exception) -> None:
        log.error("%s", error)
        publish(OutputFailed(at=clock.now(), source="", output="clips", message=str(error)))

    finisher = ClipFinisher(
        archive,
        afterwards=lambda clip: _copy(archive, settings, clip),
        tidy=lambda: keep_within(archive, keep_days=settings.keep_days, keep_bytes=settings.keep_size),
        on_failure=failed,
    )
    rebuilding.append(finisher.take_up)
    return Recording(
        switch,
        lambda then: ClipRecorder(
            lambda fps: _cutter(settings, archive, switch, finisher, fps=fps),
            finisher,
            publish=publish,
            on_failure=failed,
            then=then,
        ),
    )


def _cutter(
    settings: Settings, archive: Archive, switch: RecordSwitch, finisher: ClipFinisher, *, fps: float | None
) -> ClipCutter:
    plan = RecordingPlan(
        what=settings.record,
        segment=settings.segment,
        post_roll=settings.post_roll,
        min_gap=settings.min_gap,
        rules=[parse_rule(text) for text in settings.record_on],
    )
    return ClipCutter(
        archive=archive,
        plan=plan,
        switch=switch,
        disk=DiskWatch(archive.folder.path, keep_free=settings.keep_free),
        pre_roll=settings.pre_roll if settings.record == "events" else 0.0,
        fps=fps,
        finish=finisher.finish,
    )


def _copy(archive: Archive, settings: Settings, clip: Clip) -> None:
    """Make the copies that are asked for."""
    folder = archive.folder
    for kind in settings.copies:
        make_copy(folder.clip(clip.id), folder.sidecar(clip.id), folder.copy(clip.id, kind), kind=kind)
