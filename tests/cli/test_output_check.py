from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.archive.folder import ClipFolder
from livecam.cli.output_check import require_free
from livecam.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

CLIP = "20261123-073012-k3f9qa"


@pytest.fixture
def folder(tmp_path: Path) -> ClipFolder:
    folder = ClipFolder(tmp_path / "clips")
    folder.make()
    return folder


def refused(folder: ClipFolder, *inputs: Path | None, **outputs: Path) -> str:
    with pytest.raises(UsageError) as caught:
        require_free(folder, outputs, inputs=inputs)
    return str(caught.value)


def test_what_is_read_is_not_written_over_however_it_is_named(folder: ClipFolder, tmp_path: Path) -> None:
    video = tmp_path / "film.mov"
    video.write_bytes(b"a film")
    (tmp_path / "link.mov").symlink_to(video)
    (tmp_path / "hard.mov").hardlink_to(video)
    for name in ("film.mov", "link.mov", "hard.mov", "clips/../film.mov"):
        path = tmp_path / name
        assert refused(folder, None, video, output=path) == (
            f"output {path} would write over what is kept there; give another file"
        )


def test_no_clips_file_is_written_over_but_the_one_that_is_there_for_it(folder: ClipFolder) -> None:
    own = folder.copy(CLIP, "blurred")
    require_free(folder, {"output": own}, inputs=(), own={"output": own})
    for path in (own, folder.clip(CLIP), folder.sidecar(CLIP), folder.path / ".livecam" / "ledger.db"):
        assert "would write over" in refused(folder, output=path)


def test_two_outputs_are_two_files(folder: ClipFolder, tmp_path: Path) -> None:
    path = tmp_path / "faces"
    assert refused(folder, csv=path, jsonl=tmp_path / "clips" / ".." / "faces") == (
        f"csv and jsonl are the same file, {path}; give another one"
    )
    require_free(folder, {"csv": path, "jsonl": tmp_path / "other"}, inputs=(None,))
