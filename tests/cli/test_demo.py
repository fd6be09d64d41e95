from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.native import av
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_display_it_tells_the_whole_story_and_says_where_its_parts_are(
    tmp_path: Path, models: Path
) -> None:
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam("demo", "--duration", "9", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    (report,) = (tmp_path / "livecam-demo" / "clips").glob("*.report.html")
    assert str(report) in result.stderr
    assert "nothing was paid and nothing left this machine" in result.stderr
    page = report.read_text(encoding="utf-8")
    assert "stored-video results" in page
    assert "SUCCEEDED" in page or "fetched" in page
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
    assert not (tmp_path / "livecam-demo" / "demo.mp4").exists()


def test_a_scene_too_short_for_a_smile_has_no_clip_and_says_so(tmp_path: Path, models: Path) -> None:
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam("demo", "--duration", "1", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert "no clip: nothing met 'HAPPY >= 70 for 0.5 s' this time" in result.stderr


def test_missing_models_are_told_before_anything_starts(tmp_path: Path) -> None:
    result = command_line.livecam("demo", cwd=tmp_path, env={"LIVECAM_MODELS": str(tmp_path)})
    assert result.returncode == 1
    assert "livecam models install" in result.stderr


def test_with_local_only_the_demo_needs_no_endpoint(tmp_path: Path, models: Path) -> None:
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam("demo", "--duration", "0.5", "--local-only", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert "the on-device engine alone, as local-only is set" in result.stderr


def test_a_demo_whose_pictures_may_not_be_kept_says_what_to_do(tmp_path: Path, models: Path) -> None:
    env = {"LIVECAM_MODELS": str(models), "LIVECAM_NO_STORE": "1"}
    result = command_line.livecam("demo", cwd=tmp_path, env=env)
    assert result.returncode == 2
    assert "no-store is set: use livecam run demo" in result.stderr
    assert not (tmp_path / "livecam-demo").exists()
