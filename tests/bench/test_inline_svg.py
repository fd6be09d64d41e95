from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from livecam.bench.inline_svg import INK, diagram, require_matplotlib
from livecam.errors import MissingDependency

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def drawn(text: str = "a text") -> str:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=INK, label=text)
        axes.set_title(text, fontweight="bold")
        axes.legend()

    return str(diagram("A title", "A caption.", draw, height=2.0).svg)


def test_ink_and_fonts_are_the_pages() -> None:
    svg = drawn()
    assert "currentColor" in svg
    assert INK not in svg
    assert "font-family" not in svg
    assert 'font-size="9"' in svg or 'font-size="10' in svg


def test_there_is_no_style_that_a_page_would_have_to_allow() -> None:
    svg = drawn()
    assert "style" not in {name for element in ET.fromstring(svg).iter() for name in element.attrib}  # noqa: S314
    assert "<style" not in svg
    assert "<metadata" not in svg


def test_every_part_that_is_used_again_is_there() -> None:
    root = ET.fromstring(drawn())  # noqa: S314  our own
    ids = {element.get("id") for element in root.iter()}
    used = {value[1:] for each in root.iter() for name, value in each.attrib.items() if name == "href"}
    assert used
    assert used <= ids


def test_texts_are_escaped_and_no_formula_is_seen_in_them() -> None:
    assert ">$a_b$ &lt;b&gt; &amp;<" in drawn("$a_b$ <b> &")


def test_the_same_diagram_is_the_same_text() -> None:
    assert drawn() == drawn()


def test_drawing_leaves_matplotlibs_settings_alone() -> None:
    import matplotlib as mpl

    before = {name: value for name, value in mpl.rcParams.items() if name != "backend"}
    drawn()
    assert {name: mpl.rcParams[name] for name in before} == before


def test_a_missing_matplotlib_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[bench\]'"):
        require_matplotlib()
