"""Faults of the machine, of its files, and of who watches."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import own_mounts
from fault import Fault, NotHere, simply

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.local_aws.server import in_background
from livecam.state.ledger import ledger_file
from livecam.state.spend import FILE_NAME as SPEND_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fault import Outage, SetUp
    from trial import Trial

MEGABYTES = 48
"""Of the small disk."""
_FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
_DAMAGE = b"\xde\xad" * 8192
_RENEWED = {"new": "newer"}


def _disk(way: str) -> SetUp:
    """Return the setting up of clips on a small disk, to which one of its methods does something."""

    @contextlib.contextmanager
    def set_up(trial: Trial) -> Iterator[Outage]:
        if not own_mounts.way():
            raise NotHere(own_mounts.NOT_ALLOWED)
        with own_mounts.small_disk(trial.work / "disk", megabytes=MEGABYTES) as disk:
            trial.prefix = disk.prefix
            trial.clips, trial.seen_clips = trial.work / "disk" / "clips", disk.folder / "clips"
            yield getattr(disk, way)
            trial.finish()
            shutil.copytree(trial.seen_clips, trial.work / "clips")
            trial.clips = trial.seen_clips = trial.work / "clips"

    return set_up


def _clock(step: str) -> SetUp:
    """Return the setting up of a wall clock that can be stepped; the monotonic one goes on."""

    @contextlib.contextmanager
    def set_up(trial: Trial) -> Iterator[Outage]:
        if not _FAKETIME:
            raise NotHere("libfaketime is not installed (Debian's package faketime)")
        offset = trial.work / "offset"

        def say(text: str) -> None:
            (trial.work / "offset.new").write_text(text)
            (trial.work / "offset.new").replace(offset)

        say("+0")
        trial.environment |= {
            "LD_PRELOAD": str(_FAKETIME[0]),
            "FAKETIME_TIMESTAMP_FILE": str(offset),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

        @contextlib.contextmanager
        def outage() -> Iterator[None]:
            say(step)
            yield
            say("+0")

        yield outage

    return set_up


@contextlib.contextmanager
def _expired(trial: Trial) -> Iterator[Outage]:
    """Let the session of a profile end; then somebody logs in again."""
    secrets = {"old": "older"}
    with in_background(Setup(eyes=CannedEyes(1), with_moto=False, secrets=secrets)) as endpoint:
        trial.endpoint = endpoint
        profile = trial.work / "credentials"
        _write_profile(profile, secrets)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            trial.environment.pop(name)
        trial.environment["AWS_SHARED_CREDENTIALS_FILE"] = str(profile)
        trial.environment["AWS_ENDPOINT_URL"] = endpoint.url

        @contextlib.contextmanager
        def outage() -> Iterator[None]:
            expired = {"kind": "error", "code": "ExpiredTokenException"}
            endpoint.change_faults(plan_from({"faults": [expired]}, "the suite"))
            yield
            secrets.clear()
            secrets.update(_RENEWED)
            _write_profile(profile, secrets)
            endpoint.change_faults(FaultPlan())

        yield outage


def _write_profile(path: Path, secrets: dict[str, str]) -> None:
    ((key, secret),) = secrets.items()
    path.write_text(f"[default]\naws_access_key_id={key}\naws_secret_access_key={secret}\n", "utf-8")


def _locked(file_of: Callable[[Trial], Path]) -> SetUp:
    @contextlib.contextmanager
    def outage(trial: Trial) -> Iterator[None]:
        other = sqlite3.connect(file_of(trial), isolation_level=None, timeout=trial.patience)
        with contextlib.closing(other):
            other.execute("BEGIN EXCLUSIVE")
            yield

    return simply(outage)


def _ledger(trial: Trial) -> Path:
    return ledger_file(trial.seen_clips)


def _spend(trial: Trial) -> Path:
    return trial.work / "data" / "livecam" / SPEND_FILE


def _wait_for_a_clip(trial: Trial) -> None:
    """Let there be something to lose."""
    trial.wait_until(
        lambda: any(event["type"] == "clip_recorded" for event in trial.events.read()), "no clip was recorded"
    )


@contextlib.contextmanager
def _corrupted(trial: Trial) -> Iterator[None]:
    _wait_for_a_clip(trial)
    with _ledger(trial).open("r+b") as file:
        file.write(_DAMAGE)
    yield


@contextlib.contextmanager
def _deleted(trial: Trial) -> Iterator[None]:
    _wait_for_a_clip(trial)
    for path in _ledger(trial).parent.glob(f"{_ledger(trial).name}*"):
        path.unlink()
    yield


@contextlib.contextmanager
def _stopped(trial: Trial) -> Iterator[None]:
    os.kill(trial.process.pid, signal.SIGSTOP)
    trial.hold()
    os.kill(trial.process.pid, signal.SIGCONT)
    yield


FAULTS = {
    "clock-forward": Fault("the clock is stepped 6 hours ahead", _clock("+6h"), "clock"),
    "clock-back": Fault("the clock is stepped 6 hours back", _clock("-6h"), "clock"),
    "credentials": Fault("the session's credentials expire", _expired, "expired"),
    "disk-full": Fault("the disk for clips is full", _disk("full"), "no space|disk"),
    "read-only": Fault("the folder of clips is read-only", _disk("read_only"), "read-only|written"),
    "ledger-locked": Fault("another program has the ledger locked", _locked(_ledger), "ledger"),
    "ledger-damaged": Fault("the ledger is overwritten", simply(_corrupted), "ledger.*damaged"),
    "ledger-deleted": Fault("the ledger is deleted", simply(_deleted), "ledger"),
    "spend-locked": Fault(
        "another program has the day's costs locked", _locked(_spend), "day has cost|cannot be kept"
    ),
    "deaf-socket": Fault(
        "a page that never reads (WebSocket)", simply(lambda trial: trial.page.deaf_viewer("/live"))
    ),
    "deaf-mjpeg": Fault(
        "a viewer that never reads (MJPEG)", simply(lambda trial: trial.page.deaf_viewer("/mjpeg"))
    ),
    "stopped": Fault("livecam is stopped, and let go on", simply(_stopped), has_picture=False),
}
