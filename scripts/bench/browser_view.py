"""The view in a browser: pictures per second, capture to canvas, the server's CPU; beside a plain MJPEG page.

Run as `.venv/bin/python scripts/bench/browser_view.py [--seconds S] [CLIP]`, and nothing beside it: five
minutes. The clip is repeated with each picture's number drawn on it; Chromium runs on the same machine and
without a GPU, and so costs both more than a viewer elsewhere would. Prints Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from playwright.sync_api import sync_playwright
from slow_link import slow_link

from livecam import __version__
from livecam.clock import SystemClock
from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
CLIP = ROOT.parent / "shared" / "media" / "multi_children.mp4"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
BITS, FIELD = 12, 16
"""Fields of a picture's number along its upper edge, and their side in pixels."""
WARM_UP = 4.0
"""Seconds that are not measured."""
SPARE = 60.0
"""Seconds that opening pages may take."""
SLOW = 8e6
"""Bits per second."""
BUSY = 80
"""Milliseconds that a slow page takes for each picture."""
TICKS = os.sysconf("SC_CLK_TCK")
# What livecam's page says that it drew, each time it does.
WATCH = """(busy) => {
  window.samples = [];
  let drawn = null;
  Object.defineProperty(window.livecam, "drawn", {
    get: () => drawn,
    set: (value) => {
      const now = performance.timeOrigin + performance.now();
      if (value && value.seq !== drawn?.seq) window.samples.push([value.captured_at, now]);
      drawn = value;
      const end = performance.now() + busy;
      while (performance.now() < end);
    },
  });
}"""
# What can be read on the picture of any page.
READ = """([bits, field]) => {
  window.samples = [];
  const picture = document.getElementById("picture");
  const canvas = new OffscreenCanvas(bits * field, field);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let last = -1;
  const look = () => {
    if (picture.naturalWidth) {
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, field / 2, bits * field, 1);
      let number = 0;
      for (let bit = 0; bit < bits; bit++) number |= (data[4 * (bit * field + field / 2)] > 127) << bit;
      if (number !== last) window.samples.push([number, performance.timeOrigin + performance.now()]);
      last = number;
    }
    requestAnimationFrame(look);
  };
  look();
}"""


@dataclass(frozen=True)
class Seen:
    """What one page drew: when each picture was captured and drawn, in seconds of the wall clock."""

    captured: np.ndarray[Any, Any]
    drawn: np.ndarray[Any, Any]

    def row(self) -> tuple[str, str, str]:
        """Return pictures per second and the median and 95th percentile of capture to canvas."""
        is_counted = self.drawn > self.drawn[:1] + WARM_UP
        drawn, behind = self.drawn[is_counted], (self.drawn - self.captured)[is_counted]
        if len(drawn) < 2:  # noqa: PLR2004  a rate needs two
            return "0", "-", "-"
        p50, p95 = np.percentile(behind, [50, 95]) * 1000
        return f"{(len(drawn) - 1) / (drawn[-1] - drawn[0]):.1f}", f"{p50:.0f} ms", f"{p95:.0f} ms"


def main() -> None:
    """Print a row for each situation."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clip", nargs="?", type=Path, default=CLIP)
    parser.add_argument("--seconds", type=float, default=24.0, help="watched in each situation (default: 24)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder, seconds = Path(name), options.seconds
        clip = folder / "numbered.mp4"
        numbered(options.clip, clip, seconds + SPARE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        print(f"{options.clip.name}; livecam {__version__}, {browser.version}, {platform.machine()}\n")
        print("| | pictures/s | capture to canvas p50 | p95 | server's CPU |\n|---|---|---|---|---|")
        for row in rows(browser, clip, folder, seconds):
            print(f"| {' | '.join(row)} |", flush=True)


def rows(browser: Browser, clip: Path, folder: Path, seconds: float) -> Iterator[tuple[str, ...]]:
    """Yield the table's rows."""
    with livecam(clip, folder, "none") as (process, _):
        yield ("livecam without a view", "", "", "", cpu(process, seconds))
    yield from livecam_rows(browser, clip, folder, seconds)
    for title, bits in (("MJPEG page, one viewer", None), ("MJPEG page, 8 Mbit/s", SLOW)):
        with mjpeg(clip, folder) as (process, port, captured), link(port, bits) as reached:
            page = opened(browser, f"http://127.0.0.1:{reached}/")
            page.evaluate(READ, [BITS, FIELD])
            used = cpu(process, seconds, page)
            seen = by_number(page, captured)
            page.context.close()
        yield (title, *seen.row(), used)


def livecam_rows(browser: Browser, clip: Path, folder: Path, seconds: float) -> Iterator[tuple[str, ...]]:
    """Yield the rows of livecam's own page."""
    with livecam(clip, folder, "web") as (process, address):
        page = watched(browser, address)
        used = cpu(process, seconds, page)
        yield ("livecam, one viewer", *seen_by(page).row(), used)
        page.context.close()
    with livecam(clip, folder, "web") as (process, address):
        pages = [watched(browser, address) for _ in range(4)]
        used = cpu(process, seconds, pages[0])
        yield ("livecam, one of four viewers", *seen_by(pages[0]).row(), used)
        for page in pages:
            page.context.close()
    with livecam(clip, folder, "web") as (process, address):
        port = int(re.search(r":(\d+)/", address)[1])  # type: ignore[index]
        with link(port, SLOW) as slow:
            page = watched(browser, address.replace(f":{port}/", f":{slow}/"))
            used = cpu(process, seconds, page)
            yield ("livecam, 8 Mbit/s", *seen_by(page).row(), used)
            page.context.close()
    with livecam(clip, folder, "web") as (process, address):
        quick, busy = watched(browser, address), watched(browser, address, busy=BUSY)
        used = cpu(process, seconds, quick)
        yield (f"livecam, a page that takes {BUSY} ms a picture", *seen_by(busy).row(), used)
        yield ("livecam, another page beside it", *seen_by(quick).row(), "")
        for page in (quick, busy):
            page.context.close()


