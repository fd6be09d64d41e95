"""The page in a real browser: the list of clips, their player, their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.events import ClipRecorded, ClipRemoved, ClipStarted, UploadFailed
from tests.archive.samples import OPEN
from tests.dashboard.clip_samples import Recorded
from tests.dashboard.page.stage import Stage
from tests.dashboard.page.test_panels_page import wait_for_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from livecam.clips import Clip

SAVED = {"started_at": "", "reason": "all", "duration": 1.0, "frames": 5, "size": 1, "file": ""}


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    yield Recorded(tmp_path / "clips")
    while OPEN:
        OPEN.pop().close(None).lock.release()


@pytest.fixture
def stage(recorded: Recorded) -> Iterator[Stage]:
    running = Stage(clips=recorded.shelf)
    yield running
    running.close()


@pytest.fixture
def film(recorded: Recorded) -> Clip:
    """A clip of four seconds that is there when the page comes; ask for it before `page`."""
    return recorded.film(120)


def row(page: Page, clip: str) -> Locator:
    return page.locator(f"#clips > [data-clip='{clip}']")


def choose(page: Page, clip: str) -> None:
    row(page, clip).get_by_role("button").click()


def play(page: Page, clip: Clip) -> None:
    choose(page, clip.id)
    page.wait_for_function("() => document.getElementById('clip-video').currentTime > 0")
    page.locator("#clip-video").evaluate("video => video.pause()")


def wait_for_time(page: Page, least: float, most: float) -> None:
    page.wait_for_function(
        """([least, most]) => {
          const { currentTime, seeking } = document.getElementById("clip-video");
          return !seeking && least <= currentTime && currentTime <= most;
        }""",
        arg=[least, most],
    )


def test_clips_are_listed_with_how_far_each_has_come(
    recorded: Recorded, film: Clip, stage: Stage, page: Page, said: list[str]
) -> None:
    other = recorded.film(5, reason="HAPPY >= 80 for 1 s")
    recorded.upload(other, state="waiting", problem="no network")
    stage.tell(UploadFailed(at=1.0, source="demo", clip=other.id, error="x", message="no network"))
    wait_for_text(page, f"[data-clip='{other.id}']", "because of HAPPY >= 80 for 1 s")
    wait_for_text(page, f"[data-clip='{other.id}'] [data-is-trouble]", "⚠ waits to be sent to S3: no network")
    wait_for_text(page, f"[data-clip='{film.id}']", "0:04")
    wait_for_text(page, "#clips-count", "2 clips, the newest first.")
    ids = page.eval_on_selector_all("#clips > li", "rows => rows.map(row => row.dataset.clip)")
    assert ids == [other.id, film.id]
    assert said == []


def test_a_run_without_clips_says_how_to_make_one(page: Page) -> None:
    wait_for_text(page, "#clips", "Nothing was recorded yet")


def test_a_chosen_clip_is_played_and_its_marks_seek(film: Clip, page: Page, said: list[str]) -> None:
    before = page.locator(".clips").bounding_box()
    play(page, film)
    assert page.locator("#clips [aria-current]").count() == 1
    page.get_by_role("button", name="0:02.0 <b>again</b>").click()
    wait_for_time(page, 1.99, 2.05)
    after = page.locator(".clips").bounding_box()
    assert before
    assert after
    assert (before["width"], before["height"]) == (after["width"], after["height"])
    assert said == []


def test_pressing_the_clip_that_plays_pauses_it(film: Clip, page: Page) -> None:
    choose(page, film.id)
    page.wait_for_function("() => document.getElementById('clip-video').currentTime > 0")
    choose(page, film.id)
    page.wait_for_function("() => document.getElementById('clip-video').paused")


def test_speed_and_frames_are_steered_by_keys(film: Clip, page: Page, stage: Stage) -> None:
    play(page, film)
    page.get_by_role("button", name="0:01.0 the door").click()
    wait_for_time(page, 0.99, 1.01)
    page.keyboard.press(".")
    wait_for_time(page, 1.02, 1.05)
    page.keyboard.press(",")
    wait_for_time(page, 0.99, 1.01)
    page.keyboard.press("ArrowRight")
    wait_for_time(page, 3.9, 4.1)
    page.keyboard.press("ArrowLeft")
    wait_for_time(page, 0.0, 0.01)
    page.keyboard.press("]")
    assert page.locator("#clip-video").evaluate("video => video.playbackRate") == 2
    page.get_by_label("Speed").select_option("0.5")
    assert page.locator("#clip-video").evaluate("video => video.playbackRate") == 0.5
    page.get_by_label("Speed").press("p")  # chooses there, and pauses no sending
    assert stage.asked == []


def test_a_clip_that_is_being_recorded_says_so_and_plays_once_it_is_finished(
    recorded: Recorded, stage: Stage, page: Page
) -> None:
    writer = recorded.begin()
    stage.tell(ClipStarted(at=1.0, source="demo", clip=writer.id, file="", reason="all", pre_roll=0.0))
    wait_for_text(page, f"[data-clip='{writer.id}']", "being recorded")
    choose(page, writer.id)
    wait_for_text(page, "#clip-empty", "still being recorded: it can be played once it is finished")
    recorded.finish(writer)
    stage.tell(ClipRecorded(at=2.0, source="demo", clip=writer.id, **SAVED))  # type: ignore[arg-type]
    page.wait_for_function("() => document.getElementById('clip-video').readyState > 0")


def test_a_clip_that_is_deleted_leaves_the_list(
    recorded: Recorded, film: Clip, stage: Stage, page: Page
) -> None:
    row(page, film.id).wait_for()
    recorded.archive.ledger.forget(film.id)
    stage.tell(ClipRemoved(at=1.0, source="demo", clip=film.id, reason="older than 1 day"))
    row(page, film.id).wait_for(state="detached")


def test_a_video_that_cannot_be_had_is_told_in_the_servers_sentence(film: Clip, page: Page) -> None:
    row(page, film.id).wait_for()
    film.file.unlink()
    choose(page, film.id)
    wait_for_text(page, "#clip-empty", "the video of this clip is not on this machine")


def test_a_list_that_is_refreshed_keeps_the_focus(
    recorded: Recorded, film: Clip, stage: Stage, page: Page
) -> None:
    row(page, film.id).get_by_role("button").focus()
    other = recorded.film(5)
    stage.tell(ClipRecorded(at=2.0, source="demo", clip=other.id, **SAVED))  # type: ignore[arg-type]
    row(page, other.id).wait_for()
    focused = page.evaluate("document.activeElement.closest('li').dataset.clip")
    assert focused == film.id


def test_a_ledger_that_cannot_be_read_is_told(recorded: Recorded, stage: Stage, page: Page) -> None:
    wait_for_text(page, "#clips", "Nothing was recorded yet")
    path = recorded.archive.ledger.path
    path.mkdir(parents=True)
    stage.tell(ClipRemoved(at=1.0, source="demo", clip="a", reason="old"))
    wait_for_text(page, "#clips-count", "The ledger of clips cannot be kept")


def test_a_report_opens_and_only_its_own_script_runs(film: Clip, page: Page, said: list[str]) -> None:
    link = row(page, film.id).get_by_role("link", name="Report on the clip")
    with page.context.expect_page() as opening:
        link.click()
    report = opening.value
    report.on("console", lambda message: said.append(message.text))
    report.locator("#controls").wait_for()  # shown by its script
    report.wait_for_function("() => document.getElementById('video').readyState > 0")
    assert said == []
    injected = """() => {
      const script = document.createElement("script");
      script.textContent = "window.isInjected = true";
      document.body.append(script);
      return Boolean(window.isInjected);
    }"""
    assert report.evaluate(injected) is False
    assert "violates" in said[0]


def test_what_others_wrote_is_text_in_the_list(recorded: Recorded, stage: Stage, page: Page) -> None:
    clip = recorded.film(5, reason="<img src=x onerror=alert(1)>")
    stage.tell(ClipRecorded(at=2.0, source="demo", clip=clip.id, **SAVED))  # type: ignore[arg-type]
    wait_for_text(page, f"[data-clip='{clip.id}']", "<img src=x")
    assert page.locator("#clips img").count() == 0


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_long_texts_are_not_wider_than_the_screen(
    recorded: Recorded, film: Clip, stage: Stage, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    recorded.upload(film, state="waiting", problem="x" * 300)
    clip = recorded.film(5, reason="y" * 300, marks={1: "z" * 200})
    stage.tell(ClipRecorded(at=2.0, source="demo", clip=clip.id, **SAVED))  # type: ignore[arg-type]
    choose(page, clip.id)
    wait_for_text(page, "#clip-marks", "zzz")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
