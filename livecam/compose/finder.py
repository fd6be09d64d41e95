"""Whether the on-device finder looks beside the detector, how often, and what is kept of how they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.clock import thread_cpu
from livecam.compose.source import are_stills
from livecam.native import cv2
from livecam.pipeline.finder_loop import FinderLoop
from livecam.state.conventions import ConventionStore
from livecam.vision import model_files
from livecam.vision.face_locator import OnDeviceLocator, finder_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.detections import Appearance
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.protocols import EventListener, FaceDetector
    from livecam.tracking.convention import Convention

AUTO_RATE = 5.0
"""Looks per second when none is set: 10 gain nothing (the finder's errors follow the pose, they do not
average out), 3 lose 0.002 of the overlap with the true boxes; some 8 % of one core."""
MOST_THREADS = 4
"""Of OpenCV's that are reckoned to help at a look: more have little to do."""


def finder_of(
    settings: Settings,
    detector: FaceDetector | None,
    clock: Clock,
    publish: EventListener,
    *,
    observe: Callable[[Frame, tuple[Face, ...]], tuple[Appearance | None, ...]] | None = None,
) -> FinderLoop | None:
    """Return the finder beside a detector, not started yet; None where there is to be none.

    "auto" is none without a detector, which was asked for then (but where faces are to be blurred), and
    beside one that has it as its first half.
    A number is heeded beside both: boxes without labels, or more often than labels. With "auto" a model
    that is not in order is told when the run has begun, which goes on without the finder.

    Args:
        settings: say whether, and how often.
        detector: beside which it looks.
        clock: tells when it looks.
        publish: told of its troubles.
        observe: what is to be said of each face that it sees; None for nothing.

    Raises:
        ModelMissing, ModelDamaged: a number of looks was asked for and the model is not in order.
    """
    if settings.finder == "off" or are_stills(settings.source):
        return None
    rate = AUTO_RATE
    if settings.finder == "auto":
        if not finds_alone(settings) if detector is None else detector.info.draws_as_finder:
            return None
    else:
        model_files.load_verified(model_files.FACE_FINDER)
        rate = float(settings.finder)
    return FinderLoop(
        locator=OnDeviceLocator(region=settings.roi),
        rate=rate,
        clock=clock,
        cpu=_cpu,
        publish=publish,
        observe=observe,
    )


def finds_alone(settings: Settings) -> bool:
    """Return whether the finder looks for faces where no detector does: to have them blurred, with "auto"."""
    if settings.finder == "auto":
        return settings.blur != "off"
    return settings.finder != "off"


@dataclass(frozen=True, slots=True)
class KeptConvention:
    """How a detector's boxes lie to the finder's: known from earlier runs, and kept for later ones."""

    detector: str
    """The detector's name."""
    store: ConventionStore
    known: Convention | None
    """As it was at the start."""

    @classmethod
    def of(cls, detector: FaceDetector, store: ConventionStore | None = None) -> KeptConvention:
        """Return what is known of a detector, from the user's own store unless another is given."""
        store = store or ConventionStore()
        name = detector.info.name
        return cls(name, store, store.load(name, finder_name()))

    def keep(self, learnt: Convention) -> None:
        """Remember what is known by now, if it is more than before."""
        if learnt.is_settled and learnt != self.known:
            self.store.save(self.detector, finder_name(), learnt)


def _cpu() -> float:
    """Return the CPU seconds that looks took: OpenCV's other threads are reckoned as busy as the caller."""
    return thread_cpu() * min(cv2.getNumThreads(), MOST_THREADS)
