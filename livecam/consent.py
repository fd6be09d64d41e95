"""Before pictures of people leave this machine: whom that needs consent for, and what is told. Pure.

Consent is for one endpoint, Region and profile. Nothing here reads the environment, asks or remembers:
`state/consent.py` remembers, `cli/consent.py` asks.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from livecam.errors import UsageError
from livecam.local_only import is_loopback
from livecam.pricing import US_EAST

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT_VERSION = 2
"""Of what `notice` says; raised with every change of meaning, so that people are asked again."""
ANSWER = "yes"
"""What has to be typed; a lone Enter is no consent."""
NO_PROFILE = "default"
"""What botocore calls the profile when none is named."""
WIDTH = 80
"""Columns of what is told."""
_SECONDS_PER_HOUR = 3600
_AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_PORTS = {"http": 80, "https": 443}

# The first is AWS's own wording (API reference, Emotion).
_TOLD_ALWAYS = (
    (
        "What it says: AWS calls an emotion a prediction based on a person's facial expressions, not a"
        " determination of the person's internal emotional state, which should not be used in such a way."
        " You may not use it in a manner that violates the EU Artificial Intelligence Act or any other"
        " applicable law. docs/responsible-use.md says what to check."
    ),
    (
        "What AWS may do with it: use and store pictures to improve its services, possibly in another"
        " Region, unless your organization has an AI services opt-out policy (docs/rekognition.md)."
    ),
    (
        "You are asked once for this endpoint, Region and profile. `livecam consent show` lists what you"
        " agreed to, `livecam consent revoke` takes it back."
    ),
)


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """What a consent holds for; made by `scope_of`."""

    endpoint: str
    """`scheme://host[:port]`, in lower case, without user name, path and query."""
    region: str
    """AWS Region; empty where there is none."""
    profile: str
    """The AWS profile's name, "default" when none is named; never a key."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What would be sent."""

    source: str
    """As people call it, such as "camera 0"."""
    width: int | None
    """Pixels a picture is made smaller to; None: as it is."""
    quality: int
    """JPEG quality, 1-100."""
    rate: float | None
    """Most pictures per second; None: of stills, each once."""
    is_planned: bool = False
    """Whether size and quality follow the faces and the uplink; else they are what was asked for."""


@dataclass(frozen=True, slots=True)
class ClipSending:
    """Which clips would be sent."""

    clips: str
    """As people call them, such as "each clip of camera 0" or a file's name."""
    uri: str
    """s3://BUCKET/PREFIX that they would go to."""
    is_analysed: bool
    """Whether Rekognition would analyse them there."""
    usd_per_minute: float
    """What that costs by the price table."""


class Remembered(Protocol):
    """What remembers consents: `state.consent.ConsentStore`."""

    def has(self, scope: ConsentScope) -> bool:
        """Say whether there is a consent to the text as it is now."""

    def give(self, scope: ConsentScope) -> None:
        """Remember one."""


def scope_of(endpoint_url: str, *, region: str | None, profile: str | None) -> ConsentScope:
    """Return what a consent for this endpoint would hold for.

    Args:
        endpoint_url: the address that calls really go to, as the client has it.
        region: the AWS Region.
        profile: the AWS profile; None when none is named.

    Raises:
        UsageError: it is no address, or one in which it is not plain what the host is.
    """
    return ConsentScope(_endpoint(endpoint_url), region or "", profile or NO_PROFILE)


def is_needed(endpoint_url: str) -> bool:
    """Say whether pictures sent to an endpoint would leave this machine.

    An address in which it is not plain what the host is counts as one that leaves.
    """
    host = _host(endpoint_url)
    return host is None or not (host == "localhost" or is_loopback(host))


def notice(scope: ConsentScope, sending: Sending | ClipSending) -> str:
    """Return what people are told before they are asked, in lines of at most 80 columns."""
    if isinstance(sending, ClipSending):
        what, price = _clips(sending), _clip_price(sending)
    else:
        what, price = _stills(sending), _price(sending)
    opening = "livecam is about to send pictures over the network."
    paragraphs = (opening, what, _where(scope), f"What it costs: {price}", *_TOLD_ALWAYS)
    return "\n\n".join(_wrapped(paragraph) for paragraph in paragraphs)


