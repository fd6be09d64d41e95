"""The last step of a frame: finished, handed to the sinks, counted."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.clock import Clock
    from livecam.detections import Answer
    from livecam.frames import Frame
    from livecam.pictures import Picture
    from livecam.pipeline.fan_out import FanOut
    from livecam.pipeline.picture import PicturePath
    from livecam.tally import Tally


@dataclass(frozen=True, kw_only=True)
class Presenter:
    """Finishes pictures and hands them on."""

    picture: PicturePath
    sinks: FanOut
    tally: Tally
    clock: Clock

    def present(
        self, frame: Frame, answers: Sequence[Answer], *, at: float | None = None, said: Mapping[str, Any]
    ) -> None:
        """Show a frame for the first time.

        Args:
            frame: the newest, or one before it that was held back.
            answers: those that are shown with it first.
            at: the instant that its labels' ages are counted to; None for now.
            said: fields of `Status` that the tally does not know.
        """
        picture = self._finished(frame, at, said)
        self.sinks.write(picture)
        self.tally.displayed(picture, answers, self.picture.tracks)

    def refresh(self, frame: Frame, *, said: Mapping[str, Any]) -> float:
        """Show a frame again to those that people look at; return when."""
        picture = self._finished(frame, None, said)
        self.sinks.refresh(picture)
        return picture.displayed_at

    def _finished(self, frame: Frame, at: float | None, said: Mapping[str, Any]) -> Picture:
        now = self.clock.now()
        status = dataclasses.replace(self.tally.status(now), **said)
        finished = self.picture.finish(frame, now if at is None else at, status)
        return dataclasses.replace(finished, displayed_at=self.clock.now())
