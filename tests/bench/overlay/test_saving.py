from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay import saving
from livecam.bench.overlay.saving import make_folder, remove_if_empty, save
from livecam.errors import OutputError
from tests.bench.overlay.samples import a_result, an_image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from livecam.bench.overlay.results import ClipResult
    from livecam.frames import Image

RECORD = {"schema": "livecam.bench.overlay/1", "clips": []}


def frames(result: ClipResult, indices: Sequence[int]) -> dict[int, Image]:
    return dict.fromkeys(indices, an_image())


def test_record_table_and_pictures_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    written = save(tmp_path, RECORD, [a_result("a"), a_result("b")], frames)
    names = ["a-filmstrip.png", "a-iou.png", "b-filmstrip.png", "b-iou.png", "overlay.csv", "overlay.json"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert json.loads((tmp_path / "overlay.json").read_text())["schema"] == "livecam.bench.overlay/1"
    assert (tmp_path / "overlay.csv").read_text().startswith("clip,method,iou,")
    assert (tmp_path / "a-filmstrip.png").read_bytes().startswith(b"\x89PNG")


def test_plots_can_be_left_out_and_strips_need_two_methods(tmp_path: Path) -> None:
    save(tmp_path, RECORD, [a_result(methods=("hold",))], frames, with_plots=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["overlay.csv", "overlay.json"]


def test_clips_of_the_same_name_keep_their_own_pictures(tmp_path: Path) -> None:
    results = [a_result("a"), a_result("a"), a_result("../a")]
    names = {path.name for path in save(tmp_path, RECORD, results, frames, with_plots=False)}
    assert {"a-filmstrip.png", "a-2-filmstrip.png", ".._a-filmstrip.png"} < names


def test_files_of_an_earlier_bench_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "overlay.json").write_text("old")
    save(tmp_path, RECORD, [], frames)
    assert json.loads((tmp_path / "overlay.json").read_text())["clips"] == []


def test_what_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(result: ClipResult, indices: Sequence[int]) -> dict[int, Image]:
        raise SystemExit(130)

    with pytest.raises(SystemExit):
        save(tmp_path, RECORD, [a_result()], interrupted, with_plots=False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(results: Sequence[ClipResult]) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "scores_csv", refuse)
    with pytest.raises(OutputError, match="No space left on device; name another"):
        save(tmp_path, RECORD, [], frames)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made_and_removed_when_nothing_came_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert make_folder(folder)
    assert not make_folder(folder)
    (folder / "kept").touch()
    remove_if_empty(folder)
    assert folder.exists()
    (folder / "kept").unlink()
    remove_if_empty(folder)
    assert not folder.exists()


def test_a_folder_that_cannot_be_used_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="name another folder"):
        make_folder(tmp_path / "file")
