"""`--view web` by the real command, watched and steered by a real browser."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")
pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import sync_playwright

from tests import command_line
from tests.dashboard.page.stage import ARGUMENTS, CHROMIUM
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

POLLS = 600
IS_DRAWN = "window.livecam.drawn?.seq > 5 && window.livecam.drawn.faces.length > 0"


@pytest.fixture
def browser() -> Iterator[Browser]:
    skip_unless(CHROMIUM.is_file(), f"there is no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))


@contextlib.contextmanager
def running(folder: Path, models: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yield its process and the address that it printed."""
    command = [sys.executable, "-m", "livecam", "run", "demo", "--detector", "on-device", "--view", "web"]
    environment = command_line.environment(folder) | {"LIVECAM_MODELS": str(models)}
    errors = folder / "errors.txt"
    with (
        errors.open("w") as file,
        subprocess.Popen(
            [*command, "--no-open", *options], cwd=folder, env=environment, stderr=file, text=True
        ) as process,
    ):
        try:
            yield process, command_line.page_address(errors, process)
        finally:
            process.kill()


def until(page: Page, expression: str, wanted: object = True) -> None:  # noqa: FBT002  what JavaScript says
    """Wait for what an expression says; the page's policy forbids Playwright's own way."""
    for _ in range(POLLS):
        if page.evaluate(expression) == wanted:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{expression} never became {wanted!r}, it is {page.evaluate(expression)!r}")


def opened(browser: Browser, address: str) -> Any:  # noqa: ANN401  Playwright's own
    page = browser.new_context().new_page()
    page.goto(address)
    return page


def test_two_browsers_watch_a_run_and_one_ends_it(browser: Browser, tmp_path: Path, models: Path) -> None:
    with running(tmp_path, models, "--port", "0") as (process, address):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address.partition("?")[0])  # noqa: S310  this machine
        pages = [opened(browser, address) for _ in range(2)]
        for page in pages:
            until(page, IS_DRAWN)
            assert "t=" not in page.url
        pages[0].get_by_role("button", name="Pause sending").click()
        until(pages[1], "window.livecam.panel?.controls.pause_sending.value")
        pages[1].evaluate(
            "fetch('api/controls/stop', {method: 'POST', body: '{\"value\": null}',"
            " headers: {'Content-Type': 'application/json'}})"
        )
        until(pages[0], "window.livecam.isConnected", wanted=False)
        assert process.wait(30) == 0


def test_an_open_page_goes_on_when_a_run_that_was_killed_is_started_again(
    browser: Browser, tmp_path: Path, models: Path
) -> None:
    with running(tmp_path, models, "--port", "0") as (_, address):
        page = opened(browser, address)
        until(page, IS_DRAWN)
    until(page, "window.livecam.isConnected", wanted=False)
    page.evaluate("window.livecam.drawn = null")
    port = re.search(r":(\d+)/", address)
    assert port
    with running(tmp_path, models, "--port", port[1]) as (_, anew):
        assert anew != address
        until(page, IS_DRAWN)
        page.get_by_text("All is well.").wait_for()
