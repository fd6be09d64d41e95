"""The clips that the browser view shows, and their reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.compose.cost import prices_of

if TYPE_CHECKING:
    from livecam.archive.archive import Archive
    from livecam.clips import Clip
    from livecam.config import Settings
    from livecam.dashboard.clips import ClipShelf, ReportPage
    from livecam.pricing import PriceTable
    from livecam.reports.inputs import ReportInputs


def clip_shelf(settings: Settings, archive: Archive | None) -> ClipShelf | None:
    """Return what reads the clips of a run's folder; None where nothing can be recorded.

    Args:
        settings: the prices.
        archive: the recorder's own, so that a damaged ledger is filled again.

    Raises:
        UsageError: the user's own prices cannot be used.
    """
    if archive is None:
        return None
    from livecam.dashboard.clips import ClipShelf

    prices = prices_of(settings)
    return ClipShelf(
        archive,
        usd_per_minute=prices.clip_minute(),
        make_report=lambda clip, address: _report(archive, prices, clip, address),
    )


def _report(archive: Archive, prices: PriceTable, clip: Clip, address: str | None) -> ReportPage | None:
    """Return the page about a clip, its video at an address of the server; see `ClipShelf`."""
    from livecam.analysis.targets import clip_target
    from livecam.dashboard.clips import ReportPage
    from livecam.reports.clip_report import build_report, content_policy
    from livecam.reports.video_files import inputs_of

    inputs = inputs_of(archive, clip_target(archive, clip), prices=prices)
    if inputs is None:
        return None
    file = None if address is None else archive.folder.clip(clip.id)
    page = build_report(_for_others(replace(inputs, clip=clip, video=file, video_address=address)))
    return ReportPage(page.encode("utf-8", "backslashreplace"), content_policy())


def _for_others(inputs: ReportInputs) -> ReportInputs:
    """Return what a report is made from without the folders of this machine."""
    from livecam.dashboard.wording import without_folders

    clip, jobs, prices = inputs.clip, inputs.jobs, inputs.prices
    return replace(
        inputs,
        clip=clip and replace(clip, source=without_folders(clip.source), reason=without_folders(clip.reason)),
        jobs=tuple(replace(job, message=job.message and without_folders(job.message)) for job in jobs),
        prices=replace(prices, note=without_folders(prices.note)),
    )
