"""Carrying out `livecam clips report`: which files belong to the video, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import UsageError

if TYPE_CHECKING:
    from livecam.config import Settings
    from livecam.reports.inputs import ReportInputs
    from livecam.stored_video import Job


def report_of(
    text: str,
    *,
    clip_dir: Path | None,
    output: Path | None = None,
    png: Path | None = None,
    csv: Path | None = None,
    jsonl: Path | None = None,
    is_debug: bool = False,
) -> Path:
    """Write the report of a video, and the other files that are asked for; return the report's path.

    Args:
        text: names the video, as for `clips analyze`.
        clip_dir: the clip folder; None for the one in the settings.
        output: the page; None for beside the video.
        png: the timeline as a picture.
        csv: every face of every instant as a table.
        jsonl: the same as JSON Lines.
        is_debug: whether all messages are shown.

    Raises:
        UsageError: there is no such video, or nothing is known of what is seen in it.
        MissingDependency: a picture needs matplotlib.
        OutputError: a file cannot be read or written.
    """
    from livecam import logs
    from livecam.config import load_settings
    from livecam.reports.clip_report import write_report

    logs.configure(verbosity=2 if is_debug else 0)
    settings = load_settings({"clip_dir": clip_dir})
    inputs = _inputs(settings, text)
    page = output or _beside(settings, inputs)
    if png is not None:
        from livecam.reports.timeline_png import write_timeline_png

        write_timeline_png(inputs, png)
    if csv is not None or jsonl is not None:
        from livecam.reports.export import write_csv, write_json_lines

        if csv is not None:
            write_csv(inputs, csv)
        if jsonl is not None:
            write_json_lines(inputs, jsonl)
    return write_report(inputs, page)


def _inputs(settings: Settings, text: str) -> ReportInputs:
    from livecam.analysis.cloud import results_file
    from livecam.analysis.targets import targets_of
    from livecam.archive.folder import is_id
    from livecam.archive.opening import open_archive
    from livecam.cli.clips import found
    from livecam.compose.cost import prices_of
    from livecam.reports.inputs import ReportInputs

    archive = open_archive(settings.clip_dir)
    targets = targets_of(archive, [text], find=lambda each: found(archive, each))
    if len(targets) != 1:
        raise UsageError(f"{text} holds {len(targets)} videos; name one of them")
    target = targets[0]
    name = target.video.name
    sidecar = archive.folder.sidecar(name) if is_id(name) else None
    jobs = archive.ledger.jobs.of(name)
    results = _results(jobs) or results_file(archive, target.video)
    inputs = ReportInputs(
        title=name if is_id(name) else target.stem,
        made_at=archive.clock.wall(),
        video=_there(target.video.file),
        clip=archive.ledger.get(name) if is_id(name) else None,
        sidecar=_there(sidecar),
        results=_there(results),
        jobs=jobs,
        prices=prices_of(settings),
    )
    if inputs.sidecar is None and inputs.results is None:
        raise UsageError(
            f"nothing is known of what is seen in {text}: `livecam clips analyze` has it analysed, and"
            " `livecam record` keeps what was seen live"
        )
    return inputs


def _results(jobs: tuple[Job, ...]) -> Path | None:
    """Return the newest results that there are."""
    return next((job.results for job in reversed(jobs) if job.results is not None), None)


def _there(path: Path | None) -> Path | None:
    return path if path is not None and path.is_file() else None


def _beside(settings: Settings, inputs: ReportInputs) -> Path:
    near = inputs.video or inputs.sidecar or inputs.results or settings.clip_dir or Path()
    stem = near.name.removesuffix(".results.jsonl").removesuffix(".jsonl").removesuffix(near.suffix)
    return near.with_name(f"{stem}.report.html")
