"""The classic experiment as the settings say: whose account is called, with whose consent, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.aws import whoami
from livecam.bench import image
from livecam.bench.image_text import annotated_picture
from livecam.compose.cost import prices_of
from livecam.compose.detector import Permission, access_of
from livecam.consent import Sending, is_needed, require_consent, scope_of
from livecam.errors import UsageError
from livecam.frames import Frame, SourceInfo
from livecam.pipeline.budget import may_be_charged
from livecam.sinks.annotated_stills import SINGLE_SUFFIXES, AnnotatedStillsSink, default_target
from livecam.state.consent import ConsentStore

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.bench.image import ImageResult, Payload
    from livecam.clock import Clock
    from livecam.config import Settings

MOST_CALLS = 100
"""More than these are a benchmark: `livecam bench latency` has intervals, warm-up and a plan for those."""


def measure_image(
    settings: Settings, payload: Payload, calls: int, permission: Permission, clock: Clock
) -> ImageResult:
    """Call DetectFaces about one picture, once it is known that it may be sent.

    Args:
        settings: whose account, where, attributes.
        payload: what is sent.
        calls: how many, 1 to `MOST_CALLS`.
        permission: whether the picture may leave this machine.
        clock: times it.

    Raises:
        UsageError: there is no consent, or the price file cannot be used.
        CloudError: there is no client to be had, or the first call failed.
    """
    prices_of(settings)  # what cannot be used is told before anything is paid

    def may_send(endpoint_url: str, region: str | None) -> None:
        profile = whoami.look_up(access_of(settings)).profile
        scope = scope_of(endpoint_url, region=region, profile=profile)
        width = None if payload.is_as_it_is else payload.width
        sending = Sending(payload.path.name, width, image.QUALITY, rate=None)
        ask = permission.asker(sending) if permission.asker else None
        require_consent(scope, store=permission.store or ConsentStore(), yes=permission.yes, ask=ask)

    return image.measure(
        payload, access_of(settings), settings.attributes, calls=calls, may_send=may_send, clock=clock
    )


def cost_of_calls(settings: Settings, result: ImageResult) -> tuple[float, str]:
    """Return what the calls cost in USD, and whose price that is; nothing on this machine."""
    if not is_needed(result.endpoint):
        return 0.0, "the endpoint is on this machine"
    table = prices_of(settings)
    count = len(result.calls) + (result.failure is not None and may_be_charged(result.failure))
    return table.call() * count, table.note


def annotated_target(asked: Path | None, source: Path) -> Path | None:
    """Return where the annotated picture goes: nothing that is there is written over.

    Args:
        asked: what the user named; None for `NAME-annotated.jpg` in the current folder, if that is free.
        source: the picture.

    Returns:
        None when nobody named a file and that one is there already.

    Raises:
        UsageError: the file that was named is there, or its name does not end as a picture's.
    """
    target = default_target(source) if asked is None else asked
    if target.exists() or target.is_symlink():
        if asked is None:
            return None
        raise UsageError(f"--annotated {asked} is there already and is not written over; name another file")
    if asked is not None and target.suffix.lower() not in SINGLE_SUFFIXES:
        raise UsageError(f"--annotated {asked} has to end in one of {', '.join(SINGLE_SUFFIXES)}")
    if not target.parent.is_dir():
        raise UsageError(f"--annotated {asked} cannot be written: there is no folder {target.parent}")
    return target


def write_annotated(result: ImageResult, target: Path, clock: Clock) -> None:
    """Write the annotated picture.

    Raises:
        OutputError: it cannot be written.
    """
    payload = result.payload
    height, width = payload.image.shape[:2]
    frame = Frame("picture", 0, clock.now(), 0.0, payload.image, payload.path.name)
    sink = AnnotatedStillsSink(target, source=payload.path, is_folder=False)
    sink.open(SourceInfo("picture", payload.path.name, width, height, None, is_live=False, are_stills=True))
    try:
        sink.write(annotated_picture(result, frame))
    finally:
        sink.close()
