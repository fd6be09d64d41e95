"""Which detector the settings mean, whether it may be used, and how it is called."""

from __future__ import annotations

import functools
import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam import plugins, quotas
from livecam.compose.privacy import refuse_connections
from livecam.compose.source import are_stills
from livecam.consent import ClipSending, Sending, is_aws, is_needed, require_consent, scope_of, why_on_device
from livecam.detectors import dry_run
from livecam.detectors.dry_run import with_eyes_where_there_are
from livecam.detectors.on_device import OnDeviceDetector
from livecam.detectors.region import RegionDetector
from livecam.errors import CloudError
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pipeline.throttled_pacer import ThrottledPacer
from livecam.sources import address
from livecam.sources.browser_camera import SOURCE as BROWSER
from livecam.state.consent import ConsentStore
from livecam.vision.model_files import require_all, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.consent import ConsentScope
    from livecam.pipeline.budget import Budget
    from livecam.protocols import EventListener, FaceDetector

log = logging.getLogger(__name__)

ON_DEVICE_RATE = 10.0
"""Calls per second when none is set: about a fifth of one core at 720p."""
REKOGNITION_RATE = 2.0
"""Calls per second when none is set: $7.20 an hour at the US East list price of 2026-10-07."""
UNPACED = 1000.0
"""Calls per second about stills, which wait for their answers: as many as can be answered."""
ON_DEVICE_IN_FLIGHT = 1
"""Its nets take one frame at a time."""
REKOGNITION = "rekognition"
DRY_RUN = dry_run.INFO.name
ON_DEVICE_ALONE = "on-device, as local-only is set; no picture leaves this machine"
_ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_REKOGNITION", "AWS_ENDPOINT_URL")


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether pictures may leave this machine."""

    yes: bool = False
    """Consent for this run alone."""
    asker: Callable[[Sending | ClipSending], Callable[[ConsentScope], str] | None] | None = None
    """Given what would be sent, returns what asks the user; None where nobody can be asked."""
    store: ConsentStore | None = None
    """What remembers consents; None for the user's own."""


def choose_detector(
    settings: Settings, clock: Clock, permission: Permission | None = None
) -> FaceDetector | None:
    """Return the detector that the settings name; None for none.

    Raises:
        UsageError: no installed plugin has that name; or pictures would be sent without consent.
        MissingDependency: a plugin cannot be loaded.
        ModelMissing, ModelDamaged: the on-device engine's models are not in order.
        CloudError: where calls would go cannot be found out.
    """
    refuse_connections(settings)
    permission = permission or Permission()
    match settings.detector:
        case "none":
            return None
        case "on-device":
            return _on_device(clock)
        case "rekognition":
            return _rekognition(settings, clock, permission)
        case "auto":
            return _automatic(settings, clock, permission)
    factory: plugins.DetectorFactory = plugins.load(plugins.DETECTORS, settings.detector)
    return factory(clock=clock)


def dry_run_detector(clock: Clock) -> FaceDetector:
    """Return what stands in for Rekognition in an estimate; it needs neither an account nor consent."""
    return with_eyes_where_there_are(OnDeviceDetector(clock=clock), clock=clock)


def is_called_as_rekognition(detector: FaceDetector) -> bool:
    """Return whether calls to a detector are made, and chosen, as those to Rekognition are."""
    return detector.info.name in (REKOGNITION, DRY_RUN)


def detection_of(
    settings: Settings,
    detector: FaceDetector,
    clock: Clock,
    publish: EventListener,
    budget: Budget | None = None,
) -> DetectionLoop:
    """Return the loop that calls a detector as the settings say, and pays the calls from the budget."""
    is_rekognition = is_called_as_rekognition(detector)
    fallback = (
        _on_device(clock) if detector.info.name == REKOGNITION and settings.fallback == "on-device" else None
    )
    _listen_to_plans(detector, publish)
    loop = DetectionLoop(
        detector=_within(settings, detector),
        pacer=ThrottledPacer(
            rate_of(settings, detector, settings.rate), ramps_up=is_rekognition, clock=clock
        ),
        in_flight=settings.in_flight if is_rekognition else ON_DEVICE_IN_FLIGHT,
        deadline=settings.deadline,
        clock=clock,
        publish=publish,
    )
    if budget is not None:
        loop.pay_from(budget)
    if fallback is not None:
        loop.fall_back_on(_within(settings, fallback), ThrottledPacer(ON_DEVICE_RATE, clock=clock))
    return loop


def rate_of(settings: Settings, detector: FaceDetector, asked: float | None) -> float:
    """Return the calls per second that are made when so many are asked for; None: as many as are usual."""
    is_rekognition = is_called_as_rekognition(detector)
    usual = REKOGNITION_RATE if is_rekognition else ON_DEVICE_RATE
    if are_stills(settings.source) and not is_rekognition:
        usual = UNPACED
    rate = asked or usual
    return _within_quota(settings, rate) if is_rekognition else rate


def rate_asker(settings: Settings, detector: FaceDetector | None) -> Callable[[float | None], float] | None:
    """Return `rate_of` for whoever lets the user ask for another rate; None where calls are not paced."""
    if detector is None:
        return None
    is_unpaced = settings.rate is None and are_stills(settings.source)
    if is_unpaced and not is_called_as_rekognition(detector):
        return None
    return functools.partial(rate_of, settings, detector)


