"""The stream of frames is cut into clips: one encoder all along, and a plan that says what belongs into one.

Used by one thread, the recorder's. While no clip is open, the newest packets wait in a ring, so that the clip
of an event starts before it.
"""

from __future__ import annotations

import dataclasses
import logging
import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from livecam.archive.clip_writer import ClipWriter
from livecam.clock import thread_cpu
from livecam.encoding.h264 import H264Encoder
from livecam.encoding.packet_ring import PacketRing
from livecam.errors import OutputError
from livecam.events import ClipEnded, ClipStarted, RecordingRecovered, RecordingTroubled
from livecam.recording.preset import PresetChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.archive import Archive
    from livecam.archive.clip_writer import ClosedClip
    from livecam.archive.disk_watch import DiskWatch
    from livecam.archive.record_switch import RecordSwitch
    from livecam.encoding.h264 import EncodedPacket
    from livecam.frames import Frame
    from livecam.pictures import FaceLabel, Picture
    from livecam.recording.plan import RecordingPlan, Step

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = 10.0
"""Seconds after which recording is tried again that a disk had refused."""
TAKEN_UP = "recording goes on, and what is missing is made up for later"
BELIEVED_FOR = 5.0
"""Seconds for which an answer without faces says that nobody is there."""
NO_PIXELS = np.zeros((0, 0, 3), np.uint8)
"""Instead of a frame's own once it is encoded: seconds of them would fill the memory."""
MOST_BYTES = 3_900_000_000
"""Of one clip; then the next begins: FAT32 takes 4 GiB, and Rekognition Video 10 GB."""


