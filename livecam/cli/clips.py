"""`livecam clips`: what was recorded; taking up what a crash left; copies; deleting."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import clip_cloud, options
from livecam.cli.progress import progress_bar
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.archive.archive import Archive
    from livecam.archive.copying import CopyResult
    from livecam.clips import Clip, CopyKind
    from livecam.config import Settings
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
    from livecam.analysis.removal import left_on_s3
    from livecam.cli.clip_text import clip_table, left_lines, record_of, states_of, total_text

    archive = _opened(clip_dir, debug=debug)
    clips = archive.ledger.all()
    if as_json:
        records = [record_of(archive, clip) for clip in clips]
        _print_json(archive, clips=records, left_on_s3=left_on_s3(archive))
        return
    for line in clip_table(clips, states_of(archive)):
        print(line)
    print(total_text(clips, archive.folder.path))
    if waiting := _waiting(archive, clips):
        print(f"{waiting} unfinished or unknown to the ledger: `livecam clips sync` takes them up")
    for line in left_lines(left_on_s3(archive)):
        print(line)


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
        list[str] | None,
        typer.Argument(
            metavar="CLIP|FILE|s3://...",
            help="Whole ids of clips, their files, or: last; files and objects that were sent or analysed.",
        ),
    ] = None,
    purge_all: Annotated[
        bool, typer.Option("--all", help="Delete every clip, and of other videos what livecam has made.")
    ] = False,
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
    """Delete clips, here and on S3, with what was said of them and their copies. There is no way back.

    Of a file of yours the object on S3, the results and the report are deleted; the file stays.
    """
    from livecam.archive.purging import set_aside
    from livecam.cli.purging import ask, carried_out, doomed_of, outcome_text, rest_removed
    from livecam.config import load_settings

    archive = _opened(clip_dir, debug=debug)
    if not clips and not purge_all and older_than is None:
        raise UsageError("name the clips to delete, or give --all or --older-than DAYS")
    doomed, others = doomed_of(archive, clips or [], purge_all=purge_all, older_than=older_than)
    ledgers = set_aside(archive) if purge_all else []
    if (doomed or others or ledgers) and not yes:
        ask(doomed, others, keeps_found=purge_all, ledgers=ledgers)
    settings = load_settings({"region": region, "profile": profile, "endpoint_url": endpoint_url})
    names = [*(clip.id for clip in doomed), *(video.name for video in others)]
    removed, kept = carried_out(archive, names, functools.partial(_store, settings), keeps_found=purge_all)
    gone, held = rest_removed(archive) if purge_all else ([], {})
    if as_json:
        _print_json(archive, removed=removed + gone, kept=kept | held)
    else:
        said, problems = outcome_text(archive, removed, kept | held)
        print(said + (f", and {len(gone)} of the ledger's damaged files" if gone else ""))
        for problem in problems:
            print(problem, file=sys.stderr)
    raise typer.Exit(int(bool(kept or held)))


def _store(settings: Settings, bucket: str) -> ClipStore:
    """Return where clips are deleted on S3; raise where no connection may be opened."""
    from livecam import local_only
    from livecam.compose.storage import store_of

    local_only.refuse("deleting it there")
    return store_of(settings, bucket)


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
    from livecam.cli.clip_text import on_s3_alone
    from livecam.cli.output_check import require_free
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
    if (uri := on_s3_alone(archive, clip_found)) is not None:
        raise UsageError(f"{clip_found.id} is on S3 alone: {uri}; a copy is made of a file that is here")
    own = archive.folder.copy(clip_found.id, kind)
    target = output or own
    require_free(archive.folder, {"--output": target}, inputs=(), own={"--output": own})
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
    archive = open_archive(settings.clip_dir)
    if archive.ledger.is_there():
        archive.ledger.all()
    elif clip_dir is not None and not clip_dir.is_dir():
        raise UsageError(f"--clip-dir {clip_dir} is no folder")
    if archive.leftovers.why is not None:
        from livecam.archive.syncing import sync as fill

        fill(archive)
    return archive


def found(archive: Archive, text: str, *, is_exact: bool = False) -> Clip:
    """Return the clip that a text names.

    Args:
        archive: whose clips.
        text: an id, the beginning of one, "last", or the path of a file of a clip in the folder.
        is_exact: whether the beginning of an id does not do, nor a path of another file than its video.

    Raises:
        UsageError: none, or more than one.
    """
    clips = archive.ledger.all()
    if text == "last" and clips:
        return clips[-1]
    is_path = Path(text).name != text or bool(Path(text).suffix)
    wanted = _id_in(archive, Path(text), is_exact=is_exact) if is_path else text
    matching = [clip for clip in clips if clip.id == wanted]
    if not matching and not is_path:
        matching = [clip for clip in clips if wanted and clip.id.startswith(wanted)]
    if len(matching) > 1:
        raise UsageError(f"{text} is the beginning of {len(matching)} clips' ids; give more of it")
    if not matching:
        said = text if text.strip() else repr(text)
        raise UsageError(f"there is no clip {said} in {archive.folder.path}; `livecam clips list` shows them")
    if is_exact and matching[0].id != wanted:
        raise UsageError(f"{text} is only the beginning of an id; to delete {matching[0].id}, give all of it")
    return matching[0]


def _id_in(archive: Archive, path: Path, *, is_exact: bool) -> str | None:
    """Return the id of the clip in the folder that a file belongs to; None of a file that is elsewhere."""
    if path.parent.resolve() != archive.folder.path.resolve():
        return None
    clip, _, rest = path.name.partition(".")
    return None if is_exact and rest not in ("mp4", "part.mp4") else clip


def _waiting(archive: Archive, clips: Sequence[Clip]) -> int:
    """Return how many clips nobody is at work on though something is to be done with them."""
    from livecam.archive.syncing import count_waiting

    return count_waiting(archive, clips)


def _print_json(archive: Archive, **what: object) -> None:
    print(json.dumps({"schema": SCHEMA, "folder": str(archive.folder.path), **what}))
