"""What `livecam bench latency` measures with: where calls go, whether they may, and what makes them."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.aws import whoami
from livecam.aws.clients import AwsAccess, creation_seconds, live_client
from livecam.aws.regions import known_regions
from livecam.bench.latency.live_pictures import LivePictures
from livecam.bench.latency.pictures import StillPictures, load_stills, require_sendable
from livecam.bench.latency.plan_text import FREE, charge_by
from livecam.compose.cost import prices_of
from livecam.compose.source import is_camera, open_source, scheme
from livecam.config import load_settings
from livecam.consent import ANSWER, Sending, is_aws, is_needed, place, require_consent, scope_of
from livecam.detectors.rekognition import FacesRequest, RekognitionDetector, not_agreed
from livecam.errors import UsageError
from livecam.sources import address
from livecam.state.consent import ConsentStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.plan_text import Charge
    from livecam.bench.latency.request import Request
    from livecam.clock import Clock
    from livecam.compose.detector import Permission
    from livecam.config import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """Where calls go."""

    access: AwsAccess
    region: str
    endpoint_url: str
    profile: str | None

    @property
    def own_endpoint(self) -> str | None:
        """Address in place of AWS's own; None of AWS's."""
        return None if is_aws(self.endpoint_url) else self.endpoint_url


def targets_of(request: Request, settings: Settings) -> tuple[Target, ...]:
    """Return where calls go, one for each Region; opens no connection.

    Args:
        request: names Regions; none for the one that a run would call.
        settings: profile, endpoint and Region of a run.

    Raises:
        UsageError: there is no such Region, or none is set.
        CloudError: where calls would go cannot be found out.
    """
    for region in request.regions:
        load_settings({"region": region})  # has the sentence about what is no Region's name
    return tuple(_target(settings, region) for region in request.regions or (settings.region,))


def charge_of(settings: Settings, targets: Sequence[Target]) -> Charge:
    """Return what calls cost: nothing at an endpoint on this machine.

    Raises:
        UsageError: the price file cannot be used.
    """
    table = prices_of(settings)
    return charge_by(table) if any(is_needed(each.endpoint_url) for each in targets) else FREE


def require_permission(
    request: Request, targets: Sequence[Target], permission: Permission, pictures: str
) -> None:
    """Return when pictures may be sent to every target.

    Args:
        request: how large they are.
        targets: where they go.
        permission: what is known of consent, and who can be asked.
        pictures: what they are of, as people call it.

    Raises:
        UsageError: there is no consent.
        OutputError: what is remembered cannot be read or written.
    """
    sending = Sending(pictures, max(request.widths), max(request.qualities), max(request.rates))
    store = permission.store or ConsentStore()
    for target in targets:
        scope = scope_of(target.endpoint_url, region=target.region, profile=target.profile)
        ask = permission.asker(sending) if permission.asker else None
        is_agreed = not is_needed(scope.endpoint) or permission.yes or store.has(scope)
        if ask is None and not is_agreed:
            raise UsageError(
                f"you have not agreed to send pictures to {place(scope)}: run this once in a terminal and"
                f" type {ANSWER}, or add --yes for this run"
            )
        require_consent(scope, store=store, yes=permission.yes, ask=ask)


def pictures_of(
    request: Request, settings: Settings, clock: Clock
) -> AbstractContextManager[LivePictures] | StillPictures:
    """Return what is sent, looked at already; a camera or stream is a context.

    Raises:
        UsageError: one of them cannot be sent as asked for; the message names it.
        MissingDependency: the demo scene's portrait is not installed.
    """
    live = [name for name in request.sources if is_live(name)]
    if not live:
        stills = load_stills(request.sources)
        require_sendable(stills, request.widths, max(request.qualities))
        return StillPictures(stills)
    if len(request.sources) > 1:
        shown = ", ".join(address.shown(name) if "://" in name else name for name in live)
        raise UsageError(f"{shown} is live and goes alone; give one camera or stream, or pictures and clips")
    source = open_source(settings.model_copy(update={"source": live[0]}), clock, lambda _: None)
    return LivePictures(source, source_name(request))


def source_name(request: Request) -> str:
    """Return how people call what is sent."""
    if len(request.sources) > 1:
        return f"{len(request.sources)} pictures and clips"
    name = request.sources[0] if request.sources else "the demo scene"
    if name.isdigit():
        return f"camera {name}"
    return address.shown(name) if "://" in name else name


def is_live(name: str) -> bool:
    """Return whether a name stands for a camera or stream."""
    return name != "demo" and not os.path.exists(name) and (is_camera(name) or scheme(name) is not None)  # noqa: PTH110  a name may be no path at all


def detectors_for(
    request: Request,
    conditions: Sequence[Condition],
    targets: Sequence[Target],
    clock: Clock,
    permission: Permission,
) -> tuple[list[RekognitionDetector], Callable[[int], float | None]]:
    """Return what makes the calls of each condition, and what makes their clients.

    Conditions with the same Region and calls in flight share a client. What is measured is what a run does:
    encoding, the call, and making sense of its answer.

    Args:
        request: for the deadline.
        conditions: in their order.
        targets: one for each Region.
        clock: times the parts of calls.
        permission: whether pictures may leave this machine; looked at again for every client.
    """
    by_region = {target.region: target for target in targets}

    def may_send(endpoint_url: str, region: str | None) -> None:
        scope = scope_of(endpoint_url, region=region, profile=by_region[region or ""].profile)
        store = permission.store or ConsentStore()
        if is_needed(scope.endpoint) and not permission.yes and not store.has(scope):
            raise not_agreed(scope)

    detectors = [
        RekognitionDetector(
            by_region[each.region].access,
            clock=clock,
            request=FacesRequest(each.attributes, each.width, each.quality),
            in_flight=each.in_flight,
            may_send=may_send,
            deadline=request.deadline,
        )
        for each in conditions
    ]

    def make_client(index: int) -> float | None:
        condition = conditions[index]
        client = live_client(
            "rekognition",
            by_region[condition.region].access,
            in_flight=condition.in_flight,
            deadline=request.deadline,
            clock=clock,
        )
        return creation_seconds(client)

    return detectors, make_client


def require_writable(outputs: dict[str, Path], sources: Sequence[str]) -> None:
    """Refuse files that cannot be written, before anything is sent.

    Args:
        outputs: files by the flags that name them.
        sources: none of which may be written over.

    Raises:
        UsageError: a folder is missing, or a file is a folder, a source, or named twice.
    """
    seen: dict[Path, str] = {}
    read = {Path(name).resolve() for name in sources if Path(name).exists()}
    for flag, path in outputs.items():
        whole = path.resolve()
        if whole in seen or whole in read:
            other = seen.get(whole, "a picture that is sent")
            raise UsageError(f"{flag} {path} is also {other}; give another file")
        is_special = path.exists() and not path.is_file()  # a folder, or a device that would be replaced
        if is_special or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
            raise UsageError(
                f"{flag} {path} cannot be written: give a file in a folder that you may write to"
            )
        seen[whole] = flag


def _target(settings: Settings, region: str | None) -> Target:
    access = AwsAccess(settings.profile, region, settings.endpoint_url)
    outlook = whoami.look_up(access)
    if outlook.region is None or outlook.endpoint_url is None:
        raise UsageError(
            "no AWS Region is set: give one such as eu-west-1 with --region, AWS_REGION or AWS_DEFAULT_REGION"
        )
    if is_aws(outlook.endpoint_url) and outlook.region not in known_regions():
        near = difflib.get_close_matches(outlook.region, sorted(known_regions()), n=9)
        near.sort(key=lambda each: sorted(each) != sorted(str(outlook.region)))  # letters swapped, above all
        hint = f"did you mean {near[0]}?" if near else "see docs/rekognition.md for those with the service"
        raise UsageError(f"there is no AWS Region {outlook.region}: {hint} (a new one needs a newer boto3)")
    # Named, so that a variable that changes meanwhile moves no call elsewhere.
    named = AwsAccess(settings.profile, outlook.region, settings.endpoint_url)
    return Target(named, outlook.region, outlook.endpoint_url, outlook.profile)
