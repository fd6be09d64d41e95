"""`--view web` by the real command, watched and steered by a real browser."""

from __future__ import annotations

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
    from pathlib import Path

    from playwright.sync_api import Page

POLLS = 300


def until(page: Page, expression: str, wanted: object) -> None:
    """Wait for what an expression says; the page's policy forbids Playwright's own way."""
    for _ in range(POLLS):
        if page.evaluate(expression) == wanted:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{expression} never became {wanted!r}, it is {page.evaluate(expression)!r}")


def test_two_browsers_watch_a_run_and_one_ends_it(tmp_path: Path, models: Path) -> None:
    skip_unless(CHROMIUM.is_file(), f"there is no browser at {CHROMIUM}")
    command = [sys.executable, "-m", "livecam", "run", "demo", "--detector", "on-device", "--view", "web"]
    environment = command_line.environment(tmp_path) | {"LIVECAM_MODELS": str(models)}
    with subprocess.Popen(
        [*command, "--port", "0", "--no-open"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            address = address_in(process)
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(address.partition("?")[0])  # noqa: S310  this machine
            watch_and_end(address)
            assert process.wait(30) == 0
        finally:
            process.kill()


def address_in(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for line in process.stderr:
        if found := re.match(r"http://\S+\?t=\S+", line):
            return found[0]
    pytest.fail("no address was told")


def watch_and_end(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        pages: list[Any] = [browser.new_context().new_page() for _ in range(2)]
        for page in pages:
            page.goto(address)
            assert "t=" not in page.url
            until(page, "window.livecam.drawn.seq > 5 && window.livecam.drawn.faces.length > 0", wanted=True)
        pages[0].get_by_role("button", name="Pause sending").click()
        until(pages[1], "window.livecam.panel.controls.pause_sending.value", wanted=True)
        pages[1].on("dialog", lambda dialog: dialog.accept())
        pages[1].evaluate(
            "fetch('api/controls/stop', {method: 'POST', body: '{\"value\": null}',"
            " headers: {'Content-Type': 'application/json'}})"
        )
        until(pages[0], "window.livecam.isConnected", wanted=False)
        browser.close()