def require_consent(
    scope: ConsentScope,
    *,
    store: Remembered,
    yes: bool = False,
    ask: Callable[[ConsentScope], str] | None = None,
) -> None:
    """Return when pictures may be sent; raise when they may not. Call it before the first one is sent.

    Args:
        scope: where they would go; one that is loopback needs no consent.
        store: remembers what is agreed to here.
        yes: consent for this run alone (`--yes`); it is not remembered.
        ask: tells people the notice and returns what they typed; None where nobody can be asked.

    Raises:
        UsageError: there is no consent; says what to run.
        OutputError: what is remembered cannot be read, or the answer cannot be written down.
    """
    if not is_needed(scope.endpoint) or yes or store.has(scope):
        return
    if ask is None:
        raise UsageError(
            f"you have not agreed to send pictures to {place(scope)}; run this once in a terminal and type"
            f" {ANSWER}, add --yes for this run, or use --detector on-device, which sends nothing"
        )
    if ask(scope).strip().lower() != ANSWER:
        raise UsageError(
            f"nothing is sent to {place(scope)}, as you did not type {ANSWER}; --detector on-device needs"
            " no consent"
        )
    store.give(scope)


def why_on_device(scope: ConsentScope) -> str:
    """Return what `auto` says when it stays on-device for want of consent: it never asks by itself."""
    return (
        f"on-device: you have not agreed to send pictures to {place(scope)}; --detector rekognition tells"
        " what is sent and asks once"
    )


def place(scope: ConsentScope) -> str:
    """Return how people call where pictures would go."""
    if not is_aws(scope.endpoint):
        return scope.endpoint
    is_s3 = "s3" in (urlsplit(scope.endpoint).hostname or "").split(".")
    service = "Amazon S3" if is_s3 else "Amazon Rekognition"
    return f"{service} in {scope.region}" if scope.region else service


def is_aws(endpoint: str) -> bool:
    """Say whether an endpoint is an address of AWS's, a VPC endpoint included."""
    return (urlsplit(endpoint).hostname or "").endswith(_AWS_DOMAINS)


def _clips(sending: ClipSending) -> str:
    then = ", where Rekognition analyses the faces in them" if sending.is_analysed else ""
    return (
        f"What is sent: {sending.clips}, whole, with the people in it, to {sending.uri}{then}. It stays"
        " there until you delete it (`livecam clips purge`) or the bucket's rules do."
    )


def _clip_price(sending: ClipSending) -> str:
    stored = "S3 asks for storage and requests by its own prices."
    if not sending.is_analysed:
        return stored
    return (
        f"about ${sending.usd_per_minute:.2f} per minute of video that is analysed; that figure is not"
        f" confirmed, see docs/cost.md. {stored}"
    )


def _stills(sending: Sending) -> str:
    size = "" if sending.width is None else f", made at most {sending.width} pixels wide"
    if sending.is_planned and sending.width is not None:
        size = f", made some {sending.width} pixels wide and up to their full size where faces are small"
    quality = "60 to 92" if sending.is_planned else str(sending.quality)
    pace = "each once" if sending.rate is None else f"at most {sending.rate:g} a second"
    return (
        f"What is sent: stills of {sending.source} with the people in it, as JPEG (quality"
        f" {quality}){size}, {pace}."
    )


def _where(scope: ConsentScope) -> str:
    region = f", Region {scope.region}" if scope.region else ""
    where = f"Where: {place(scope).split(' in ')[0]}{region}, {scope.endpoint}, profile {scope.profile}."
    if not is_aws(scope.endpoint):
        where += " That is not an address of AWS: whoever runs it gets the pictures."
    if scope.endpoint.startswith("http:"):
        where += " They are sent without encryption."
    return where


def _price(sending: Sending) -> str:
    price = (
        f"US East list price ${US_EAST.call():.4f} per image, read {US_EAST.as_of}; prices elsewhere differ."
    )
    if sending.rate is None:
        return price
    hourly = sending.rate * US_EAST.call() * _SECONDS_PER_HOUR
    return f"{price} At this pace that is at most ${hourly:.2f} an hour."


def _endpoint(url: str) -> str:
    """Return an address without what may be secret in it."""
    host = _host(url)
    if host is None:
        raise UsageError(
            "the endpoint's address has to be http or https, a host and perhaps a port, without user name or"
            " password; correct --endpoint-url or AWS_ENDPOINT_URL"
        )
    parts = urlsplit(url)
    shown = f"[{host}]" if ":" in host else host
    is_usual = parts.port in (None, _PORTS[parts.scheme])
    return f"{parts.scheme}://{shown}" + ("" if is_usual else f":{parts.port}")


def _host(url: str) -> str | None:
    """Return an address's host in lower case; None where two programs might read two hosts in it."""
    if any(each in "\\@%" or each.isspace() or not each.isprintable() for each in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no number
    except ValueError:
        return None
    return parts.hostname if parts.scheme in _PORTS and parts.hostname else None


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
