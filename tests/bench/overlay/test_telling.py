from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.overlay.footage import Footage
from livecam.bench.overlay.telling import FileTeller, FinderTeller, SceneTeller, teller_of
from livecam.faces import BoundingBox
from livecam.sources.demo_scene.scene import DemoScene
from tests.bench.overlay.stand_ins import TellingLocator
from tests.builders import a_face

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image
    from livecam.protocols import FaceLocator

DARK = np.zeros((36, 64, 3), np.uint8)
STRIPES = np.tile(np.array([[0], [255]], np.uint8).repeat(16, axis=0), (2, 64))[:36, :, None].repeat(
    3, axis=2
)


def a_footage(path: Path | None = None, scene: DemoScene | None = None) -> Footage:
    return Footage("a", path, 30.0, 64, 36, 2, iter(()), scene)


def a_scene() -> DemoScene:
    return DemoScene(64, 36, portrait=np.zeros((600, 512, 3), np.uint8))


def a_truth(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def no_locator(width: int) -> FaceLocator:
    raise AssertionError("nobody asked for the finder")


def test_the_file_that_is_given_is_believed_before_all_else(tmp_path: Path) -> None:
    given = a_truth(tmp_path / "given.jsonl", '{"faces": []}')

    teller = teller_of(a_footage(scene=a_scene()), given, no_locator)

    assert isinstance(teller, FileTeller)
    assert (teller.description, teller.length) == ("given.jsonl", 1)


def test_the_file_beside_the_clip_is_found(tmp_path: Path) -> None:
    a_truth(tmp_path / "a.faces.jsonl", '{"faces": []}')

    assert teller_of(a_footage(tmp_path / "a.mp4"), None, no_locator).description == "a.faces.jsonl"


def test_the_scene_knows_itself() -> None:
    teller = teller_of(a_footage(scene=a_scene()), None, no_locator)

    assert isinstance(teller, SceneTeller)
    assert teller.knows_emotions
    assert len(teller.of(30, 1.0, DARK).faces) == 1


def test_else_the_finder_stands_in_and_says_so(tmp_path: Path) -> None:
    locator = TellingLocator(a_face())
    asked: list[int] = []

    def make_locator(width: int) -> FaceLocator:
        asked.append(width)
        return locator

    teller = teller_of(a_footage(tmp_path / "a.mp4"), None, make_locator)

    assert isinstance(teller, FinderTeller)
    assert asked == [640]
    assert locator.is_warm
    assert "stand-in" in teller.description
    assert not teller.knows_emotions
    (face,) = teller.of(7, 0.2, DARK).faces
    assert (face.box, face.score) == (a_face().box, 0.99)
    assert locator.looked_at == [7]


def test_a_box_without_an_area_is_left_out(tmp_path: Path) -> None:
    nothing = TellingLocator(type(a_face())(BoundingBox(1.0, 0.2, 0.0, 0.1), 50.0))

    assert FinderTeller(nothing).of(0, 0.0, DARK).faces == ()


def cuts_of(teller: FileTeller | FinderTeller, *images: Image) -> list[bool]:
    return [teller.of(index, 0.0, image).is_cut for index, image in enumerate(images)]


def test_cuts_are_seen_where_the_file_says_nothing_of_them(tmp_path: Path) -> None:
    path = a_truth(tmp_path / "a.jsonl", *['{"faces": []}'] * 4)

    assert cuts_of(FileTeller(path), DARK, DARK, STRIPES, STRIPES) == [False, False, True, False]
    assert cuts_of(FinderTeller(TellingLocator()), DARK, STRIPES) == [False, True]


def test_a_file_that_names_cuts_is_believed(tmp_path: Path) -> None:
    path = a_truth(tmp_path / "a.jsonl", '{"faces": []}', '{"faces": [], "cut": true}', '{"faces": []}')

    assert cuts_of(FileTeller(path), DARK, DARK, STRIPES) == [False, True, False]


def test_a_file_knows_emotions_when_it_names_one(tmp_path: Path) -> None:
    plain = a_truth(tmp_path / "a.jsonl", '{"faces": [[0, 0, 0.1, 0.1]]}')
    named = a_truth(tmp_path / "b.jsonl", '{"faces": [[0, 0, 0.1, 0.1]], "emotions": ["SAD"]}')

    assert not FileTeller(plain).knows_emotions
    assert FileTeller(named).knows_emotions
