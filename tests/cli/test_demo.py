from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.native import av
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_display_it_leaves_a_clip_and_a_contact_sheet_and_says_where(
    tmp_path: Path, models: Path
) -> None:
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam("demo", "--duration", "2.2", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    for name in ("demo.mp4", "contact-sheet.png"):
        assert f"livecam-demo/{name}" in result.stderr
        assert (tmp_path / "livecam-demo" / name).stat().st_size > 10_000
    with av.open(str(tmp_path / "livecam-demo" / "demo.mp4")) as clip:
        assert clip.streams.video[0].codec_context.name == "h264"


def test_with_an_output_of_ones_own_it_writes_only_that(tmp_path: Path, models: Path) -> None:
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam("demo", "--duration", "0.5", "--output", "mine.mp4", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "mine.mp4").exists()
    assert not (tmp_path / "livecam-demo").exists()
