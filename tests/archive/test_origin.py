from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from livecam.archive.folder import ClipFolder
from livecam.archive.origin import clip_of
from tests.archive.samples import an_archive, record

if TYPE_CHECKING:
    from pathlib import Path

ID = "20261123-073012-k3f9qa"


def test_the_sidecar_tells_where_a_clip_came_from(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, reason="by hand")
    clip = clip_of(archive.folder, writer.id, "recording", None)
    assert (clip.source, clip.reason, clip.started_at) == ("test", "by hand", archive.clock.wall())
    assert clip.file == archive.folder.clip(writer.id)


def test_without_a_sidecar_the_id_tells_when(tmp_path: Path) -> None:
    clip = clip_of(ClipFolder(tmp_path), ID, "recorded", None)
    assert clip.started_at == datetime(2026, 11, 23, 7, 30, 12, tzinfo=UTC)
    assert (clip.source, clip.reason) == ("", "unknown")


def test_an_id_that_is_no_time_is_no_trouble(tmp_path: Path) -> None:
    clip = clip_of(ClipFolder(tmp_path), "20269999-999999-aaaaaa", "recorded", None)
    assert clip.started_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("told", ["yesterday", "9999-99-99", "0001-01-01T00:00:00+14:00", ""])
def test_a_time_that_is_none_is_taken_from_the_id(tmp_path: Path, told: str) -> None:
    folder = ClipFolder(tmp_path)
    header = {"schema": "livecam.clip/1", "clip": ID, "source": "s", "reason": "all", "started_at": told}
    folder.sidecar(ID).write_text(json.dumps(header | {"width": 64, "height": 48, "mirrored": False}) + "\n")
    assert clip_of(folder, ID, "recorded", None).started_at == datetime(2026, 11, 23, 7, 30, 12, tzinfo=UTC)
