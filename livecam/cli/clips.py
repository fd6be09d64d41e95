"""`livecam clips`: what was recorded; taking up what a crash left; copies; deleting."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import clip_cloud, options
from livecam.cli.progress import progress_bar
from livecam.errors import LivecamError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from livecam.archive.archive import Archive
    from livecam.archive.copying import CopyResult
    from livecam.clips import Clip, CopyKind
    from livecam.protocols import ClipStore

SCHEMA = "livecam.clips/1"

app = typer.Typer(help="What was recorded: list, take up after a crash, copy, analyse, delete.")
app.command()(clip_cloud.upload)
app.command()(clip_cloud.analyze)
app.command()(clip_cloud.report)

ClipDir = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Folder of the clips. (default: in your data folder)", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")]
OneClip = Annotated[
    str, typer.Argument(metavar="CLIP", help="Its id, the beginning of it, its file, or: last.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks and all messages.")]


@app.command("list")
def list_clips(clip_dir: ClipDir = None, as_json: AsJson = False, debug: Debug = False) -> None:
    """List the clips, the oldest first."""
    from livecam.cli.clip_text import clip_record, clip_table, states_of, total_text

    archive = _opened(clip_dir, debug=debug)
    clips = archive.ledger.all()
    if as_json:
        _print_json(archive, clips=[clip_record(archive, clip) for clip in clips])
        return
    for line in clip_table(clips, states_of(archive)):
        print(line)
    print(total_text(clips, archive.folder.path))
    if waiting := _waiting(archive, clips):
        print(f"{waiting} unfinished or unknown to the ledger: `livecam clips sync` takes them up")


@app.command()
def show(clip: OneClip, clip_dir: ClipDir = None, as_json: AsJson = False, debug: Debug = False) -> None:
    """Say all that is known of a clip: its video, what was seen in it, its files."""
    from livecam.cli.clip_text import clip_details, details_lines

    archive = _opened(clip_dir, debug=debug)
    details = clip_details(archive, found(archive, clip))
    if as_json:
        _print_json(archive, clip=details)
        return
    print(*details_lines(details), sep="\n")


@app.command()
def sync(clip_dir: ClipDir = None, as_json: AsJson = False, debug: Debug = False) -> None:
    """Finish what a crash has left, and bring the ledger in line with the files."""
    from livecam.archive.syncing import sync as take_up
    from livecam.cli.clip_text import report_lines, report_record

    archive = _opened(clip_dir, debug=debug)
    with progress_bar(is_quiet=as_json) as begin:
        report = take_up(archive, on_clip=begin("clips"))
    if as_json:
        _print_json(archive, **report_record(archive, report))
    else:
        print(*report_lines(report, len(archive.ledger.all())), sep="\n")
    raise typer.Exit(int(bool(report.failed)))


@app.command()
def purge(
    clips: Annotated[
        list[str] | None, typer.Argument(metavar="CLIP", help="Clips to delete, as for show.")
    ] = None,
    purge_all: Annotated[bool, typer.Option("--all", help="Delete every clip.")] = False,
    older_than: Annotated[
        float | None,
        typer.Option(metavar="DAYS", min=0, help="Delete clips that began longer ago.", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    clip_dir: ClipDir = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Delete clips, here and on S3, with what was said of them and their copies. There is no way back."""
    from livecam.compose.storage import store_of
    from livecam.config import load_settings

    archive = _opened(clip_dir, debug=debug)
    if not clips and not purge_all and older_than is None:
        raise UsageError("name the clips to delete, or give --all or --older-than DAYS")
    doomed = _doomed(archive, clips or [], purge_all=purge_all, older_than=older_than)
    if doomed and not yes:
        _ask(doomed)
    settings = load_settings({"region": region, "profile": profile, "endpoint_url": endpoint_url})
    removed, kept = _purged(archive, doomed, lambda bucket: store_of(settings, bucket))
    if as_json:
        _print_json(archive, removed=removed, kept=kept)
    else:
        print(f"{len(removed)} {'clip' if len(removed) == 1 else 'clips'} deleted")
        for clip, why in kept.items():
            print(f"not deleted: {clip}: {why}", file=sys.stderr)
    raise typer.Exit(int(bool(kept)))


@app.command()
def copy(
    clip: OneClip,
    kind: Annotated[
        str,
        typer.Option(metavar="annotated|blurred", help="Labels drawn in, or every face made unrecognisable."),
    ] = "annotated",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE.mp4", help="Where to. (default: beside the clip)", show_default=False),
    ] = None,
    clip_dir: ClipDir = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say errors only.")] = False,
    debug: Debug = False,
) -> None:
    """Write a copy of a clip with labels drawn in, or with its faces blurred."""
    from livecam.clips import COPIES
    from livecam.config.values import did_you_mean, one_of

    if kind not in COPIES:
        raise UsageError(f"--kind {kind}: give {one_of(COPIES)}{did_you_mean(kind, COPIES)}")
    archive = _opened(clip_dir, debug=debug)
    clip_found = found(archive, clip)
    if clip_found.state != "recorded":
        raise UsageError(
            f"{clip_found.id} is not finished ({clip_found.state}); `livecam clips sync` takes it up"
        )
    target = output or archive.folder.copy(clip_found.id, kind)
    with progress_bar(is_quiet=quiet) as begin:
        result = _copied(archive, clip_found, target, kind, begin(clip_found.id))
    if quiet:
        return
    print(target)
    if kind == "blurred" and result.frames_without_faces_known:
        print(
            f"where faces were in {result.frames_without_faces_known} of {result.frames} frames is not known:"
            " those are blurred as a whole",
            file=sys.stderr,
        )


