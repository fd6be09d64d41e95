from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import OutputError
from livecam.frames import SourceInfo
from livecam.native import cv2
from livecam.sinks.annotated_stills import AnnotatedStillsSink, default_target
from tests.builders import a_frame, a_picture

if TYPE_CHECKING:
    from livecam.pictures import Picture

INFO = SourceInfo("photos", "photos (3 pictures)", 64, 48, None, 3.0, is_live=False, are_stills=True)


def a_still(name: str, *, brightness: int = 200, sequence: int = 0) -> Picture:
    picture = a_picture(replace(a_frame(sequence), name=name))
    return replace(picture, image=np.full((48, 64, 3), brightness, np.uint8))


def a_photo(folder: Path, name: str = "photo.jpg") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"the original")
    return path


def save(target: Path, source: Path, *pictures: Picture) -> None:
    sink = AnnotatedStillsSink(target, source=source, is_folder=source.is_dir())
    sink.open(INFO)
    for picture in pictures:
        sink.write(picture)
    sink.close()


def brightness_of(path: Path) -> float:
    image = cv2.imread(str(path))
    assert image is not None
    assert image.shape == (48, 64, 3)
    return float(image.mean())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "magic"),
    [
        ("out.jpg", b"\xff\xd8"),
        ("out.JPEG", b"\xff\xd8"),
        ("out.png", b"\x89PNG"),
        ("Größe 🙂.webp", b"RIFF"),
    ],
)
def test_the_annotated_picture_is_saved_in_the_format_of_its_name(
    tmp_path: Path, name: str, magic: bytes
) -> None:
    source = a_photo(tmp_path)
    save(tmp_path / name, source, a_still("photo.jpg"))
    assert (tmp_path / name).read_bytes().startswith(magic)
    assert brightness_of(tmp_path / name) == pytest.approx(200, abs=2)
    assert names_in(tmp_path) == sorted(["photo.jpg", name])
    assert source.read_bytes() == b"the original"


def test_the_pictures_of_a_folder_keep_their_names(tmp_path: Path) -> None:
    source, target = a_photo(tmp_path / "holiday").parent, tmp_path / "out"
    stills = [
        a_still(name, brightness=20 * number, sequence=number)
        for number, name in enumerate(["a.jpg", "B.PNG", "c.tiff", "d.heic"])
    ]
    save(target, source, *stills)
    assert names_in(target) == ["B.PNG", "a.jpg", "c.tiff", "d.jpg"]
    assert brightness_of(target / "c.tiff") == 40
    assert names_in(source) == ["photo.jpg"]


def test_an_older_folder_is_added_to_and_an_older_picture_replaced(tmp_path: Path) -> None:
    source, target = a_photo(tmp_path / "holiday").parent, tmp_path / "out"
    target.mkdir()
    (target / "a.png").write_bytes(b"older")
    (target / "mine.txt").write_text("kept", encoding="utf-8")
    save(target, source, a_still("a.png", brightness=70))
    assert names_in(target) == ["a.png", "mine.txt"]
    assert brightness_of(target / "a.png") == 70


def test_without_annotations_the_picture_is_saved_as_it_came(tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    save(target, a_photo(tmp_path), replace(a_still("photo.jpg"), image=None))
    assert brightness_of(target) == 90


def test_a_folder_without_a_picture_leaves_none_behind(tmp_path: Path) -> None:
    source = a_photo(tmp_path / "holiday").parent
    save(tmp_path / "out", source)
    assert names_in(tmp_path) == ["holiday"]


def test_an_empty_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    save(tmp_path / "out", a_photo(tmp_path / "holiday").parent)
    assert names_in(tmp_path) == ["holiday", "out"]


@pytest.mark.parametrize("name", ["photo.jpg", "holiday/../photo.jpg", "link.jpg"])
def test_the_source_is_never_written_to(tmp_path: Path, name: str) -> None:
    source = a_photo(tmp_path)
    (tmp_path / "holiday").mkdir()
    (tmp_path / "link.jpg").symlink_to(source)
    with pytest.raises(OutputError, match="it is photos itself"):
        save(tmp_path / name, source, a_still("photo.jpg"))
    assert source.read_bytes() == b"the original"


def test_the_folder_of_the_source_is_never_written_to(tmp_path: Path) -> None:
    source = a_photo(tmp_path / "holiday")
    with pytest.raises(OutputError, match="itself"):
        save(tmp_path / "holiday", source.parent, a_still("photo.jpg"))
    assert names_in(source.parent) == ["photo.jpg"]


@pytest.mark.parametrize("name", ["out.mp4", "out", "out.gif"])
def test_a_name_that_says_no_format_is_told_when_it_is_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="must end in one of"):
        save(tmp_path / name, a_photo(tmp_path))


@pytest.mark.parametrize("name", ["gone/out.jpg", "folder.jpg"])
def test_a_place_that_cannot_be_written_to_is_told_when_it_is_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.jpg").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        save(tmp_path / name, a_photo(tmp_path))


def test_a_file_in_the_folders_place_is_told_when_it_is_opened(tmp_path: Path) -> None:
    source = a_photo(tmp_path / "holiday").parent
    with pytest.raises(OutputError, match="cannot be written"):
        save(a_photo(tmp_path, "out"), source)


def test_a_disk_that_refuses_is_told_and_nothing_half_written_has_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    source, target = a_photo(tmp_path), tmp_path / "out.png"
    sink = AnnotatedStillsSink(target, source=source, is_folder=source.is_dir())
    sink.open(INFO)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OutputError, match=r"out\.png cannot be written: No space left"):
        sink.write(a_still("photo.jpg"))
    sink.close()
    assert names_in(tmp_path) == ["photo.jpg"]


def test_a_picture_that_the_format_cannot_hold_is_told(tmp_path: Path) -> None:
    too_wide = replace(a_still("photo.jpg"), image=np.zeros((1, 20_000, 3), np.uint8))
    with pytest.raises(OutputError, match="cannot hold 20000x1 pixels"):
        save(tmp_path / "out.webp", a_photo(tmp_path), too_wide)
    assert names_in(tmp_path) == ["photo.jpg"]


def test_by_default_it_goes_into_the_current_folder(tmp_path: Path) -> None:
    assert default_target(tmp_path / "photo.jpg") == Path("photo-annotated.jpg")
    assert default_target(tmp_path / "scan.TIF") == Path("scan-annotated.jpg")
    assert default_target(Path("a.b.webp")) == Path("a.b-annotated.webp")
    (tmp_path / "holiday.png").mkdir()
    assert default_target(tmp_path / "holiday.png") == Path("holiday.png-annotated")
    assert default_target(tmp_path / "holiday.png" / "..") == Path(f"{tmp_path.name}-annotated")
