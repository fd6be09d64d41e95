"""Which clips are recorded, where they go, and what is kept of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.analysis.desk import Desk
from livecam.analysis.targets import begun, clip_target
from livecam.archive.copying import make_copy
from livecam.archive.cutting import ClipCutter
from livecam.archive.disk_watch import DiskWatch
from livecam.archive.opening import open_archive
from livecam.archive.purging import keep_within
from livecam.archive.record_switch import RecordSwitch
from livecam.compose.blurring import blurs_recorded, cover_of, warn_of_blurred_clips
from livecam.compose.detector import Permission
from livecam.compose.privacy import KEEPS_NOTHING
from livecam.compose.source import are_stills
from livecam.compose.storage import cloud_of, place_for, require_upload_consent
from livecam.errors import UsageError
from livecam.events import OutputFailed
from livecam.recording.plan import RecordingPlan
from livecam.recording.rules import parse_rule
from livecam.sinks.clip_finisher import ClipFinisher
from livecam.sinks.clip_recorder import ClipRecorder
from livecam.sinks.clip_uploader import ClipUploader
from livecam.sinks.held_back import HeldBack

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
    make_recorder: Callable[[Sequence[FrameSink]], ClipRecorder | HeldBack] | None
    """None where no clip can be asked for."""
    archive: Archive | None = None
    """Where clips go; None where no clip can be asked for."""

    def sinks(self, *, then: Sequence[FrameSink]) -> Sequence[FrameSink]:
        """Return the recorder, with outputs that take each picture after it was recorded."""
        return then if self.make_recorder is None else [self.make_recorder(then)]


def recording_of(
    settings: Settings,
    clock: Clock,
    publish: EventListener,
    *,
    by_hand: bool,
    has_eyes: bool = True,
    permission: Permission | None = None,
) -> Recording:
    """Return what records, or could.

    Args:
        settings: say what, where to, and what is kept.
        clock: names the clips.
        publish: told what becomes of them.
        by_hand: whether the user can ask for a clip while it runs.
        has_eyes: whether anybody looks for faces.
        permission: whether clips may leave this machine.

    Raises:
        OutputError: clips are asked for, and the folder cannot be written.
        UsageError: rules about faces that nobody looks for; clips would be uploaded without consent.
        CloudError: where they would go cannot be found out.
    """
    if settings.analyze and not settings.upload:
        raise UsageError("--analyze needs --upload s3://BUCKET/PREFIX: Rekognition reads videos from S3")
    switch = RecordSwitch(obstacle=KEEPS_NOTHING if settings.no_store else None)
    is_asked = settings.record != "off"
    if settings.no_store or are_stills(settings.source) or not (is_asked or by_hand):
        if settings.upload:
            log.warning("nothing is recorded, so that nothing is uploaded; --record all or events records")
        return Recording(switch, None)
    if settings.record == "events" and not has_eyes:
        raise UsageError(
            f"nobody looks for faces, so that nothing would ever meet {' or '.join(settings.record_on)}:"
            " give a detector, or --record all"
        )
    archive = open_archive(settings.clip_dir, clock=clock, publish=publish)

    def failed(error: Exception) -> None:
        publish(OutputFailed(at=clock.now(), source="", output="clips", message=str(error)))

    uploader = _uploader(settings, archive, permission or Permission(), failed)
    if is_asked:
        archive.folder.make()
    finisher = _finisher(settings, archive, uploader, failed)
    passed = RecordSwitch() if blurs_recorded(settings) else switch  # what is said waits with its pictures

    def recorder(then: Sequence[FrameSink]) -> ClipRecorder | HeldBack:
        clean = ClipRecorder(
            lambda fps: _cutter(settings, archive, passed, finisher, fps=fps),
            finisher,
            uploader,
            publish=publish,
            on_failure=failed,
            then=then,
        )
        return _as_asked(settings, clean, switch=switch, passed=passed)

    return Recording(switch, recorder, archive)


def _as_asked(
    settings: Settings, recorder: ClipRecorder, *, switch: RecordSwitch, passed: RecordSwitch
) -> ClipRecorder | HeldBack:
    """Return a recorder that is given covered faces, if that is asked for."""
    if not blurs_recorded(settings):
        return recorder
    return HeldBack(recorder, cover_of(settings), switch=switch, passed=passed)


def _finisher(
    settings: Settings, archive: Archive, uploader: ClipUploader | None, failed: Callable[[Exception], None]
) -> ClipFinisher:
    """Return what makes files of clips that others can read, copies them and has them uploaded."""

    def hand_on(clip: Clip) -> None:
        if uploader is not None:
            uploader.put(clip_target(archive, clip))

    return ClipFinisher(
        archive,
        afterwards=lambda clip: _copy(archive, settings, clip),
        hand_on=hand_on,
        tidy=lambda: keep_within(archive, keep_days=settings.keep_days, keep_bytes=settings.keep_size),
        on_failure=failed,
    )


def _uploader(
    settings: Settings, archive: Archive, permission: Permission, failed: Callable[[Exception], None]
) -> ClipUploader | None:
    """Return what puts clips on S3, once it is known that they may be sent; None where nothing is to."""
    if not settings.upload:
        return None
    warn_of_blurred_clips(settings)
    require_upload_consent(settings, permission, clips=f"each clip of {settings.source}")
    cloud = cloud_of(settings, archive)
    desk = Desk(
        cloud=cloud,
        place_for=lambda each: place_for(settings, each.stem, source=each.source, began_at=each.began_at),
    )
    return ClipUploader(
        cloud,
        desk,
        is_analysed=settings.analyze,
        begun=lambda: begun(archive, is_analysed=settings.analyze),
        on_failure=failed,
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
