"""Which files belong to a video's report: its sidecar, its newest results, its jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.analysis.cloud import results_file
from livecam.analysis.results import read_results
from livecam.archive.folder import is_id
from livecam.errors import OutputError
from livecam.pricing import US_EAST
from livecam.reports.inputs import ReportInputs

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.analysis.targets import Target
    from livecam.archive.archive import Archive
    from livecam.pricing import PriceTable
    from livecam.stored_video import Job


def inputs_of(archive: Archive, target: Target, *, prices: PriceTable = US_EAST) -> ReportInputs | None:
    """Return what the report of a video is made from; None when nothing is known of what is seen in it.

    Args:
        archive: whose clip it is, or which knows its jobs.
        target: the video.
        prices: those that hold.
    """
    name = target.video.name
    sidecar = archive.folder.sidecar(name) if is_id(name) else None
    jobs = archive.ledger.jobs.of(name)
    results = _of_video(_there(_newest(jobs) or results_file(archive, target.video)), name)
    inputs = ReportInputs(
        title=name if is_id(name) else target.stem,
        made_at=archive.clock.wall(),
        video=_there(target.video.file),
        clip=archive.ledger.get(name) if is_id(name) else None,
        sidecar=_there(sidecar),
        results=results,
        jobs=jobs,
        prices=prices,
    )
    return None if inputs.sidecar is None and inputs.results is None else inputs


def _newest(jobs: tuple[Job, ...]) -> Path | None:
    """Return the newest results that there are."""
    return next((job.results for job in reversed(jobs) if job.results is not None), None)


def _of_video(results: Path | None, video: str) -> Path | None:
    """Return results unless they say that they are of another video; a file may have been moved with them."""
    if results is None:
        return None
    try:
        said = read_results(results).text("video") or video
    except OutputError:  # told where they are read
        return results
    return results if _last_name(said) == _last_name(video) else None


def _last_name(video: str) -> str:
    return video.replace("\\", "/").rpartition("/")[2]


def _there(path: Path | None) -> Path | None:
    return path if path is not None and path.is_file() else None
