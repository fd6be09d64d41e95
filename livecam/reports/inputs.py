"""What a report is made from, and what is read out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from livecam.analysis.linking import link
from livecam.analysis.results import read_results
from livecam.archive.sidecar import read_sidecar
from livecam.encoding.probe import Unreadable, probe
from livecam.pricing import US_EAST
from livecam.reports.live_faces import live_faces
from livecam.reports.persons import persons_of
from livecam.reports.stored_faces import stored_faces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from livecam.analysis.results import Results, StoredFace
    from livecam.clips import Clip
    from livecam.encoding.probe import VideoFacts
    from livecam.pricing import PriceTable
    from livecam.reports.persons import Person
    from livecam.reports.seen import SeenFace
    from livecam.stored_video import Job

EMBEDDED_UP_TO = 50_000_000
"""Bytes of video that are put into the page itself; they take a third more there."""

UNKNOWN_SIZE = (16, 9)
LARGEST_SIDE = 1 << 15
"""Pixels of a frame; what claims more is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInputs:
    """What a report is made from. Every part but the title may be missing."""

    title: str
    """Names the video: a clip's id, or a file's name."""
    made_at: datetime
    """Wall time of the report, aware."""
    video: Path | None = None
    """On this machine; None of one that is on S3 only."""
    clip: Clip | None = None
    sidecar: Path | None = None
    """The live labels; None where there are none."""
    results: Path | None = None
    """Of stored video; None where it was not analysed."""
    jobs: tuple[Job, ...] = ()
    """All attempts, in their order."""
    prices: PriceTable = US_EAST
    embedded_up_to: int = EMBEDDED_UP_TO
    """Bytes of video that are put into the page itself."""
    video_address: str | None = None
    """Where a server that shows the page has the video; None: it is put into the page, or lies beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the files say. `gather` makes one."""

    duration: float
    """Seconds of the video."""
    width: int
    """Pixels."""
    height: int
    video: VideoFacts | None
    """None when there is no video on this machine, or it cannot be read."""
    header: Mapping[str, Any] | None
    """Of the sidecar."""
    results: Results | None
    live: tuple[SeenFace, ...]
    stored: tuple[SeenFace, ...]
    persons: tuple[Person, ...]
    damaged: int
    """Lines of both files that could not be used."""


def gather(inputs: ReportInputs) -> Findings:
    """Read what there is.

    Raises:
        OutputError: the sidecar or the results cannot be read.
    """
    facts = _probed(inputs.video)
    sidecar = None if inputs.sidecar is None else read_sidecar(inputs.sidecar)
    results = None if inputs.results is None else read_results(inputs.results)
    told = [facts and facts.duration, results and results.duration, inputs.clip and inputs.clip.duration]
    known = next((seconds for seconds in told if seconds), None)
    live = () if sidecar is None else live_faces(sidecar, known)
    linked = () if results is None else link(_slim(results))
    last = max([*(face.last for face in live), *(face.last for face in linked)], default=0.0)
    duration = last if known is None else known
    stored = stored_faces(linked, duration)
    width, height = _size(facts, None if sidecar is None else sidecar.header, results)
    return Findings(
        duration=duration,
        width=width,
        height=height,
        video=facts,
        header=None if sidecar is None else sidecar.header,
        results=results,
        live=live,
        stored=stored,
        persons=persons_of(live, stored),
        damaged=(sidecar.damaged if sidecar else 0) + (results.damaged if results else 0),
    )


def _probed(video: Path | None) -> VideoFacts | None:
    try:
        return None if video is None else probe(video)
    except Unreadable:
        return None  # what the page says of it, and its results, are worth having all the same


def _slim(results: Results) -> Iterator[StoredFace]:
    """Yield the faces without what a report does not use: six hours of a crowd must fit into memory."""
    for one in results.faces():
        yield replace(one, face=replace(one.face, landmarks=None, pose=None, quality=None))


def _size(
    facts: VideoFacts | None, header: Mapping[str, Any] | None, results: Results | None
) -> tuple[int, int]:
    if facts is not None:
        return facts.width, facts.height
    if header is not None:
        return header["width"], header["height"]
    metadata = results.header.get("metadata") if results is not None else None
    if not isinstance(metadata, dict):
        return UNKNOWN_SIZE
    width, height = metadata.get("FrameWidth"), metadata.get("FrameHeight")
    if isinstance(width, int) and isinstance(height, int) and min(width, height) > 0:
        return (width, height) if max(width, height) <= LARGEST_SIDE else UNKNOWN_SIZE
    return UNKNOWN_SIZE
