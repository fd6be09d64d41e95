"""Carrying out `livecam clips upload` and `analyze`: what is meant, progress, what came of it."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from livecam.cli.cloud_text import estimate_of, estimate_text, outcome_record, outcome_text
from livecam.cli.progress import progress_bar
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.analysis.cloud import Cloud
    from livecam.analysis.desk import Outcome
    from livecam.analysis.targets import Target
    from livecam.archive.archive import Archive
    from livecam.config import Settings
    from livecam.stored_video import Job

SCHEMA = "livecam.clips/1"
NOT_SETTINGS = frozenset(
    {"videos", "wait", "anew", "force", "transcode", "dry_run", "as_json", "verbose", "quiet", "debug", "yes"}
)


def perform(params: Mapping[str, Any], *, is_analysed: bool) -> int:
    """Do what is asked for, print what came of it, and return the exit code.

    Args:
        params: of the command.
        is_analysed: whether videos are analysed, or stored alone.

    Raises:
        LivecamError: nothing could be done.
    """
    from livecam import local_only, logs
    from livecam.compose.storage import cloud_of

    if not params["dry_run"]:
        local_only.refuse(f"livecam clips {'analyze' if is_analysed else 'upload'}")
    logs.configure(verbosity=-1 if params["quiet"] else 2 if params["debug"] else params["verbose"])
    settings = _settings(params, is_analysed=is_analysed)
    archive = _opened(settings)
    targets = _targets(archive, params["videos"] or (), is_analysed=is_analysed)
    if params["dry_run"]:
        estimate = estimate_of(settings, targets)
        _say(params, {"estimate": estimate}, estimate_text)
        return int(any(video["refused"] for video in estimate["videos"]))
    places = (each.video.place for each in targets if each.video.place)
    bucket = None if settings.upload else next((place.bucket for place in places), None)
    cloud = cloud_of(settings, archive, bucket=bucket)
    if any(each.video.state != "stored" for each in targets):
        _require_permission(settings, params, targets)
    outcomes = _carried_out(cloud, settings, targets, params, is_analysed=is_analysed)
    _say(params, {"videos": [outcome_record(cloud, each) for each in outcomes]}, outcome_text)
    return int(any(each.problem for each in outcomes))


def finish_begun(settings: Settings, *, is_quiet: bool) -> list[str]:
    """Go on with what a run has left undone, wait for its jobs, and return which clips have results.

    The longest comes first.

    Raises:
        LivecamError: it cannot go on.
    """
    from livecam.analysis.targets import begun
    from livecam.compose.storage import cloud_of

    archive = _opened(settings)
    how = {"quiet": is_quiet, "as_json": False, "force": False, "transcode": False, "wait": True}
    _carried_out(cloud_of(settings, archive), settings, begun(archive), how, is_analysed=True)
    jobs = archive.ledger.jobs
    clips = sorted(archive.ledger.all(), key=lambda clip: -(clip.duration or 0.0))
    return [clip.id for clip in clips if any(job.results for job in jobs.of(clip.id))]


def _settings(params: Mapping[str, Any], *, is_analysed: bool) -> Settings:
    from livecam.config import load_settings

    given = {key: value for key, value in params.items() if key not in NOT_SETTINGS and value != ()}
    return load_settings(given | {"analyze": is_analysed})


def _opened(settings: Settings) -> Archive:
    from livecam.archive.opening import open_archive
    from livecam.archive.syncing import sync

    archive = open_archive(settings.clip_dir)
    archive.folder.make()
    archive.ledger.all()
    if archive.leftovers.why is not None:
        sync(archive)
    return archive


def _targets(archive: Archive, texts: Sequence[str], *, is_analysed: bool) -> list[Target]:
    """Return what is named; without a name, what is not stored yet, or was begun."""
    from livecam.analysis.targets import begun, targets_of, unstored
    from livecam.cli.clips import found

    if texts:
        return targets_of(archive, texts, find=lambda text: found(archive, text))
    return begun(archive) if is_analysed else unstored(archive)


def _require_permission(settings: Settings, params: Mapping[str, Any], targets: Sequence[Target]) -> None:
    from livecam.cli.consent import asker
    from livecam.compose import Permission
    from livecam.compose.storage import require_upload_consent

    if not settings.upload:
        raise UsageError("say where on S3 they go: --upload s3://BUCKET/PREFIX, or upload in livecam.toml")
    clips = targets[0].video.name if len(targets) == 1 else f"{len(targets)} clips"
    require_upload_consent(settings, Permission(yes=params["yes"], asker=asker), clips=clips)


def _carried_out(
    cloud: Cloud,
    settings: Settings,
    targets: Sequence[Target],
    params: Mapping[str, Any],
    *,
    is_analysed: bool,
) -> list[Outcome]:
    from livecam.analysis.desk import Desk, finish
    from livecam.compose.storage import place_for

    with progress_bar(is_quiet=params["quiet"] or params["as_json"]) as begin:
        bars = {each.video.name: begin(each.stem) for each in targets}
        desk = Desk(
            cloud=cloud,
            place_for=lambda each: place_for(settings, each.stem, source=each.source, began_at=each.began_at),
            is_forced=params["force"],
            transcodes=params["transcode"],
            is_anew=params.get("anew", False),
            on_bytes=lambda name, done, of: bars[name](done, of),
        )
        outcomes = [desk.analyse(each) if is_analysed else desk.store(each) for each in targets]
    if not params.get("wait"):
        return finish(outcomes, [])
    return finish(outcomes, *_waited(cloud, outcomes, params))


def _waited(
    cloud: Cloud, outcomes: Sequence[Outcome], params: Mapping[str, Any]
) -> tuple[list[Job], dict[int, str]]:
    """See jobs through to their ends; return how they stand then, and why some are waited for no more."""
    from livecam.analysis.waiting import JobWatch

    over: dict[int, Job] = {}

    def note(job: Job) -> None:
        over[job.number] = job

    with progress_bar(is_quiet=params["quiet"] or params["as_json"]) as begin:
        count = sum(outcome.is_open for outcome in outcomes)
        told = begin("analysed")
        watch = JobWatch(cloud=cloud, pause=threading.Event().wait, on_change=note)
        for outcome in outcomes:
            if outcome.job is not None:
                watch.add(outcome.job)
        while watch.open:
            told(count - len(watch.open), count)
            watch.pause(watch.step())
        told(count, count)
    return list(over.values()), watch.given_up


def _say(params: Mapping[str, Any], record: dict[str, Any], as_text: Any) -> int:  # noqa: ANN401  a function of it
    if params["as_json"]:
        print(json.dumps({"schema": SCHEMA, **record}))
        return 0
    lines, problems = as_text(next(iter(record.values())))
    if not params["quiet"]:
        for line in lines:
            print(line)
    for problem in problems:
        print(f"livecam: {problem}", file=sys.stderr)
    return 0
