"""What a run amounts to: told every event and picture, it knows the HUD's figures and the summary.

Pure but for a lock: events come from several threads. Reads no clock.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING, Any

from livecam.events import (
    DetectionCompleted,
    DetectionFailed,
    DetectionPaused,
    DetectorUnavailable,
    FrameDropped,
    OutputFailed,
    SourceEnded,
    SourceRecovered,
    SourceTroubled,
)
from livecam.latency import KEPT_SAMPLES, RollingDurations, RollingRate, percentiles
from livecam.pictures import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.detections import Answer
    from livecam.events import Event
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture

RATE_WINDOW = 3.0
"""Seconds over which the HUD's rates are taken."""
LATENCY_WINDOW = 60.0
"""Seconds over which the HUD's latencies are taken."""
KEPT_TROUBLES = 100
"""Newest troubles of the source that the summary lists; all are counted."""
TROUBLE_SHOWN_FOR = 5.0
"""Seconds for which the HUD keeps saying that a call failed; a lost output is said to the end."""


class Tally:
    """Counts what happened; an `EventListener`."""

    def __init__(self, *, detector: str, notice: str | None = None) -> None:
        self._lock = threading.Lock()
        self._status = Status(source="", source_state="opening", detector=detector, notice=notice)
        self._displayed = 0
        self._captured: int | None = None
        self._dropped: Counter[str] = Counter()
        self._completed = 0
        self._failed: Counter[str] = Counter()
        self._tracks = 0
        self._display_rate = RollingRate(RATE_WINDOW)
        self._call_rate = RollingRate(RATE_WINDOW)
        self._recent = RollingDurations(LATENCY_WINDOW)
        self._first_last: dict[str, tuple[float, float]] = {}
        self._samples: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT_SAMPLES))
        self._parts: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT_SAMPLES))
        self._passing_trouble: tuple[float, str] | None = None
        self._lasting_trouble: str | None = None
        self._lost_outputs = 0
        self._source_troubles = _SourceTroubles()

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        with self._lock:
            match event:
                case SourceEnded(captured=captured):
                    self._captured = captured
                    self._status = dataclasses.replace(self._status, source_state="ended")
                case FrameDropped(reason=reason):
                    self._dropped[reason] += 1
                case DetectionCompleted():
                    self._complete(event)
                case DetectionFailed(error=error):
                    self._failed[error] += 1
                    self._passing_trouble = (event.at, f"{event.detector}: {event.message}")
                case SourceTroubled() | SourceRecovered():
                    self._source_troubles.note(event)
                case DetectionPaused(is_paused=is_paused):
                    self._status = dataclasses.replace(self._status, is_paused=is_paused)
                case DetectorUnavailable() | OutputFailed():
                    self._lasting_trouble = event.message
                    self._lost_outputs += isinstance(event, OutputFailed)
                case _:
                    pass

    @property
    def lost_outputs(self) -> int:
        """Number of outputs that failed during the run."""
        return self._lost_outputs

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
            self._displayed += 1
            self._tracks = tracks
            self._span("display", picture.displayed_at)
            self._display_rate.add(picture.displayed_at)
            self._samples["capture_to_label"].extend(
                picture.displayed_at - answer.captured_at for answer in answers
            )
            self._samples["label_age"].extend(
                face.age for face in picture.faces if face.age is not None and face.emotion_source
            )

    def status(self, now: float) -> Status:
        """Return what the HUD says at instant `now`."""
        with self._lock:
            recent = self._recent.percentiles(now)
            return dataclasses.replace(
                self._status,
                display_fps=self._display_rate.per_second(now),
                calls=self._completed,
                failed=self._failed.total(),
                call_rate=self._call_rate.per_second(now),
                latency_p50=recent.p50,
                latency_p95=recent.p95,
                dropped=self._dropped.total(),
                trouble=self._trouble_at(now),
                source_state=self._state(),
            )

    def summary(self) -> dict[str, Any]:
        """Return the `livecam.run/1` object that `--json` prints."""
        with self._lock:
            shown = self._displayed + self._dropped.get("picture path busy", 0)
            return {
                "schema": "livecam.run/1",
                "frames": {
                    "captured": shown if self._captured is None else self._captured,
                    "displayed": self._displayed,
                    "dropped": dict(self._dropped),
                },
                "source": {"name": self._status.source, **self._source_troubles.summary()},
                "display_fps": self._mean_rate("display", self._displayed),
                "calls": {
                    "ok": self._completed,
                    "failed": dict(self._failed),
                    "rate": self._mean_rate("calls", self._completed),
                },
                "latency": _as_dict(self._samples["latency"]),
                "timing": {
                    part: {"p50": figures.p50, "p95": figures.p95}
                    for part, figures in ((p, percentiles(v)) for p, v in sorted(self._parts.items()))
                },
                "capture_to_label": _as_dict(self._samples["capture_to_label"]),
                "label_age": _as_dict(self._samples["label_age"]),
                "tracks": self._tracks,
                "cost_usd": 0.0,  # every detector there is so far runs on this machine
                "clips": [],
                "jobs": [],
            }

    def _complete(self, event: DetectionCompleted) -> None:
        latency = event.responded_at - event.requested_at
        self._completed += 1
        self._span("calls", event.responded_at)
        self._call_rate.add(event.responded_at)
        self._recent.add(event.responded_at, latency)
        self._samples["latency"].append(latency)
        for part, seconds in event.timing.items():
            self._parts[part].append(seconds)

    def _span(self, what: str, at: float) -> None:
        first, _ = self._first_last.get(what, (at, at))
        self._first_last[what] = (first, at)

    def _mean_rate(self, what: str, count: int) -> float | None:
        first, last = self._first_last.get(what, (0.0, 0.0))
        return (count - 1) / (last - first) if last > first else None

    def _state(self) -> str:
        present = self._source_troubles.present
        has_ended = self._captured is not None
        return self._status.source_state if present is None or has_ended else present.trouble

    def _trouble_at(self, now: float) -> str | None:
        if self._source_troubles.present is not None:
            return self._source_troubles.present.message
        if self._passing_trouble is not None and now - self._passing_trouble[0] <= TROUBLE_SHOWN_FOR:
            return self._passing_trouble[1]
        return self._lasting_trouble


class _SourceTroubles:
    """What was and is wrong with the source."""

    def __init__(self) -> None:
        self.present: SourceTroubled | None = None
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
            self._times[event.trouble] += 1
            self._listed.append({"trouble": event.trouble, "message": event.message, "lasted": None})
        self.present = event

    def summary(self) -> dict[str, Any]:
        """Return the summary's part."""
        message = self.present.message if self.present else None
        return {"trouble": message, "times": dict(self._times), "troubles": list(self._listed)}


def _as_dict(samples: Sequence[float]) -> dict[str, float | int | None]:
    return dataclasses.asdict(percentiles(samples))
