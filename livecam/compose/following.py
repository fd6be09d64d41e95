"""What keeps boxes on faces between calls, and decides when one is worth its price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.compose.finder import KeptConvention, finder_of
from livecam.compose.selection import policy_name, selector_of
from livecam.events import PaceChanged
from livecam.evidence.appearance import appearances_in
from livecam.motion.follower import GridFollower
from livecam.pacing import SET_BY_USER
from livecam.pipeline.picture import PicturePath
from livecam.tracking.label import GONE_AFTER
from livecam.tracking.tracks import Tracks

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.events import Event
    from livecam.pipeline.event_bus import EventBus
    from livecam.pipeline.finder_loop import FinderLoop
    from livecam.pipeline.selecting import Selector
    from livecam.protocols import EventListener, FaceDetector, Painter

LONGEST_MEMORY = 10.0
"""Seconds of small frames and boxes that are remembered at most (18 MB at 30 fps): an answer that comes
later still is too old to be followed to the present."""
RARE_CALLS = 2.5
"""Intervals between calls for which a face is followed that nobody has seen again."""
SLACK = 0.5
"""Seconds more than a call's deadline: the frame that is sent may be some frames old."""


@dataclass(frozen=True, slots=True)
class Following:
    """The parts that know where faces are."""

    tracks: Tracks
    memory: float
    """Seconds for which frames are remembered."""
    finder: FinderLoop | None = None
    selector: Selector | None = None
    convention: KeptConvention | None = None
    """How the detector's boxes lie to the finder's, kept from run to run."""

    def picture_path(self, painter: Painter | None) -> PicturePath:
        """Return what turns frames into pictures."""
        return PicturePath(tracks=self.tracks, follower=GridFollower(keep=self.memory), painter=painter)


def following_of(
    settings: Settings, detector: FaceDetector | None, clock: Clock, bus: EventBus, *, has_stills: bool
) -> Following:
    """Return the parts that the settings ask for; stills have nothing to follow.

    Raises:
        ModelMissing, ModelDamaged: looks of the finder were asked for and its model is not in order.
    """
    memory = min(settings.deadline, LONGEST_MEMORY) + SLACK
    if has_stills:
        return Following(Tracks(keep=memory, is_sure=True), memory)
    convention = KeptConvention.of(detector) if detector else None
    is_chosen = detector is not None and policy_name(settings, detector) != "every"
    finder = finder_of(settings, detector, clock, bus, observe=appearances_in if is_chosen else None)
    selector = selector_of(settings, detector, clock, bus, has_finder=finder is not None)
    tracks = Tracks(
        keep=memory,
        convention=convention.known if convention else None,
        patience=_patience(settings.rate or 1.0),
    )
    bus.subscribe(_heeding_the_rate(tracks))
    return Following(tracks, memory, finder, selector, convention)


def _patience(rate: float) -> float:
    """Return the seconds for which a face is followed that nobody has seen again, at so many calls a second.

    Where calls are rare and nobody looks between them, it is waited for until the next but one.
    """
    return max(GONE_AFTER, RARE_CALLS / rate)


def _heeding_the_rate(tracks: Tracks) -> EventListener:
    """Return what has faces followed for as long as the rate that the user has set asks for."""

    def note(event: Event) -> None:
        if isinstance(event, PaceChanged) and event.reason == SET_BY_USER:
            tracks.patience = _patience(event.rate)

    return note
