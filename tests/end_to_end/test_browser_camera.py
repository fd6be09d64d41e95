"""`livecam run browser` by the real command: a real browser lends a camera that shows a film of a face."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")
pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import sync_playwright

from livecam.native import cv2
from tests import command_line
from tests.dashboard.page.stage import ARGUMENTS, CHROMIUM
from tests.end_to_end.test_browser_view import until
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PICTURES = 90
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
RECORD = """
(isOn) => fetch("api/controls/record", {
  method: "POST", body: JSON.stringify({ value: isOn }), headers: { "Content-Type": "application/json" },
})
"""


@pytest.fixture
def browser(media: Path, tmp_path: Path) -> Iterator[Browser]:
    skip_unless(CHROMIUM.is_file(), f"there is no browser at {CHROMIUM}")
    film = as_camera(media / "webcam_single.mp4", tmp_path / "camera.mjpeg")
    arguments = [*ARGUMENTS, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}"]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)


def as_camera(video: Path, target: Path) -> Path:
    """Write a video's first pictures as the browser's made up camera reads them."""
    capture = cv2.VideoCapture(str(video))
    with target.open("wb") as file:
        for _ in range(PICTURES):
            is_whole, image = capture.read()
            assert is_whole
            file.write(cv2.imencode(".jpg", cv2.resize(image, (1280, 720)))[1].tobytes())
    capture.release()
    return target


@contextlib.contextmanager
def running(folder: Path, models: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yield its process and the address that it printed."""
    command = [sys.executable, "-m", "livecam", "run", "browser", "--detector", "on-device", "--port", "0"]
    options = ["--no-open", "--json", "--events", "events.jsonl", "--clip-dir", "clips"]
    environment = command_line.environment(folder) | {"LIVECAM_MODELS": str(models)}
    errors = folder / "errors.txt"
    with (
        errors.open("w") as file,
        subprocess.Popen(
            [*command, *options], cwd=folder, env=environment, stderr=file, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            yield process, command_line.page_address(errors, process)
        finally:
            process.kill()


def events_of(folder: Path, kind: str) -> list[dict[str, Any]]:
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    return [event for event in map(json.loads, lines) if event["type"] == kind]


def test_a_lent_camera_is_watched_recorded_and_given_back(
    browser: Browser, tmp_path: Path, models: Path
) -> None:
    with running(tmp_path, models) as (process, address):
        page = browser.new_page()
        page.goto(address)
        trouble = page.locator("#trouble-text")
        trouble.filter(has_text='press "Use this camera"').wait_for()
        page.get_by_role("button", name="Use this camera").click()
        until(page, "window.livecam.panel?.faces.length === 1")
        trouble.filter(has_text="All is well.").wait_for()
        page.evaluate(RECORD, True)
        until(page, "window.livecam.panel.recording.seconds > 1")
        page.evaluate(RECORD, False)
        page.get_by_role("button", name="Stop the camera").click()
        trouble.filter(has_text="the page that lent its camera has gone").wait_for()
        process.terminate()
        summary = json.loads(process.communicate(timeout=60)[0])
    assert summary["source"]["name"].startswith("a browser's camera")
    assert [clip["state"] for clip in summary["clips"]] == ["recorded"]
    assert [event["trouble"] for event in events_of(tmp_path, "source_troubled")] == ["lost", "lost"]
    assert len(events_of(tmp_path, "source_recovered")) == 1
    (opened,) = events_of(tmp_path, "source_opened")
    assert (opened["source"], opened["width"], opened["height"]) == ("browser", 960, 540)
