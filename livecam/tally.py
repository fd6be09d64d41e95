"""What a run amounts to: told every event and picture, it knows the HUD's figures and the summary.

Pure but for a lock: events come from several threads. Reads no clock.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING, Any

from livecam.call_tally import RATE_WINDOW, CallTally, as_dict
from livecam.clip_tally import ClipTally
from livecam.cost_tally import CostTally
from livecam.events import (
    FrameChosen,
    FrameDropped,
    FramesPassedOver,
    OutputFailed,
    SourceEnded,
    SourceRecovered,
    SourceTroubled,
)
from livecam.job_tally import JobTally
from livecam.latency import KEPT_SAMPLES, RollingRate
from livecam.pictures import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.detections import Answer
    from livecam.events import Event
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture

KEPT_TROUBLES = 100
"""Newest troubles of the source that the summary lists; all are counted."""


class Tally:
    """Counts what happened; an `EventListener`.

    Args:
        detector: for people, such as "on-device, approximate".
        name: the detector's own; answers of another one that stands in for it are counted apart.
        notice: a sentence that must be shown.
        cost: what its calls cost; None where they cost nothing.
        stand_in: returns the name of the detector that the user has answer in its place, None where none is.
    """

    def __init__(
        self,
        *,
        detector: str,
        name: str | None = None,
        notice: str | None = None,
        cost: CostTally | None = None,
        is_paid: bool = False,
        stand_in: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._lock = threading.Lock()
        self._status = Status(source="", source_state="opening", detector=detector, notice=notice)
        self._displayed = 0
        self._captured: int | None = None
        self._dropped: Counter[str] = Counter()
        self._chosen: Counter[str] = Counter()
        self._passed_over: Counter[str] = Counter()
        self._tracks = 0
        self._display_rate = RollingRate(RATE_WINDOW)
        self._first_last: tuple[float, float] | None = None
        self._samples: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT_SAMPLES))
        self._name = name
        self._calls = CallTally(name)
        self._source_troubles = _SourceTroubles()
        self._lost_output: str | None = None
        self._lost_outputs = 0
        self._stand_in = stand_in
        self._cost = cost or CostTally(is_paid=is_paid)
        self._clips = ClipTally()
        self._jobs = JobTally()

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        with self._lock:
            match event:
                case SourceEnded(captured=captured):
                    self._captured = captured
                    self._status = dataclasses.replace(self._status, source_state="ended")
                case FrameDropped(reason=reason):
                    self._dropped[reason] += 1
                case SourceTroubled() | SourceRecovered():
                    self._source_troubles.note(event)
                case FrameChosen(reason=reason):
                    self._chosen[reason] += 1
                case FramesPassedOver(reason=reason, frames=frames):
                    self._passed_over[reason] += frames
                case OutputFailed(message=message):
                    self._lost_output = message
                    self._lost_outputs += 1
                case _:
                    self._calls.note(event)
                    self._cost.note(event)
                    self._clips.note(event)
                    self._jobs.note(event)

    @property
    def lost_outputs(self) -> int:
        """Number of outputs that failed during the run, damaged clips and stopped recording included.

        A clip that waits for its upload is not lost.
        """
        with self._lock:
            return self._lost_outputs + self._clips.lost

    def opened(self, info: SourceInfo) -> None:
        """Take note of what the source granted."""
        with self._lock:
            self._status = dataclasses.replace(
                self._status,
                source=f"{info.description} {info.width}x{info.height}",
                source_state="live" if info.duration is None else "playing",
                notice=info.notice,
            )

    def displayed(self, picture: Picture, answers: Sequence[Answer], tracks: int) -> None:
        """Count a picture handed to the sinks, the answers first shown with it, and the tracks so far."""
        with self._lock:
            at = picture.displayed_at
            self._displayed += 1
            self._tracks = tracks
            self._first_last = (self._first_last[0] if self._first_last else at, at)
            self._display_rate.add(at)
            self._cost.seen(at)
            own = (each for each in answers if self._name in (None, each.detector.name))
            self._samples["capture_to_label"].extend(at - answer.captured_at for answer in own)
            self._samples["label_age"].extend(
                face.age for face in picture.faces if face.age is not None and face.emotion_source
            )

    def status(self, now: float) -> Status:
        """Return what the HUD says at instant `now`."""
        with self._lock:
            calls = self._calls.status(now, is_budget_spent=self._cost.trouble is not None)
            return dataclasses.replace(
                self._status,
                display_fps=self._display_rate.per_second(now),
                dropped=self._dropped.total(),
                trouble=self._trouble(now),
                source_state=self._state(),
                recording=self._clips.seconds(now),
                **(calls | {"stand_in": self._stand_in() or calls["stand_in"]}),
                **self._cost.status(now),
            )

    def counts(self) -> dict[str, dict[str, int]]:
        """Return frames dropped and calls failed so far, each by reason."""
        with self._lock:
            return {"dropped": dict(self._dropped), "failed": self._calls.failures}

    def summary(self) -> dict[str, Any]:
        """Return the `livecam.run/1` object that `--json` prints."""
        with self._lock:
            shown = self._displayed + self._dropped.get("picture path busy", 0)
            first, last = self._first_last or (0.0, 0.0)
            return {
                "schema": "livecam.run/1",
                "frames": {
                    "captured": shown if self._captured is None else self._captured,
                    "displayed": self._displayed,
                    "dropped": dict(self._dropped),
                },
                "source": {"name": self._status.source, **self._source_troubles.summary()},
                "display_fps": (self._displayed - 1) / (last - first) if last > first else None,
                **self._calls.summary(),
                "selection": {"chosen": dict(self._chosen), "passed_over": dict(self._passed_over)},
                "capture_to_label": as_dict(self._samples["capture_to_label"]),
                "label_age": as_dict(self._samples["label_age"]),
                "tracks": self._tracks,
                **self._cost.summary(last if self._first_last else None),
                **self._clip_parts(),
            }

    def _clip_parts(self) -> dict[str, Any]:
        parts = self._clips.summary()
        return parts | {"clips": self._jobs.with_places(parts["clips"])} | self._jobs.summary()

    def _trouble(self, now: float) -> str | None:
        calls = self._calls.trouble(now) or self._cost.trouble
        clips = self._clips.trouble or self._jobs.trouble
        return self._source_troubles.sentence or calls or clips or self._lost_output

    def _state(self) -> str:
        present = self._source_troubles.present
        has_ended = self._captured is not None
        return self._status.source_state if present is None or has_ended else present.trouble


class _SourceTroubles:
    """What was and is wrong with the source."""

    def __init__(self) -> None:
        self.present: SourceTroubled | None = None
        self._since = 0.0
        self._times: Counter[str] = Counter()
        self._listed: deque[dict[str, Any]] = deque(maxlen=KEPT_TROUBLES)

    def note(self, event: SourceTroubled | SourceRecovered) -> None:
        """Take note that trouble began, changed or ended."""
        if isinstance(event, SourceRecovered):
            self.present = None
            if self._listed:
                self._listed[-1]["lasted"] = event.lasted
            return
        if self.present is None or self.present.trouble != event.trouble:
            if self.present is not None:  # it has become another trouble
                self._listed[-1]["lasted"] = event.at - self._since
            self._since = event.at
            self._times[event.trouble] += 1
            self._listed.append({"trouble": event.trouble, "message": event.message, "lasted": None})
        self.present = event

    @property
    def sentence(self) -> str | None:
        """What is wrong now; None when all is well."""
        return self.present.message if self.present else None

    def summary(self) -> dict[str, Any]:
        """Return the summary's part."""
        return {"trouble": self.sentence, "times": dict(self._times), "troubles": list(self._listed)}
