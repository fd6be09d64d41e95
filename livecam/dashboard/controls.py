"""What the page can change while the run goes on. Any thread may call."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from livecam.config.settings import choices
from livecam.dashboard.call_controls import NOT_ASKED
from livecam.dashboard.control_values import control, nothing, setting, shown, switch
from livecam.errors import OutputError, UsageError
from livecam.events import MomentMarked
from livecam.sinks.snapshot import save_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.record_switch import RecordSwitch
    from livecam.clock import Clock
    from livecam.dashboard.call_controls import CallControls
    from livecam.pictures import Picture
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.modes import ModeSwitch
    from livecam.protocols import EventListener, Painter

_JOINERS: Final = {0x200C: None, 0x200D: None}
"""They join emojis and letters and are not seen themselves."""
LONGEST_MARK: Final = 200
"""Characters of a mark."""


class Controls:
    """Changes a run, and says what holds now.

    Args:
        clock: names snapshots and says when a moment was marked.
        publish: told of marked moments.
        calls: changes what concerns the calls.
        mode: live or aligned.
        detection: whose calls can be paused; None where nobody is asked.
        recording: begins and ends clips; None where none can be recorded.
        painter: draws a snapshot whose picture has no annotated image.
        newest: returns the picture shown last, None before the first.
        stop: ends the run, as the key q does; may take a moment.
        folder: where snapshots go.
        obstacle: why nothing may be kept of the picture; None where it may.
    """

    def __init__(  # noqa: PLR0913  one per thing that can be changed
        self,
        *,
        clock: Clock,
        publish: EventListener,
        calls: CallControls,
        mode: ModeSwitch,
        detection: DetectionLoop | None,
        recording: RecordSwitch | None,
        painter: Painter,
        newest: Callable[[], Picture | None],
        stop: Callable[[], None],
        folder: Path = Path(),
        obstacle: str | None = None,
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._calls = calls
        self._mode = mode
        self._detection = detection
        self._recording = recording
        self._painter = painter
        self._newest = newest
        self._stop_run = stop
        self._folder = folder
        self._obstacle = obstacle
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
            **calls.by_name,
        }

    def perform(self, name: str, value: object) -> dict[str, dict[str, Any]]:
        """Change one thing; return what holds now, as `now` does.

        Args:
            name: of the control.
            value: whatever was sent: true or false for "pause_sending" and "record", "live" or "aligned"
                for "mode", a text for "mark", None for "snapshot" and "stop", a number for "rate", dollars
                or None for "budget", and one of its choices for "detector".

        Raises:
            UsageError: there is no such control, the value cannot be used, or this run has nothing to change.
        """
        change = self._controls.get(name)
        if change is None:
            raise UsageError(f"there is no control {shown(name)}; there are {', '.join(self._controls)}")
        with self._lock:  # two pages at once: what is answered is what holds after this change
            change(value)
        return self.now()

    def now(self) -> dict[str, dict[str, Any]]:
        """Return each control with what holds now and what may be given.

        Each has "kind" ("switch", "choice", "number", "text" or "action"), "value", "obstacle" (why it cannot
        be used in this run, or None), and "choices" or "longest" where its kind has them. The value of
        "snapshot" is the name of the newest file, that of "mark" the newest text, that of "stop" whether the
        run is ending.
        """
        detection, recording = self._detection, self._recording
        is_paused = detection is not None and detection.is_paused
        return {
            "pause_sending": control("switch", is_paused, obstacle=None if detection else NOT_ASKED),
            "mode": control("choice", self._mode.name, choices=list(choices("mode"))),
            "record": control(
                "switch", recording is not None and recording.is_wanted, obstacle=self._no_recorder()
            ),
            "snapshot": control("action", self._snapshot, obstacle=self._obstacle),
            "mark": control("text", self._mark, longest=LONGEST_MARK),
            "stop": control("action", self._is_stopping),
            **self._calls.now(),
        }

    def _pause_sending(self, value: object) -> None:
        wanted = switch("pause_sending", value)
        detection = self._detection
        if detection is None:
            raise UsageError(f"pause_sending cannot be used: {NOT_ASKED}")
        if detection.is_paused != wanted:  # what holds already is no event
            detection.pause(wanted)

    def _set_mode(self, value: object) -> None:
        self._mode.is_aligned = setting("mode", value) == "aligned"

    def _record(self, value: object) -> None:
        wanted = switch("record", value)
        obstacle = self._no_recorder()
        if self._recording is None or obstacle is not None:
            raise UsageError(f"record cannot be used: {obstacle}")
        self._recording.say(wanted)

    def _save_snapshot(self, value: object) -> None:
        nothing("snapshot", value)
        if self._obstacle is not None:
            raise UsageError(f"snapshot cannot be used: {self._obstacle}")
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
        if not text or len(text) > LONGEST_MARK or not text.translate(_JOINERS).isprintable():
            raise UsageError(
                f"mark {shown(value)} cannot be used: give a text of 1 to {LONGEST_MARK} characters that "
                "can be shown"
            )
        picture = self._newest()
        source = "" if picture is None else picture.frame.source
        self._publish(MomentMarked(at=self._clock.now(), source=source, text=text))
        self._mark = text
        if self._recording is not None:
            self._recording.mark(text)

    def _no_recorder(self) -> str | None:
        """Return why no clip can be recorded; None where one can."""
        return self._obstacle or ("this run cannot record clips" if self._recording is None else None)

    def _stop(self, value: object) -> None:
        nothing("stop", value)
        if self._is_stopping:
            return
        self._is_stopping = True
        # A source may take a moment to close; who asked is answered at once.
        threading.Thread(target=self._stop_run, name="livecam-stop", daemon=True).start()


def _reason(error: OutputError) -> str:
    """Return what the system says; the page is not told where the folder is."""
    cause = error.__cause__
    return (isinstance(cause, OSError) and cause.strerror) or "it cannot be written"
