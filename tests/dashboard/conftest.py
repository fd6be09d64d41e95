"""A running server for the tests of the web view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "page" / "static"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>the page</title>", encoding="utf-8")
    (folder / "main.js").write_text("export {};\n", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("not served", encoding="utf-8")
    return folder


@pytest.fixture
def served(static: Path) -> Iterator[Served]:
    running = Served(static)
    yield running
    running.close()
