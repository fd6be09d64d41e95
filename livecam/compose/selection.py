"""Which frames are worth a call: the policy that the settings name, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.compose.detector import is_called_as_rekognition
from livecam.pipeline.selecting import Selector
from livecam.selection.changed import Changed
from livecam.selection.every import Every
from livecam.selection.smart import Smart

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.pipeline.event_bus import EventBus
    from livecam.protocols import FaceDetector
    from livecam.selection.choice import Policy


def policy_name(settings: Settings, detector: FaceDetector) -> str:
    """Return the policy that is meant; if nothing is said, a paid call is made only when it is worth it."""
    return settings.policy or ("smart" if _is_paid(detector) else "every")


def selector_of(
    settings: Settings, detector: FaceDetector | None, clock: Clock, bus: EventBus, *, has_finder: bool
) -> Selector | None:
    """Return what chooses frames; None where each is offered and nobody needs to be told why."""
    if detector is None or (policy_name(settings, detector) == "every" and not _is_paid(detector)):
        return None
    policy = _policy(settings, policy_name(settings, detector), has_finder=has_finder)
    lost = policy.finder_lost if isinstance(policy, Smart) else None
    lasts = policy.refresh if isinstance(policy, Smart) and has_finder else 0.0
    selector = Selector(policy=policy, clock=clock, publish=bus, labels_last=lasts, on_finder_lost=lost)
    bus.subscribe(selector.note)
    return selector


def _is_paid(detector: FaceDetector) -> bool:
    """Return whether its calls cost money, or are to be counted as if they did."""
    return detector.info.is_paid or is_called_as_rekognition(detector)


def _policy(settings: Settings, name: str, *, has_finder: bool) -> Policy:
    if name == "every":
        return Every()
    kind = Smart if name == "smart" else Changed
    check = None if settings.nobody_check == "off" else float(settings.nobody_check)
    return kind(has_finder=has_finder, nobody_every=check)
