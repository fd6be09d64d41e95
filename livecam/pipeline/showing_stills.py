"""What the picture thread does with stills: each is held until it is answered, and shown once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

    from livecam.detections import Answer
    from livecam.frames import Frame
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.latest_slot import LatestSlot
    from livecam.pipeline.presenting import Presenter

TRIES = 3
"""Times that a still is asked about when the service or the network failed: it does not grow old."""


@dataclass(kw_only=True)
class StillsShowing:
    """Takes stills until there are no more."""

    slot: LatestSlot
    detection: DetectionLoop | None
    presenter: Presenter
    stopped: threading.Event

    def run(self) -> None:
        """Show stills until the slot is closed and empty."""
        while (frame := self.slot.take()) is not None:
            self.presenter.picture.start_over()
            self.presenter.picture.follow(frame)
            answers = self._answers_about(frame)
            for answer in answers:
                self.presenter.picture.apply(answer)
            # Else a still without boxes would read as one without faces.
            is_unanswered = self.detection is not None and not answers
            said = {"notice": "not answered"} if is_unanswered else {}
            # A still's labels are about itself: they do not grow old while it waits for them.
            self.presenter.present(frame, answers, at=frame.captured_at, said=said)

    def _answers_about(self, frame: Frame) -> list[Answer]:
        """Hold a still until there is an answer about it, or there can be none."""
        if not self.detection:
            return []
        for _ in range(TRIES):
            self.detection.wait_for_turn(self.stopped)
            self.detection.offer(frame)
            self.detection.wait_until_settled(frame, self.stopped)
            answers = [each for each in self.detection.take_answers() if each.sequence == frame.sequence]
            if answers or self.stopped.is_set() or not self.detection.may_ask_again:
                return answers
        return []
