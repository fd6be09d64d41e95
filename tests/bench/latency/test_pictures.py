from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.bench.latency import pictures
from livecam.bench.latency.pictures import Still, StillPictures, load_stills, require_sendable
from livecam.errors import MissingDependency, UsageError
from livecam.native import cv2

if TYPE_CHECKING:
    from pathlib import Path


def picture(path: Path, *, width: int = 120, height: int = 90) -> str:
    cv2.imwrite(str(path), np.zeros((height, width, 3), np.uint8))
    return str(path)


def noise(*, width: int, height: int) -> Still:
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Still("noise.png", pixels)


def test_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    alone = picture(tmp_path / "alone.png")
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("b10.png", "b2.png", ".hidden.png"):
        picture(folder / name)
    stills = load_stills([alone, str(folder)])
    assert [still.name for still in stills] == ["alone.png", "b2.png", "b10.png"]
    assert StillPictures(stills).shown[0].width == 120


def test_a_clip_gives_a_few_frames_of_all_its_length(media: Path) -> None:
    stills = load_stills([str(media / "webcam_single.mp4")])
    assert len(stills) == 5
    assert len({still.name for still in stills}) == 5
    assert any((stills[0].image != still.image).any() for still in stills[1:])


def test_too_many_pictures_are_thinned_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PICTURES", 2)
    for index in range(4):
        picture(tmp_path / f"{index}.png")
    assert [still.name for still in load_stills([str(tmp_path)])] == ["0.png", "2.png"]


def test_bad_pictures_are_named_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xffno")
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "notes.txt"
    text.write_text("no video")
    small = picture(tmp_path / "small.png", width=50, height=50)
    for name, said in (
        (str(broken), "broken.jpg is damaged"),
        (str(tmp_path / "gone.jpg"), "there is no file"),
        (str(empty), "holds no picture"),
        (str(text), "notes.txt"),
        (small, "small.png has 50x50 pixels"),
    ):
        with pytest.raises(UsageError, match=said):
            load_stills([name])


def test_without_a_name_the_demo_scene_is_sent_or_it_is_said_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: int) -> None:
        raise MissingDependency("the portrait is not installed")

    monkeypatch.setattr(pictures, "DemoScene", missing)
    with pytest.raises(MissingDependency, match="or name pictures to send"):
        load_stills([])


def test_what_would_not_be_sent_as_asked_is_refused() -> None:
    still = noise(width=2600, height=2000)
    require_sendable([still], [640], 80)
    with pytest.raises(UsageError, match=r"2600 pixels wide at quality 100.*lower --width or --quality"):
        require_sendable([still], [640, 4096], 100)


def test_widths_that_send_the_same_picture_are_told(caplog: pytest.LogCaptureFixture) -> None:
    require_sendable([noise(width=300, height=100)], [200, 320, 640], 80)
    assert "300 pixels wide and never enlarged: widths 320, 640 send the same" in caplog.text


def test_stills_have_their_turn_and_are_as_of_when_they_are_due() -> None:
    stills = StillPictures([noise(width=100, height=100), noise(width=120, height=100)])
    frame, index = stills.frame(7, 3, 42.0)
    assert (frame.sequence, frame.captured_at, frame.width, index) == (7, 42.0, 120, 1)
