"""Carrying out `livecam clips report`: which files belong to the video, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.config import Settings
    from livecam.reports.inputs import ReportInputs


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
        UsageError: there is no such video, nothing is known of what is seen in it, or a file to be written
            holds what is read, belongs to a clip, or is another's.
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
    _require_free(settings, inputs, {"--output": page, "--png": png, "--csv": csv, "--jsonl": jsonl})
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


def _require_free(settings: Settings, inputs: ReportInputs, asked: Mapping[str, Path | None]) -> None:
    """Refuse outputs that would write over the video, what is known of it, or each other."""
    from livecam.archive.folder import ClipFolder, default_folder
    from livecam.cli.output_check import require_free

    report = _beside(settings, inputs)
    require_free(
        ClipFolder(settings.clip_dir or default_folder()),
        {name: path for name, path in asked.items() if path is not None},
        inputs=(inputs.video, inputs.sidecar, inputs.results),
        own={"--output": report, "--png": report.with_suffix(".png")},
    )


def _inputs(settings: Settings, text: str) -> ReportInputs:
    from livecam.analysis.targets import targets_of
    from livecam.archive.opening import open_archive
    from livecam.cli.clips import found
    from livecam.compose.cost import prices_of
    from livecam.reports.video_files import inputs_of

    archive = open_archive(settings.clip_dir)
    targets = targets_of(archive, [text], find=lambda each: found(archive, each))
    if len(targets) != 1:
        raise UsageError(f"{text} holds {len(targets)} videos; name one of them")
    inputs = inputs_of(archive, targets[0], prices=prices_of(settings))
    if inputs is None:
        raise UsageError(
            f"nothing is known of what is seen in {text}: `livecam clips analyze` has it analysed, and"
            " `livecam record` keeps what was seen live"
        )
    return inputs


def _beside(settings: Settings, inputs: ReportInputs) -> Path:
    near = inputs.video or inputs.sidecar or inputs.results or settings.clip_dir or Path()
    name = near.name.removesuffix(".results.jsonl") if inputs.clip is None else inputs.clip.id
    return near.with_name(f"{name}.report.html")
