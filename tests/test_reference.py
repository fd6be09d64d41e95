"""The API reference is built from the docstrings without a warning, and says what matters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import livecam

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "reference.py"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    result = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT, folder], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return folder


def test_every_public_name_is_in_it(reference: Path) -> None:
    page = (reference / "livecam.html").read_text(encoding="utf-8")
    missing = [name for name in livecam.__all__ if f'id="{name}"' not in page and name != "__version__"]
    assert missing == []


def test_it_tells_shapes_units_and_errors(reference: Path) -> None:
    page = (reference / "livecam.html").read_text(encoding="utf-8")
    for words in ("height, width, 3", "SourceUnavailable", "monotonic", "0..100"):
        assert words in page
    assert "FrameDropped" in (reference / "livecam" / "events.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(livecam.__all__) - {"__version__"}))
def test_every_public_name_has_a_docstring(name: str) -> None:
    assert getattr(livecam, name).__doc__