def numbered(source: Path, target: Path, seconds: float) -> None:
    """Write the clip, repeated, with each picture's number on it."""
    capture = cv2.VideoCapture(str(source))
    fps, size = capture.get(cv2.CAP_PROP_FPS), (int(capture.get(3)), int(capture.get(4)))
    writer = cv2.VideoWriter(str(target), cv2.VideoWriter_fourcc(*"mp4v"), fps, size)  # type: ignore[attr-defined]
    for number in range(min(round(seconds * fps), 2**BITS)):
        ok, image = capture.read()
        if not ok:
            capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            _, image = capture.read()
        stamp(image, number)
        writer.write(image)
    writer.release()


def stamp(image: Any, number: int) -> None:  # noqa: ANN401  pixels
    """Draw a number on a picture."""
    for bit in range(BITS):
        image[:FIELD, bit * FIELD : (bit + 1) * FIELD] = 255 if number >> bit & 1 else 0


@contextlib.contextmanager
def livecam(clip: Path, folder: Path, view: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run livecam; yield its process and the page's address."""
    errors = folder / "errors.txt"
    command = [sys.executable, "-m", "livecam", "run", str(clip), "--detector", "none", "--view", view]
    private = {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    with (
        errors.open("w") as file,
        subprocess.Popen(  # noqa: S603  our own
            [*command, "--port", "0", "--no-open"], stderr=file, cwd=folder, env=os.environ | private
        ) as process,
    ):
        try:
            while view == "web" and not (found := re.search(r"http://\S+\?t=\S+", errors.read_text())):
                pause(0.05)
            yield process, found[0] if view == "web" and found else ""
        finally:
            process.kill()


@contextlib.contextmanager
def mjpeg(clip: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """Run the plain page; yield its process, its port and the file of when pictures were captured."""
    captured, port = folder / "captured.jsonl", 8699
    script = ROOT / "scripts" / "peers" / "mjpeg_page.py"
    command = [sys.executable, str(script), str(clip), str(port), str(captured)]
    with subprocess.Popen(command) as process:  # noqa: S603  our own
        pause(2.0)
        try:
            yield process, port, captured
        finally:
            process.kill()


@contextlib.contextmanager
def link(port: int, bits: float | None) -> Iterator[int]:
    """Yield a port through which another one is reached, slowly unless `bits` is None."""
    with contextlib.ExitStack() as stack:
        yield port if bits is None else stack.enter_context(slow_link(port, bits))


def opened(browser: Browser, address: str) -> Page:
    """Return a page of its own, open at an address."""
    page = browser.new_context(viewport={"width": 1360, "height": 900}).new_page()
    page.goto(address, wait_until="commit")
    return page


def watched(browser: Browser, address: str, *, busy: int = 0) -> Page:
    """Return livecam's page, noting what it draws."""
    page = opened(browser, address)
    while not page.evaluate("Boolean(window.livecam?.drawn)"):
        page.wait_for_timeout(50)
    page.evaluate(WATCH, busy)
    return page


def seen_by(page: Page) -> Seen:
    """Return what livecam's page drew."""
    samples = np.array(page.evaluate("window.samples"), float).reshape(-1, 2)
    return Seen(samples[:, 0] + offset(), samples[:, 1] / 1000)


def by_number(page: Page, captured: Path) -> Seen:
    """Return what a page showed whose pictures have numbers only."""
    lines = (json.loads(line) for line in captured.read_text().splitlines())
    at = {line["frame"]: line["captured_at"] for line in lines}
    pairs = [(at[int(number)], drawn) for number, drawn in page.evaluate("window.samples") if number in at]
    samples = np.array(pairs, float).reshape(-1, 2)
    return Seen(samples[:, 0] + offset(), samples[:, 1] / 1000)


def offset() -> float:
    """Return what has to be added to the monotonic clock to get the wall clock, in seconds."""
    return time.time() - time.monotonic()  # noqa: TID251  two clocks are compared


def cpu(process: subprocess.Popen[bytes], seconds: float, page: Page | None = None) -> str:
    """Watch for so long; return what share of one core the process used."""
    began, used = SystemClock().now(), cpu_seconds(process.pid)
    if page is None:
        pause(WARM_UP)
        began, used = SystemClock().now(), cpu_seconds(process.pid)
        pause(seconds)
    else:
        page.wait_for_timeout(seconds * 1000)
    return f"{(cpu_seconds(process.pid) - used) / (SystemClock().now() - began):.0%}"


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)  # noqa: TID251  a benchmark keeps real time


if __name__ == "__main__":
    main()
