from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest

from livecam.bench.html_page import _signed, milliseconds, render_page, write_page_file
from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {
    "title": "<i>", "summary": "", "first": "a", "second": "b", "circumstances": (), "pairs": (),
    "level": "95", "diagrams": [], "missing": [],
}  # fmt: skip


def test_the_policy_allows_the_pages_own_style_sheet_and_nothing_else() -> None:
    page = render_page("comparison.html.j2", **VALUES)
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.replace("&#39;", "'").replace("&#43;", "+")


def test_values_are_escaped() -> None:
    assert "<h1>&lt;i&gt;</h1>" in render_page("comparison.html.j2", **VALUES)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.3412, "341"), (0.00996, "10"), (0.0082, "8.2"), (0.0, "0.0"), (12.3456, "12,346")],
)
def test_durations_are_told_in_milliseconds_with_as_many_digits_as_matter(seconds: float, text: str) -> None:
    assert milliseconds(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-0.02, "-20"), (0.0031, "+3.1"), (-0.00001, "0"), (2.5, "+2,500")]
)
def test_differences_have_a_sign_unless_they_are_nothing(seconds: float, text: str) -> None:
    assert _signed(seconds) == text


def test_a_page_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "page.html"
    folder.mkdir()
    (folder / "kept").touch()
    with pytest.raises(OutputError, match=r"page\.html cannot be written: .*; name another file"):
        write_page_file(folder, "x")
    assert (folder / "kept").exists()
