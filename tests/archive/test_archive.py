from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.errors import OutputError
from tests.archive.samples import an_archive, left_by_a_crash

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_done_is_written_down_and_returned(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    noted = archive.note(clip, "finalising", problem="none")
    assert noted == archive.ledger.get(clip)
    assert noted is not None
    assert (noted.state, noted.problem) == ("finalising", "none")


def test_a_ledger_that_fails_is_told_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OutputError("the ledger is locked")

    archive = an_archive(tmp_path)
    monkeypatch.setattr(archive.ledger, "note", refuse)
    assert archive.note("20261123-073012-k3f9qa", "recorded") is None
    assert "the ledger is locked" in caplog.text
    assert archive.leftovers.why == "the ledger is locked"


def test_a_ledger_that_failed_is_left_alone_until_all_is_taken_up(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    archive.leftovers.note("the ledger is locked", is_ledger=True)
    assert archive.note(clip, "finalising") is None
    archive.leftovers.begin()
    archive.leftovers.end()
    archive.leftovers.note("no room for a clip")
    assert archive.note(clip, "finalising") is not None
