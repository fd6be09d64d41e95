"""Offers a detector the frames that are worth a call, as its policy says; used by the picture thread."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.events import DetectionFailed, FrameChosen, FramesPassedOver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.clock import Clock
    from livecam.detections import Answer
    from livecam.events import Event
    from livecam.frames import Frame
    from livecam.pipeline.detection_loop import DetectionLoop
    from livecam.pipeline.picture import PicturePath
    from livecam.protocols import EventListener
    from livecam.selection.choice import FaceEvidence, Policy

TRIED_AGAIN = "tried again"
"""Why a frame is sent that the policy has not chosen."""
MOST_OFFERED = 256
"""Frames whose evidence is remembered until it is known whether they were sent."""


@dataclass(frozen=True, slots=True)
class _Offer:
    captured_at: float
    reason: str
    evidence: tuple[FaceEvidence, ...]


@dataclass(kw_only=True)
class Selector:
    """Asks the policy about each frame, and tells it what became of the frames it chose."""

    policy: Policy
    clock: Clock
    publish: EventListener
    labels_last: float = 0.0
    """Seconds for which a label stays as good as new while calls can be made: the policy's refresh."""
    on_finder_lost: Callable[[], None] | None = None
    """Tells the policy that the finder is off, and nobody knows of faces any more."""
    _has_finder: bool = field(default=True, init=False)
    _offered: OrderedDict[int, _Offer] = field(default_factory=OrderedDict, init=False)
    _sent: OrderedDict[int, float] = field(default_factory=OrderedDict, init=False)
    """When the frames that were sent were captured."""
    _failed: deque[int] = field(default_factory=deque, init=False)
    _passed: tuple[str, int] = field(default=("", 0), init=False)
    """Why the newest frames were not chosen, and how many."""
    _source: str = field(default="", init=False)
    _detection: DetectionLoop | None = field(default=None, init=False)

    def note(self, event: Event, /) -> None:
        """Take note of a failed call; any thread."""
        if isinstance(event, DetectionFailed):
            self._failed.append(event.frame)

    def offer(
        self, frame: Frame, detection: DetectionLoop, picture: PicturePath, *, has_cut: bool, has_finder: bool
    ) -> None:
        """Offer a frame if it is worth a call; withdraw the one before it if that is not any more."""
        self._source = frame.source
        if self._has_finder and not has_finder and self.on_finder_lost is not None:
            self.on_finder_lost()
        self._has_finder = has_finder
        self._detection = detection
        picture.let_labels_last(self.labels_last if has_finder and detection.is_asked else 0.0)
        self._catch_up(detection.take_sent())
        evidence = picture.evidence()
        choice = self.policy.choose(frame.captured_at, evidence, has_cut=has_cut)
        is_stood_in_for = detection.is_stood_in_for
        if choice.is_chosen or is_stood_in_for:
            # What a stand-in is offered may be the frame with which the detector is tried again.
            reason = choice.reason if choice.is_chosen else TRIED_AGAIN
            self._offered[frame.sequence] = _Offer(frame.captured_at, reason, evidence)
        if choice.is_chosen:
            self._tell_passed()
            while len(self._offered) > MOST_OFFERED:
                self._offered.popitem(last=False)
        else:
            if choice.reason != self._passed[0]:
                self._tell_passed()
            self._passed = (choice.reason, self._passed[1] + 1)
        if choice.is_chosen or is_stood_in_for:
            detection.offer(frame)
        else:
            detection.withdraw()

    def apply(self, answer: Answer, detection: DetectionLoop, picture: PicturePath) -> None:
        """Take in an answer, and tell the policy what it changed; a stand-in's answer is not its own."""
        self._catch_up(detection.take_sent())
        if answer.sequence not in self._sent:
            picture.apply(answer)
            return
        before = picture.labels()
        picture.apply(answer)
        said = picture.answered_about(answer.captured_at)
        self.policy.answered(answer.captured_at, {key: (before.get(key), own) for key, own in said.items()})

    def close(self) -> None:
        """Tell what was sent and what was passed over last; no frame is sent after the last picture."""
        if self._detection is not None:
            self._detection.withdraw()
            self._catch_up(self._detection.take_sent())
        self._tell_passed()

    def _catch_up(self, sent: Sequence[int]) -> None:
        """Tell the policy which of its frames were sent, and which of those failed."""
        for sequence in sent:
            offer = self._offered.pop(sequence, None)
            if offer is None:
                continue
            self.policy.sent(offer.captured_at, offer.evidence)
            self._sent[sequence] = offer.captured_at
            self.publish(
                FrameChosen(at=self.clock.now(), source=self._source, frame=sequence, reason=offer.reason)
            )
        while len(self._sent) > MOST_OFFERED:
            self._sent.popitem(last=False)
        for sequence in [self._failed.popleft() for _ in range(len(self._failed))]:
            captured_at = self._sent.pop(sequence, None)
            if captured_at is not None:
                self.policy.failed(captured_at)
            elif sequence in self._offered:  # it was sent and has failed since this began
                self._failed.append(sequence)

    def _tell_passed(self) -> None:
        reason, frames = self._passed
        if frames:
            self.publish(
                FramesPassedOver(at=self.clock.now(), source=self._source, reason=reason, frames=frames)
            )
        self._passed = ("", 0)
