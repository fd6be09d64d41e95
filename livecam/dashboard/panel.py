"""What the page's panels show: told every event and picture, it says how the run stands.

Totals are the tally's; here is what it does not keep: how things went over the last minutes, and what
happened last. Bounded however long the run; the lock is held only to take note and to copy.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from livecam.dashboard.history import EmotionTimeline, Timeline, rounded
from livecam.dashboard.wording import clean, is_trouble, sentence, without_folders
from livecam.event_records import event_type
from livecam.events import (
    CircuitClosed,
    CircuitOpened,
    ClipEnded,
    ClipStarted,
    PayloadPlanned,
    RecordingRecovered,
    RecordingTroubled,
    SourceOpened,
)
from livecam.face_record import face_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from livecam.events import Event
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture, Status

SCHEMA: Final = "livecam.panel/1"
KEPT_EVENTS = 50
"""Newest events that are told as sentences."""
FINE = (1.0, 60)
"""Width of a slice in seconds, and how many: the last minute."""
COARSE = (10.0, 60)
"""The last ten minutes."""


class Panel:
    """Fits `LiveView` and `EventListener`; any thread may call.

    Args:
        status: says what holds at an instant, such as `Tally.status`.
        counts: says how many frames were "dropped" and calls "failed", each by reason, and what else is
            counted; goes into the state as it is.
        controls: says what can be changed and what holds now.
        detector: whose calls count for latency over time, as in the tally; None: everybody's.
    """

    def __init__(
        self,
        *,
        status: Callable[[float], Status],
        counts: Callable[[], Mapping[str, Any]],
        controls: Callable[[], Mapping[str, Any]] = dict,
        detector: str | None = None,
    ) -> None:
        self._status = status
        self._counts = counts
        self._controls = controls
        self._lock = threading.Lock()
        self._minute = Timeline(*FINE, detector=detector)
        self._ten_minutes = Timeline(*COARSE, detector=detector)
        self._emotions = EmotionTimeline()
        self._events: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)
        self._told = 0
        self._newest: Picture | None = None
        self._opened_at: float | None = None
        self._circuit: CircuitOpened | None = None
        self._payload: PayloadPlanned | None = None
        self._clip: ClipStarted | None = None
        self._recording_trouble: RecordingTroubled | None = None

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        text = sentence(event)
        with self._lock:
            self._minute.note(event)
            self._ten_minutes.note(event)
            self._hold(event)
            if text is not None:
                self._told += 1
                self._events.append(
                    {
                        "number": self._told,
                        "at": round(event.at, 3),
                        "type": event_type(event),
                        "text": text,
                        "is_trouble": is_trouble(event),
                    }
                )

    def open(self, info: SourceInfo) -> None:
        """Nothing: the source is told by its event."""

    def write(self, picture: Picture) -> None:
        """Take note of a picture."""
        with self._lock:
            self._newest = picture
            self._minute.shown(picture.displayed_at)
            self._ten_minutes.shown(picture.displayed_at)
            self._emotions.note(picture)

    def refresh(self, picture: Picture) -> None:
        """Take note of what is said now about the newest picture."""
        self._newest = picture

    def close(self) -> None:
        """Nothing: what is known stays."""

    @property
    def newest(self) -> Picture | None:
        """The picture shown last; None before the first."""
        return self._newest

    def state(self, now: float) -> dict[str, Any]:
        """Return how the run stands at instant `now`, as JSON-ready values: a `livecam.panel/1` object.

        Instants are monotonic seconds, as `at` of the object itself.
        """
        status, counts = self._status(now), dict(self._counts())
        with self._lock:
            picture = self._newest
            parts = {
                "history": {
                    "minute": self._minute.as_dict(now),
                    "ten_minutes": self._ten_minutes.as_dict(now),
                },
                "emotions": self._emotions.as_list(),
                "events": list(self._events),
                "cloud": self._cloud(now),
                "recording": self._recording(status),
            }
            opened_at = self._opened_at
        shown = status if picture is None else picture.status
        return {
            "schema": SCHEMA,
            "at": round(now, 3),
            "uptime": None if opened_at is None else round(max(now - opened_at, 0.0), 1),
            "source": _source(status),
            "detector": {"name": status.detector, "stand_in": status.stand_in},
            "trouble": clean(status.trouble or shown.trouble),
            "frames": {
                "fps": rounded(status.display_fps, 2),
                "dropped": status.dropped,
                "delay": rounded(shown.delay, 3),
                "effort": shown.effort,
                "finder_rate": rounded(shown.finder_rate, 2),
            },
            "counts": counts,
            "calls": _calls(status),
            "latency": _latency(status),
            "cost": _cost(status),
            "faces": _faces(picture),
            "controls": dict(self._controls()),
            **parts,
        }

    def _hold(self, event: Event) -> None:
        """Remember what goes on until another event ends it."""
        match event:
            case SourceOpened():
                self._opened_at = event.at if self._opened_at is None else self._opened_at
            case CircuitOpened():
                self._circuit = event
            case CircuitClosed():
                self._circuit = None
            case PayloadPlanned():
                self._payload = event
            case _:
                self._hold_clip(event)

    def _hold_clip(self, event: Event) -> None:
        match event:
            case ClipStarted():
                self._clip = event
            case ClipEnded(clip=clip) if self._clip is not None and self._clip.clip == clip:
                self._clip = None
            case RecordingTroubled():
                self._recording_trouble = event
            case RecordingRecovered():
                self._recording_trouble = None
            case _:
                pass

    def _cloud(self, now: float) -> dict[str, Any]:
        circuit, payload = self._circuit, self._payload
        return {
            "circuit": "closed" if circuit is None else "open",
            "detector": circuit and circuit.detector,
            "error": circuit and circuit.error,
            "message": circuit and without_folders(circuit.message),
            "retry_in": None if circuit is None else round(max(circuit.at + circuit.retry_in - now, 0.0), 1),
            "payload": payload
            and {"width": payload.width, "quality": payload.quality, "reason": payload.reason},
        }

    def _recording(self, status: Status) -> dict[str, Any]:
        trouble = self._recording_trouble
        return {
            "seconds": rounded(status.recording, 1),
            "clip": self._clip and self._clip.clip,
            "reason": self._clip and self._clip.reason,
            "trouble": trouble and without_folders(trouble.message),
            "has_stopped": trouble is not None and trouble.has_stopped,
        }


def _source(status: Status) -> dict[str, Any]:
    return {
        "name": without_folders(status.source),
        "state": status.source_state,
        "notice": clean(status.notice),
    }


def _calls(status: Status) -> dict[str, Any]:
    return {
        "ok": status.calls,
        "failed": status.failed,
        "rate": rounded(status.call_rate, 2),
        "pace": rounded(status.pace, 2),
        "asked_rate": status.asked_rate,
        "is_paused": status.is_paused,
    }


def _latency(status: Status) -> dict[str, Any]:
    """Return how long calls took over the last minute, seconds; the split is in the order of the call."""
    return {
        "p50": rounded(status.latency_p50),
        "p95": rounded(status.latency_p95),
        "timing": [{"part": part, "seconds": rounded(seconds)} for part, seconds in status.timing],
    }


def _cost(status: Status) -> dict[str, Any] | None:
    """Return what calls cost; None where none are paid."""
    if status.cost_usd is None:
        return None
    return {
        "usd": status.cost_usd,
        "per_hour_usd": rounded(status.cost_per_hour),
        "left_usd": status.budget_usd,
        "limit_usd": status.budget_limit_usd,
        "lasts": _lasts(status),
    }


def _lasts(status: Status) -> float | None:
    """Return the seconds after which the budget is spent at the present pace; None where nothing is spent."""
    is_resting = status.is_paused or status.stand_in is not None
    if is_resting or status.budget_usd is None or not status.cost_per_hour:
        return None
    return round(status.budget_usd / status.cost_per_hour * 3600, 1)


def _faces(picture: Picture | None) -> list[dict[str, Any]]:
    """Return the faces that are shown now."""
    if picture is None:
        return []
    return [face_record(face, picture.displayed_at) for face in picture.faces]
