"""A real browser before the real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")
pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import sync_playwright

from tests.dashboard.page.stage import ARGUMENTS, CHROMIUM, Stage
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page


@pytest.fixture(scope="module")  # its event loop must end before tests that have their own
def browser() -> Iterator[Browser]:
    skip_unless(CHROMIUM.is_file(), f"there is no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    running = Stage()
    yield running
    running.close()


@pytest.fixture
def said() -> list[str]:
    """What the browser complained about; a page of ours gives no reason to."""
    return []


@pytest.fixture
def page(browser: Browser, stage: Stage, said: list[str]) -> Iterator[Page]:
    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    opened = context.new_page()
    opened.on("console", note)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(stage.address)
    yield opened
    context.close()
