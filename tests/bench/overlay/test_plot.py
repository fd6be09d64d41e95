from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.plot import require_matplotlib, save_plot
from livecam.errors import MissingDependency, OutputError
from livecam.native import cv2
from tests.bench.overlay.samples import a_result

if TYPE_CHECKING:
    from pathlib import Path


def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)


def test_a_picture_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    save_plot(a_result(), tmp_path / "walk.png")
    image = cv2.imread(str(tmp_path / "walk.png"))
    assert image is not None
    assert image.shape[0] > 300
    assert image.std() > 0


@pytest.mark.parametrize("name", [r"$\x$", "表情", "[red]"])
def test_any_clips_name_can_be_written(name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    save_plot(a_result(name), tmp_path / "walk.png")
    assert (tmp_path / "walk.png").stat().st_size > 0


def test_without_matplotlib_one_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without_matplotlib(monkeypatch)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[bench\]'"):
        require_matplotlib()


def test_a_folder_that_is_not_there_is_an_output_error(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(OutputError, match="cannot be written"):
        save_plot(a_result(), tmp_path / "nowhere" / "walk.png")
