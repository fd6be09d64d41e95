from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection import saving
from livecam.bench.selection.request import Request
from livecam.bench.selection.saving import save
from livecam.bench.selection.simulation import compared
from livecam.errors import OutputError
from tests.bench.selection.samples import CALM, HAPPY, lasting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from livecam.bench.selection.results import ClipResult

RECORD = {"schema": "livecam.bench.selection/1", "clips": []}
RESULT = compared(lasting((CALM, 5), (HAPPY, 5)), Request(policies=("smart",)))


def test_record_table_and_pictures_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "selection.json").write_text("old")
    written = save(tmp_path, RECORD, [RESULT, RESULT])
    names = ["made-up-2-tradeoff.png", "made-up-tradeoff.png", "selection.csv", "selection.json"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert json.loads((tmp_path / "selection.json").read_text()) == RECORD
    assert (tmp_path / "selection.csv").read_text().startswith("clip,policy,calls,")
    assert (tmp_path / "made-up-tradeoff.png").read_bytes().startswith(b"\x89PNG")


def test_plots_can_be_left_out(tmp_path: Path) -> None:
    save(tmp_path, RECORD, [RESULT], with_plots=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["selection.csv", "selection.json"]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(results: Sequence[ClipResult]) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "scores_csv", refuse)
    with pytest.raises(OutputError, match="No space left on device; name another"):
        save(tmp_path, RECORD, [RESULT])
    assert list(tmp_path.iterdir()) == []