def _copied(
    archive: Archive, clip: Clip, target: Path, kind: CopyKind, told: Callable[[int, int], None]
) -> CopyResult:
    from livecam.archive.archive import ClipInUse
    from livecam.archive.clip_lock import take_lock
    from livecam.archive.copying import make_copy

    lock = take_lock(archive.folder, clip.id)
    if lock is None:
        raise ClipInUse(f"{clip.id} is being worked on; try again when that is over")
    folder = archive.folder
    with lock:
        return make_copy(
            folder.clip(clip.id),
            folder.sidecar(clip.id),
            target,
            kind=kind,
            on_progress=lambda done: told(done, clip.frames or 0),
        )


def _opened(clip_dir: Path | None, *, debug: bool) -> Archive:
    """Return the archive that the settings name; its ledger is filled again if it was lost."""
    from livecam import logs
    from livecam.archive.opening import open_archive
    from livecam.config import load_settings

    logs.configure(verbosity=2 if debug else 0)
    settings = load_settings({"clip_dir": clip_dir})
    lost: list[bool] = []
    archive = open_archive(settings.clip_dir, on_ledger_lost=lambda: lost.append(True))
    if archive.ledger.is_there():
        archive.ledger.all()
    elif clip_dir is not None and not clip_dir.is_dir():
        raise UsageError(f"--clip-dir {clip_dir} is no folder")
    if lost:
        from livecam.archive.syncing import sync as fill

        fill(archive)
    return archive


def found(archive: Archive, text: str) -> Clip:
    """Return the clip that a text names.

    Raises:
        UsageError: none, or more than one.
    """
    clips = archive.ledger.all()
    if text == "last" and clips:
        return clips[-1]
    wanted = Path(text).name.partition(".")[0]
    matching = [clip for clip in clips if clip.id == wanted] or [
        clip for clip in clips if wanted and clip.id.startswith(wanted)
    ]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise UsageError(f"{text} is the beginning of {len(matching)} clips' ids; give more of it")
    raise UsageError(f"there is no clip {text} in {archive.folder.path}; `livecam clips list` shows them")


def _doomed(
    archive: Archive, named: Sequence[str], *, purge_all: bool, older_than: float | None
) -> list[Clip]:
    from datetime import timedelta

    from livecam.analysis.removal import left_on_s3
    from livecam.archive.origin import clip_of

    left = {each: clip_of(archive.folder, each, "purging", None) for each in left_on_s3(archive)}
    if purge_all:
        known = {clip.id: clip for clip in archive.ledger.all()}
        unknown = [each for each in archive.folder.ids() if each not in known]
        rest = (clip_of(archive.folder, each, "recorded", None) for each in unknown)
        return [*known.values(), *left.values(), *rest]
    chosen = {clip.id: clip for clip in (left.get(text) or found(archive, text) for text in named)}
    if older_than is not None:
        since = archive.clock.wall() - timedelta(days=older_than)
        chosen |= {clip.id: clip for clip in archive.ledger.all() if clip.started_at < since}
    return list(chosen.values())


def _ask(doomed: Sequence[Clip]) -> None:
    from livecam.cli.clip_text import clip_table

    if not sys.stdin.isatty():
        raise UsageError(f"{len(doomed)} clips would be deleted for good; give --yes to do so")
    print(*clip_table(doomed), sep="\n", file=sys.stderr)
    typer.confirm("Delete these for good?", abort=True, err=True)


def _purged(
    archive: Archive, doomed: Iterable[Clip], store_in: Callable[[str], ClipStore]
) -> tuple[list[str], dict[str, str]]:
    """Delete clips here and on S3; return which are gone, and of the others why not."""
    from livecam.analysis.removal import remove_everywhere

    removed, kept = [], {}
    for clip in doomed:
        try:
            left = remove_everywhere(archive, clip.id, store_in=store_in, reason="by hand")
        except LivecamError as error:
            left = [str(error)]
        if left:
            kept[clip.id] = "; ".join(left)
        else:
            removed.append(clip.id)
    return removed, kept


def _waiting(archive: Archive, clips: Sequence[Clip]) -> int:
    """Return how many clips nobody is at work on though something is to be done with them."""
    from livecam.archive.syncing import count_waiting

    return count_waiting(archive, clips)


def _print_json(archive: Archive, **what: object) -> None:
    print(json.dumps({"schema": SCHEMA, "folder": str(archive.folder.path), **what}))
