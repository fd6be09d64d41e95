"""Rows for ledgers, and looks at a ledger's file from beside livecam."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from livecam.clips import Clip
from livecam.state.ledger import ledger_file
from livecam.stored_video import Job, JobParameters, S3Place, StoredVideo

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ID = "20261123-120000-k3f9qa"
PLACE = S3Place("a-bucket", f"clips/{ID}.mp4", version="v1", etag="9b2c")
ALL = JobParameters()


def clip(folder: Path, id_: str = ID, **facts: Any) -> Clip:  # noqa: ANN401
    known: dict[str, Any] = {
        "source": "camera 0",
        "reason": "all",
        "state": "recording",
        "started_at": NOON,
    } | facts
    return Clip(id=id_, file=folder / f"{id_}.mp4", **known)


def video(folder: Path, id_: str = ID, **facts: Any) -> StoredVideo:  # noqa: ANN401
    known: dict[str, Any] = {"state": "waiting", "file": folder / f"{id_}.mp4"} | facts
    return StoredVideo(name=id_, **known)


def job(video_name: str = ID, **facts: Any) -> Job:  # noqa: ANN401
    known: dict[str, Any] = {
        "number": 1,
        "place": PLACE,
        "parameters": ALL,
        "attempt": 1,
        "token": "token-1",
        "state": "submitting",
        "began_at": datetime(2026, 1, 1, tzinfo=UTC),
    } | facts
    return Job(video=video_name, **known)


def change(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(ledger_file(folder))) as file, file:
        file.executescript(sql)


def asides(folder: Path) -> list[Path]:
    return list((folder / ".livecam").glob("ledger.sqlite.damaged-*[0-9]"))
