"""What the page can change while the run goes on. Any thread may call."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from livecam.config import problems
from livecam.config.settings import Settings, choices, flag
from livecam.config.written import Written
from livecam.errors import OutputError, UsageError
from livecam.events import MomentMarked
from livecam.sinks.snapshot import save_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.record_switch import RecordSwitch
    from livecam.clock import Clock
    from livecam.pictures import Picture
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.modes import ModeSwitch
    from livecam.protocols import EventListener, Painter

LONGEST_MARK: Final = 200
"""Characters of a mark."""
LONGEST_SHOWN: Final = 80
"""Characters that a sentence repeats of a value that cannot be used."""


class Controls:
    """Changes a run, and says what holds now.

    Args:
        clock: names snapshots and says when a moment was marked.
        publish: told of marked moments.
        mode: live or aligned.
        detection: whose calls can be paused; None where nobody is asked.
        recording: begins and ends clips; None where none can be recorded.
        painter: draws a snapshot whose picture has no annotated image.
        newest: returns the picture shown last, None before the first.
        stop: ends the run, as the key q does; may take a moment.
        folder: where snapshots go.
    """

    def __init__(  # noqa: PLR0913  one per thing that can be changed
        self,
        *,
        clock: Clock,
        publish: EventListener,
        mode: ModeSwitch,
        detection: DetectionLoop | None,
        recording: RecordSwitch | None,
        painter: Painter,
        newest: Callable[[], Picture | None],
        stop: Callable[[], None],
        folder: Path = Path(),
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._mode = mode
        self._detection = detection
        self._recording = recording
        self._painter = painter
        self._newest = newest
        self._stop_run = stop
        self._folder = folder
        self._lock = threading.Lock()
        self._snapshot: str | None = None
        self._mark: str | None = None
        self._is_stopping = False
        self._controls: dict[str, Callable[[object], None]] = {
            "pause_sending": self._pause_sending,
            "mode": self._set_mode,
            "record": self._record,
            "snapshot": self._save_snapshot,
            "mark": self._mark_moment,
            "stop": self._stop,
        }

    def perform(self, name: str, value: object) -> dict[str, dict[str, Any]]:
        """Change one thing; return what holds now, as `now` does.

        Args:
            name: of the control.
            value: whatever was sent: true or false for "pause_sending" and "record", "live" or "aligned" for
                "mode", a text for "mark", and None for "snapshot" and "stop".

        Raises:
            UsageError: there is no such control, the value cannot be used, or this run has nothing to change.
        """
        control = self._controls.get(name)
        if control is None:
            raise UsageError(f"there is no control {_shown(name)}; there are {', '.join(self._controls)}")
        with self._lock:  # two pages at once: what is answered is what holds after this change
            control(value)
        return self.now()

    def now(self) -> dict[str, dict[str, Any]]:
        """Return each control with what holds now and what may be given.

        Each has "kind" ("switch", "choice", "text" or "action"), "value", "obstacle" (why it cannot be used
        in this run, or None), and "choices" or "longest" where its kind has them. The value of "snapshot" is
        the name of the newest file, that of "mark" the newest text, that of "stop" whether the run is ending.
        """
        detection, recording = self._detection, self._recording
        is_paused = detection is not None and detection.is_paused
        return {
            "pause_sending": _control("switch", is_paused, obstacle=_no_detector(detection)),
            "mode": _control("choice", self._mode.name, choices=list(choices("mode"))),
            "record": _control(
                "switch", recording is not None and recording.is_wanted, obstacle=_no_recorder(recording)
            ),
            "snapshot": _control("action", self._snapshot),
            "mark": _control("text", self._mark, longest=LONGEST_MARK),
            "stop": _control("action", self._is_stopping),
        }

    def _pause_sending(self, value: object) -> None:
        wanted = _switch("pause_sending", value)
        detection = self._detection
        if detection is None:
            raise UsageError(f"pause_sending cannot be used: {_no_detector(None)}")
        if detection.is_paused != wanted:  # what holds already is no event
            detection.pause(wanted)

    def _set_mode(self, value: object) -> None:
        self._mode.is_aligned = _setting("mode", value) == "aligned"

    def _record(self, value: object) -> None:
        wanted = _switch("record", value)
        if self._recording is None:
            raise UsageError(f"record cannot be used: {_no_recorder(None)}")
        self._recording.say(wanted)

    def _save_snapshot(self, value: object) -> None:
        _nothing("snapshot", value)
        picture = self._newest()
        if picture is None:
            raise UsageError("snapshot cannot be used yet: no picture has come; try again when one is shown")
        image = self._painter.paint(picture) if picture.image is None else picture.image
        try:
            self._snapshot = save_snapshot(image, self._folder, self._clock.wall()).name
        except OutputError as error:
            raise UsageError(
                f"no snapshot: the folder that livecam was started in takes no file: {_reason(error)}"
            ) from error

    def _mark_moment(self, value: object) -> None:
        text = " ".join(value.split()) if isinstance(value, str) else ""
        if not text or len(text) > LONGEST_MARK or not text.isprintable():
            raise UsageError(
                f"mark {_shown(value)} cannot be used: give a text of 1 to {LONGEST_MARK} characters"
            )
        picture = self._newest()
        source = "" if picture is None else picture.frame.source
        self._publish(MomentMarked(at=self._clock.now(), source=source, text=text))
        self._mark = text
        if self._recording is not None:
            self._recording.mark(text)

    def _stop(self, value: object) -> None:
        _nothing("stop", value)
        if self._is_stopping:
            return
        self._is_stopping = True
        # A source may take a moment to close; who asked is answered at once.
        threading.Thread(target=self._stop_run, name="livecam-stop", daemon=True).start()


def _control(kind: str, value: object, *, obstacle: str | None = None, **what: object) -> dict[str, Any]:
    return {"kind": kind, "value": value, "obstacle": obstacle, **what}


def _no_detector(detection: DetectionLoop | None) -> str | None:
    return "this run has no detector that pictures are sent to" if detection is None else None


def _no_recorder(recording: RecordSwitch | None) -> str | None:
    return "this run cannot record clips" if recording is None else None


def _setting(key: str, value: object) -> object:
    """Return a value as the settings have it; what cannot be used is told as on the command line."""
    try:
        return getattr(Settings.model_validate({key: value}), key)
    except ValidationError as error:
        written = {key: Written(key, value, "flag", flag(key))}
        raise UsageError(problems.sentences(error, written)) from error


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name} {_shown(value)} cannot be used: give true or false")
    return value


def _nothing(name: str, value: object) -> None:
    if value is not None:
        raise UsageError(f"{name} {_shown(value)} cannot be used: give null, it takes no value")


def _shown(value: object) -> str:
    """Return what was sent, for a sentence: one line, not long."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _reason(error: OutputError) -> str:
    """Return what the system says; the page is not told where the folder is."""
    cause = error.__cause__
    return (isinstance(cause, OSError) and cause.strerror) or "it cannot be written"
