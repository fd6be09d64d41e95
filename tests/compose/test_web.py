from __future__ import annotations

import json
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from livecam.compose import Parts, compose
from livecam.config import load_settings
from livecam.errors import MissingDependency
from livecam.testing.list_source import ListSource
from tests.builders import a_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

WEB = {"source": "demo", "detector": "none", "finder": "off", "view": "web", "port": 0}


async def test_a_run_is_shown_and_steered_by_who_has_its_address() -> None:
    found: dict[str, object] = {}

    def visit(lines: Sequence[str]) -> None:
        address, _, token = lines[0].partition("?t=")
        headers = {"Authorization": f"Bearer {token}"}
        asked = urllib.request.Request(f"{address}api/controls", headers=headers)  # noqa: S310  this machine
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            found.update(json.load(answer))

    source = ListSource([a_frame(number) for number in range(3)])
    run = compose(load_settings(WEB), Parts(source=source, is_quiet=True, announce=visit))
    try:
        assert await run.runner.run() == "end of file"
    finally:
        run.close()
    assert {"pause_sending", "mode", "record", "snapshot", "mark", "stop"} <= found.keys()


async def test_a_pages_camera_is_the_source_of_a_run_that_shows_the_page() -> None:
    found: dict[str, object] = {}

    def visit(lines: Sequence[str]) -> None:
        address, _, token = lines[0].partition("?t=")
        headers = {"Authorization": f"Bearer {token}"}
        asked = urllib.request.Request(f"{address}api/camera", headers=headers)  # noqa: S310  this machine
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            found.update(json.load(answer))
        run.runner.stop("seen")

    run = compose(load_settings(WEB | {"source": "browser"}), Parts(is_quiet=True, announce=visit))
    try:
        assert await run.runner.run() == "seen"
    finally:
        run.close()
    assert found["is_source"] is True


def test_the_extra_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("livecam.dashboard")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[web\]'"):
        compose(load_settings(WEB))
