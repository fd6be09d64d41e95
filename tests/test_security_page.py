"""docs/security.md names files and tests: each is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs/security.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED)))
def test_what_the_page_names_is_there(file: str, test: str) -> None:
    places = [
        path for path in (ROOT / "livecam" / file, ROOT / "tests" / file, ROOT / file) if path.is_file()
    ]
    assert places, f"there is no {file}"
    assert not test or any(f"def {test}(" in path.read_text(encoding="utf-8") for path in places)