def _listen_to_plans(detector: FaceDetector, publish: EventListener) -> None:
    if detector.info.name == REKOGNITION:
        from livecam.detectors.rekognition import RekognitionDetector

        if isinstance(detector, RekognitionDetector):
            detector.tell(publish)


def detector_text(detector: FaceDetector | None) -> str:
    """Return how the HUD calls a detector."""
    if detector is None:
        return "no detector"
    return detector.info.name + (", approximate" if detector.info.is_approximate else "")


def access_of(settings: Settings) -> AwsAccess:
    """Return whose account is called, where, as the settings say."""
    from livecam.aws.clients import AwsAccess

    return AwsAccess(settings.profile, settings.region, settings.endpoint_url)


def _within_quota(settings: Settings, rate: float) -> float:
    """Return the rate that is asked for, or what AWS allows; elsewhere its quotas do not hold."""
    if settings.quota is not None:
        return min(rate, settings.quota)
    if rate <= quotas.LEAST:
        return rate
    from livecam.aws import whoami

    try:
        outlook = whoami.look_up(access_of(settings))
    except CloudError:  # every call will say so
        return rate
    if outlook.region is None or outlook.endpoint_url is None or not is_aws(outlook.endpoint_url):
        return rate
    return quotas.within_quota(rate, outlook.region)


def _within(settings: Settings, detector: FaceDetector) -> FaceDetector:
    return RegionDetector(detector, settings.roi) if settings.roi else detector


def _on_device(clock: Clock) -> OnDeviceDetector:
    require_all(verify())
    return OnDeviceDetector(clock=clock)


def _rekognition(settings: Settings, clock: Clock, permission: Permission) -> FaceDetector:
    """Return Amazon Rekognition, once it is known that pictures may be sent to it."""
    scope = _scope(settings)
    if scope is not None:
        ask = permission.asker(_sending(settings)) if permission.asker else None
        require_consent(scope, store=permission.store or ConsentStore(), yes=permission.yes, ask=ask)
    return _made(settings, clock, permission)


def _automatic(settings: Settings, clock: Clock, permission: Permission) -> FaceDetector:
    """Return Rekognition where there are credentials and consent, else the on-device engine; say which."""
    # Local-only: nor is it asked whether there are credentials, which may take a connection.
    why = ON_DEVICE_ALONE if settings.local_only else _why_not_rekognition(settings, permission)
    if why is None:
        log.warning("detector: rekognition, as you have agreed; --detector on-device sends nothing")
        return _made(settings, clock, permission)
    log.info("detector: %s", why)
    return _on_device(clock)


def _why_not_rekognition(settings: Settings, permission: Permission) -> str | None:
    store = permission.store or ConsentStore()
    is_pointed_at = settings.endpoint_url or any(os.environ.get(name) for name in _ENDPOINT_VARIABLES)
    if not (permission.yes or is_pointed_at or store.list()):
        return "on-device; no picture leaves this machine (--detector rekognition uses Amazon Rekognition)"
    from livecam.aws import whoami

    try:
        scope = _scope(settings)
        if scope is None:
            return "on-device: no AWS Region is set"
        if not permission.yes and is_needed(scope.endpoint) and not store.has(scope):
            return why_on_device(scope)
        if whoami.credentials(access_of(settings)) is None:
            return "on-device: there are no AWS credentials"
    except CloudError as error:
        return f"on-device: {error}"
    return None


def _scope(settings: Settings) -> ConsentScope | None:
    """Return where pictures would go; None where that is not known, so that every call will say so."""
    from livecam.aws import whoami

    outlook = whoami.look_up(access_of(settings))
    if outlook.endpoint_url is None:
        return None
    return scope_of(outlook.endpoint_url, region=outlook.region, profile=outlook.profile)


def _sending(settings: Settings) -> Sending:
    name = settings.source
    rate = None if are_stills(name) else settings.rate or REKOGNITION_RATE
    source = f"camera {name}" if name.isdigit() else address.shown(name) if "://" in name else name
    source = "a browser's camera" if name == BROWSER else source
    return Sending(
        source=source,
        width=settings.width,
        quality=settings.quality,
        rate=rate,
        is_planned=not _is_fixed(settings),
    )


def _is_fixed(settings: Settings) -> bool:
    """Return whether pictures are sent as the settings say, and not as the faces and the uplink ask for."""
    return bool({"width", "quality"} & settings.model_fields_set) or are_stills(settings.source)


def _made(settings: Settings, clock: Clock, permission: Permission) -> FaceDetector:
    from livecam.aws import whoami
    from livecam.detectors.rekognition import FacesRequest, RekognitionDetector, not_agreed
    from livecam.payload import PayloadPlanner, upload_time

    def may_send(endpoint_url: str, region: str | None) -> None:
        # Looked at again for every client: files and variables may have changed since the start.
        profile = whoami.look_up(access_of(settings)).profile
        scope = scope_of(endpoint_url, region=region, profile=profile)
        store = permission.store or ConsentStore()
        if is_needed(scope.endpoint) and not permission.yes and not store.has(scope):
            raise not_agreed(scope)

    planner = PayloadPlanner(
        settings.width,
        settings.quality,
        upload_within=upload_time(settings.rate or REKOGNITION_RATE, settings.deadline),
        is_fixed=_is_fixed(settings),
    )
    return RekognitionDetector(
        access_of(settings),
        planner=planner,
        clock=clock,
        request=FacesRequest(settings.attributes, settings.width, settings.quality),
        in_flight=settings.in_flight,
        deadline=settings.deadline,
        may_send=may_send,
    )
