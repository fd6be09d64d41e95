"""Which detector the settings mean, and how it is called."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam import plugins
from livecam.detectors.on_device import OnDeviceDetector
from livecam.detectors.region import RegionDetector
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.throttled_pacer import ThrottledPacer
from livecam.vision.model_files import require_all, verify

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.protocols import EventListener, FaceDetector

log = logging.getLogger(__name__)

ON_DEVICE_RATE = 10.0
"""Calls per second when none is set: about a fifth of one core at 720p."""
UNPACED = 1000.0
"""Calls per second about stills, which wait for their answers: as many as can be answered."""
ON_DEVICE_IN_FLIGHT = 1
"""Its nets take one frame at a time."""


def choose_detector(settings: Settings, clock: Clock) -> FaceDetector | None:
    """Return the detector that the settings name; None for none.

    Raises:
        UsageError: no installed plugin has that name.
        MissingDependency: a plugin cannot be loaded.
        ModelMissing, ModelDamaged: the on-device engine's models are not in order.
    """
    if settings.detector == "none":
        return None
    if settings.detector in ("auto", "on-device"):
        require_all(verify())
        if settings.detector == "auto":
            log.info("detector: on-device, the only one this version has; no picture leaves this machine")
        return OnDeviceDetector(clock=clock)
    factory: plugins.DetectorFactory = plugins.load(plugins.DETECTORS, settings.detector)
    return factory(clock=clock)


def detection_of(
    settings: Settings,
    detector: FaceDetector,
    clock: Clock,
    publish: EventListener,
    *,
    are_stills: bool,
) -> DetectionLoop:
    """Return the loop that calls a detector as the settings say."""
    if settings.roi:
        detector = RegionDetector(detector, settings.roi)
    return DetectionLoop(
        detector=detector,
        pacer=ThrottledPacer(settings.rate or (UNPACED if are_stills else ON_DEVICE_RATE)),
        in_flight=ON_DEVICE_IN_FLIGHT,
        deadline=settings.deadline,
        clock=clock,
        publish=publish,
    )


def detector_text(detector: FaceDetector | None) -> str:
    """Return how the HUD calls a detector."""
    if detector is None:
        return "no detector"
    return detector.info.name + (", approximate" if detector.info.is_approximate else "")
