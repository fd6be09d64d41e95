"""What became of a call: an answer for the picture, an event for everybody else."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.detections import Answer
from livecam.errors import CloudError, LivecamError
from livecam.events import DetectionCompleted, DetectionFailed

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.detections import Detection, DetectorInfo
    from livecam.frames import Frame
    from livecam.protocols import EventListener

log = logging.getLogger(__name__)

TELL_AGAIN = 600.0
"""Seconds for which the log has one sentence about a kind of failure, not one per call."""


@dataclass(kw_only=True)
class Outcomes:
    """Keeps the answers until they are taken, and tells every answer and failure."""

    clock: Clock
    publish: EventListener
    price_usd: float = 0.0
    """Of each call to a detector that is paid."""
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _answers: list[Answer] = field(default_factory=list, init=False)
    _told: dict[tuple[str, str], float] = field(default_factory=dict, init=False)
    """When it was last said of a detector and a code that a call has failed."""

    def take(self) -> list[Answer]:
        """Return the answers that came since the last time, in order of arrival; any thread."""
        with self._lock:
            answers, self._answers = self._answers, []
            return answers

    def answered(self, info: DetectorInfo, frame: Frame, requested_at: float, detection: Detection) -> None:
        """Take in an answer of the detector that `info` describes."""
        now = self.clock.now()
        answer = Answer(info, frame.source, frame.sequence, frame.captured_at, requested_at, now, detection)
        with self._lock:
            self._answers.append(answer)
        self.publish(
            DetectionCompleted(
                at=now,
                source=frame.source,
                frame=frame.sequence,
                detector=info.name,
                faces=len(detection.faces),
                captured_at=frame.captured_at,
                requested_at=requested_at,
                responded_at=now,
                timing=dict(detection.timing),
                frame_age=_frame_age(frame, requested_at, detection),
                bytes_sent=detection.bytes_sent,
                request_id=detection.request_id,
                is_cold=detection.is_cold,
                cost_usd=self.price_usd if info.is_paid else 0.0,
            )
        )

    def failed(self, info: DetectorInfo, frame: Frame, error: Exception) -> None:
        """Take in that there will be no answer about a frame."""
        code = code_of(error)
        now, key = self.clock.now(), (info.name, code)
        is_told = key in self._told and now - self._told[key] < TELL_AGAIN
        if not is_told:
            self._told[key] = now
        # Of a lasting failure, the guard tells.
        is_quiet = is_told or (isinstance(error, CloudError) and error.is_lasting)
        level = logging.DEBUG if is_quiet else logging.INFO
        traceback = None if isinstance(error, LivecamError) else error
        log.log(level, "frame %d was not answered: %s", frame.sequence, error, exc_info=traceback)
        self.publish(
            DetectionFailed(
                at=now,
                source=frame.source,
                frame=frame.sequence,
                detector=info.name,
                error=code,
                message=str(error),
            )
        )


def code_of(error: Exception) -> str:
    """Return the service's error code, or the name of the error."""
    return error.code if isinstance(error, CloudError) else type(error).__name__


def _frame_age(frame: Frame, requested_at: float, detection: Detection) -> float | None:
    if detection.sent_at is not None:
        return detection.sent_at - frame.captured_at
    # It was sent, but when is not known: encoding is missing from this age.
    return None if detection.bytes_sent is None else requested_at - frame.captured_at
