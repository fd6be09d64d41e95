from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import MissingDependency, SourceUnavailable
from livecam.sources.demo_scene import DEMO_NOTICE
from livecam.sources.demo_scene.portrait import (
    FACE_BOX,
    FIGURE_HEIGHT,
    HEIGHT,
    WIDTH,
    figure_alpha,
    figure_pixels,
    find_portrait,
    read_portrait,
)

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image


def test_the_portrait_is_the_pinned_photo(portrait: Image) -> None:
    assert portrait.shape == (HEIGHT, WIDTH, 3)
    assert portrait.dtype == np.uint8


def test_loading_the_portrait_does_not_import_matplotlib() -> None:
    portrait = "livecam.sources.demo_scene.portrait"
    code = f"import sys, {portrait} as it; it.load_portrait(); print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("package", ["no_such_package_as_this", "json", "colorsys"])
def test_a_missing_portrait_is_told_as_its_install_line(package: str) -> None:
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[demo\]'") as raised:
        find_portrait(package)
    assert "\n" not in str(raised.value)


def test_a_damaged_portrait_is_refused(tmp_path: Path, portrait: Image) -> None:
    damaged = tmp_path / "grace_hopper.jpg"
    damaged.write_bytes(find_portrait().read_bytes() + b"\0")
    with pytest.raises(SourceUnavailable, match="SHA-256 differs"):
        read_portrait(damaged)


def test_an_unreadable_portrait_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="No such file"):
        read_portrait(tmp_path / "absent.jpg")


def test_the_face_is_wholly_part_of_the_figure() -> None:
    left, top, width, height = FACE_BOX
    face = figure_alpha()[round(top) : round(top + height * 0.7), round(left) + 8 : round(left + width) - 8]
    assert face.min() == 255


def test_the_photos_own_background_is_cut_away() -> None:
    alpha = figure_alpha()
    assert alpha[:300, :130].max() == 0
    assert alpha[:300, 395:].max() == 0


def test_the_figure_has_soft_edges_and_no_hard_border() -> None:
    alpha = figure_alpha()
    assert alpha[:, 0].max() < 40
    assert alpha[:, -1].max() < 40
    assert np.any((alpha > 60) & (alpha < 200))


def test_the_coat_goes_on_below_the_photo(portrait: Image) -> None:
    pixels = figure_pixels(portrait)
    assert pixels.shape == (FIGURE_HEIGHT, WIDTH, 3)
    assert np.array_equal(pixels[:HEIGHT], portrait)
    cloth = pixels[HEIGHT:][figure_alpha()[HEIGHT:] > 127]
    assert cloth.max() < 100  # dark cloth, no streak of ribbon or button


def test_the_notice_says_what_is_real_and_what_is_not() -> None:
    assert "public domain" in DEMO_NOTICE
    assert "synthetic" in DEMO_NOTICE
