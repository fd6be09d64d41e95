from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("starlette", reason="the extra `web` is not installed")

from livecam.analysis.jobs import look
from livecam.analysis.targets import clip_target
from livecam.compose.web_clips import clip_shelf
from livecam.config import load_settings
from livecam.dashboard.clips import ClipShelf, NotServed
from tests.analysis.samples import Scene, a_clip, faces

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clips import Clip


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def shelf_of(scene: Scene, **settings: object) -> ClipShelf:
    shelf = clip_shelf(load_settings(settings), scene.archive)
    assert shelf is not None
    return shelf


def analysed(scene: Scene) -> Clip:
    clip = a_clip(scene.archive, pictures=30)
    outcome = scene.desk().analyse(clip_target(scene.archive, clip))
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    look(scene.cloud(), outcome.job)
    return clip


def test_a_run_that_cannot_record_has_no_clips() -> None:
    assert clip_shelf(load_settings({}), None) is None


def test_a_clips_report_is_of_both_sources_and_plays_the_servers_video(scene: Scene) -> None:
    clip = analysed(scene)
    page = shelf_of(scene).report(clip.id)
    text = page.content.decode()
    assert f'src="../{clip.id}.mp4"' in text
    assert "data:video" not in text
    assert "job-1" in text
    assert re.search(r"script-src 'sha256-", page.policy)
    assert not list(scene.archive.folder.path.glob("*.html"))


def test_prices_are_the_users(scene: Scene) -> None:
    clip = analysed(scene)
    prices = scene.folder / "prices.json"
    prices.write_text('{"clip_minute": 60}', encoding="utf-8")
    shelf = shelf_of(scene, prices=prices)
    (told,) = shelf.listing()["clips"]
    assert told["usd"] > 0.5
    text = shelf.report(clip.id).content.decode()
    assert "as prices.json says" in text
    assert str(scene.folder) not in text


def test_a_report_names_no_folder_of_this_machine(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    scene.archive.ledger.add(replace(clip, source="/home/me/a.mp4"))
    text = shelf_of(scene).report(clip.id).content.decode()
    assert "a.mp4" in text
    assert "/home/me" not in text


def test_of_a_clip_of_which_nothing_is_known_there_is_no_report(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    scene.archive.folder.sidecar(clip.id).unlink()
    with pytest.raises(NotServed, match="nothing is known"):
        shelf_of(scene).report(clip.id)