@dataclass(kw_only=True)
class ClipCutter:
    """Turns pictures into clips."""

    archive: Archive
    plan: RecordingPlan
    switch: RecordSwitch
    disk: DiskWatch
    pre_roll: float
    """Seconds before an event that its clip begins with; 0 keeps no ring."""
    fps: float | None
    """Frames per second that the source has promised."""
    finish: Callable[[ClosedClip], None]
    """Takes a clip that has all its frames; must not block."""
    _ring: PacketRing[Picture] | None = field(init=False)
    _encoder: H264Encoder | None = field(default=None, init=False)
    _preset: PresetChoice | None = field(default=None, init=False)
    _clip: ClipWriter | None = field(default=None, init=False)
    _newest_at: float | None = field(default=None, init=False)
    """Media time of the frame before."""
    _held_until: float | None = field(default=None, init=False)
    """Media time until which nothing is recorded, because it cannot be."""
    _trouble: _Trouble | None = field(default=None, init=False)
    _marks: tuple[str, ...] = field(default=(), init=False)
    """What the user marked the frame at hand with."""

    def __post_init__(self) -> None:
        self._ring = PacketRing(self.pre_roll) if self.pre_roll > 0 else None

    def take(self, picture: Picture) -> str | None:
        """Take the next picture; return the id of the clip that it was written to."""
        frame = picture.frame
        self._look_after_disk(frame)
        self._look_after_leftovers(frame)
        self._marks = self.switch.take_marks()  # also where nothing is recorded: they are of no later clip
        step = self.plan.step(
            frame.media_time,
            known_faces(picture),
            by_hand=self.switch.take(),
            size=(frame.width, frame.height),
        )
        try:
            if self._is_held(frame.media_time):
                self.plan.interrupted()
                return None
            return self._record(picture, step)
        except OutputError as error:
            self._hold(frame, f"{error}; recording stopped, and is tried again")
            self._held_until = frame.media_time + TRY_AGAIN_AFTER
            return None
        finally:
            self._newest_at = frame.media_time

    def note_drop(self) -> None:
        """Take note that a frame came that could not be encoded in time."""
        if self._preset is not None:
            self._preset.dropped()

    def close(self) -> None:
        """End the clip that is open."""
        self._end(None, "")
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None

    def _record(self, picture: Picture, step: Step) -> str | None:
        frame = picture.frame
        is_recorded = step.action in ("begin", "go on", "rotate")
        if step.action in ("end", "rotate") or self._must_begin_anew:
            self._end(frame.media_time if step.joins else None, frame.source)
        if not is_recorded and self._ring is None:
            return None
        packet = self._encoded(frame, is_first=step.action == "end" or (is_recorded and self._clip is None))
        told = dataclasses.replace(picture, frame=dataclasses.replace(frame, image=NO_PIXELS))
        if is_recorded:
            return self._write(packet, told, step)
        if self._ring is not None:
            self._ring.put(packet, told)
        return None

    @property
    def _must_begin_anew(self) -> bool:
        """Whether the open clip has to end for another reason than the plan's."""
        if self._clip is None:
            return False
        wants_preset = self._preset is not None and self._preset.wants_change
        return wants_preset or self._clip.size > MOST_BYTES

    def _encoded(self, frame: Frame, *, is_first: bool) -> EncodedPacket:
        encoder, preset = self._encoder_for(frame.width & ~1, frame.height & ~1)
        has_roll = self._ring is not None and len(self._ring) > 0
        before = thread_cpu()
        packet = encoder.encode(frame.image, frame.media_time, keyframe=is_first and not has_roll)
        if self._newest_at is not None:
            preset.measured(thread_cpu() - before, frame.media_time - self._newest_at)
        return packet

    def _encoder_for(self, width: int, height: int) -> tuple[H264Encoder, PresetChoice]:
        """Return the encoder for a size of picture; it is another than before only where no clip is open."""
        encoder, preset = self._encoder, self._preset
        if encoder is None or (encoder.width, encoder.height) != (width, height):
            preset = PresetChoice(width, height, self.fps)
        elif preset is not None and not (preset.wants_change and self._clip is None):
            return encoder, preset
        if encoder is not None:
            encoder.close()
        if self._ring is not None:
            self._ring.clear()  # the packets of a file come from one encoder
        self._preset = preset = preset or PresetChoice(width, height, self.fps)
        preset.opened()
        log.info("recording %dx%d with the preset %s", width, height, preset.preset)
        self._encoder = H264Encoder(width, height, preset=preset.preset)
        return self._encoder, preset

    def _write(self, packet: EncodedPacket, picture: Picture, step: Step) -> str | None:
        waiting: list[tuple[EncodedPacket, Picture]] = []
        if self._clip is None:
            if self._ring is not None:
                waiting = [*self._ring.take()]
            first = waiting[0][1] if waiting else picture
            self._clip = self._begun(first, picture.frame, step.reason)
        for each in waiting:
            self._clip.write(*each)
        self._clip.write(packet, picture, self._marks)
        if self._trouble and self._trouble.has_stopped and self.disk.state == "ok":
            self._recover(picture.frame.source)
        return self._clip.id

    def _begun(self, first: Picture, newest: Frame, reason: str) -> ClipWriter:
        """Return a clip that begins with the picture `first`, because of the frame `newest`."""
        if self._encoder is None:
            raise RuntimeError("a clip cannot begin before its first packet was made")
        archive = self.archive
        archive.folder.make()  # it may have been deleted under our feet
        age = archive.clock.now() - first.frame.captured_at
        started_at = archive.clock.wall() - timedelta(seconds=max(age, 0.0))
        clip = ClipWriter(archive, self._encoder, first, reason=reason, started_at=started_at)
        self.switch.is_recording = True
        archive.publish(
            ClipStarted(
                at=archive.clock.now(),
                source=first.frame.source,
                clip=clip.id,
                file=str(archive.folder.clip(clip.id)),
                reason=reason,
                pre_roll=newest.media_time - first.frame.media_time,
            )
        )
        return clip

    def _end(self, at: float | None, source: str) -> None:
        """Close the open clip, if there is one, and have it finished."""
        clip, self._clip = self._clip, None
        self.switch.is_recording = False
        if clip is None:
            return
        self.archive.publish(ClipEnded(at=self.archive.clock.now(), source=source, clip=clip.id))
        self.finish(clip.close(at))
        if self._ring is not None:
            self._ring.clear()  # what is in a clip already is not the next one's pre-roll

    def _look_after_disk(self, frame: Frame) -> None:
        """Warn when the disk is filling up; stop while there is room to finish the clip."""
        news = self.disk.look(frame.media_time, unfinished_bytes=self.archive.folder.unfinished_bytes)
        if news == "full":
            self._hold(frame, self.disk.sentence)
            self._held_until = math.inf
        elif news is not None:
            self._held_until = None
        if news == "low":
            self._tell(frame.source, self.disk.sentence, has_stopped=False)
        elif news == "ok":
            self._recover(frame.source)

    def _look_after_leftovers(self, frame: Frame) -> None:
        """Say that something could not be written that is taken up later, and when it was."""
        why = self.archive.leftovers.why
        if why is not None and self._trouble is None:
            self._tell(frame.source, f"{why}; {TAKEN_UP}", has_stopped=False)
        elif why is None and self._trouble and not self._trouble.has_stopped and self.disk.state == "ok":
            self._recover(frame.source)

    def _is_held(self, now: float) -> bool:
        return self._held_until is not None and now < self._held_until

    def _hold(self, frame: Frame, message: str) -> None:
        """Record nothing for a while."""
        self._end(None, frame.source)
        self.plan.interrupted()
        if self._ring is not None:
            self._ring.clear()
        self._tell(frame.source, message, has_stopped=True)

    def _tell(self, source: str, message: str, *, has_stopped: bool) -> None:
        """Say what is wrong: once, and again when it has become worse or better."""
        if self._trouble is not None and self._trouble.has_stopped == has_stopped:
            return
        at = self.archive.clock.now()
        self._trouble = _Trouble(self._trouble.since if self._trouble else at, has_stopped)
        self.archive.publish(
            RecordingTroubled(at=at, source=source, has_stopped=has_stopped, message=message)
        )

    def _recover(self, source: str) -> None:
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            at = self.archive.clock.now()
            self.archive.publish(RecordingRecovered(at=at, source=source, lasted=at - trouble.since))


def known_faces(picture: Picture) -> tuple[FaceLabel, ...] | None:
    """Return the faces of a picture; None when nobody looks, so that it does not say "nobody"."""
    answered_at = picture.answered_at
    has_answer = answered_at is not None and picture.displayed_at - answered_at <= BELIEVED_FOR
    if picture.faces or has_answer or picture.status.finder_rate is not None:
        return picture.faces
    return None


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What was told of a disk."""

    since: float
    has_stopped: bool
