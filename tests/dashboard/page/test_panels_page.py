"""The page in a real browser: panels, controls, keys and how it looks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.events import DetectionFailed
from livecam.faces import Emotion
from tests.dashboard.page.stage import CALM_RUN, Stage, a_face, in_trouble

if TYPE_CHECKING:
    from playwright.sync_api import Page

EIGHT = tuple(a_face(number, Emotion.CALM, left=number / 10) for number in range(1, 9))


def wait_for_text(page: Page, place: str, text: str) -> None:
    page.locator(place, has_text=text).wait_for()


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("p", ("pause_sending", True)),
        ("a", ("mode", "aligned")),
        ("r", ("record", True)),
        ("s", ("snapshot", None)),
    ],
)
def test_keys_steer_the_run(page: Page, stage: Stage, key: str, wanted: tuple[str, object]) -> None:
    wait_for_text(page, "#source", "demo scene")
    with page.expect_response("**/api/controls/*"):
        page.keyboard.press(key)
    assert stage.asked == [wanted]


def test_what_holds_is_seen_on_the_buttons_whoever_changed_it(page: Page, stage: Stage) -> None:
    stage.holds["record"] = True
    page.get_by_role("button", name="Record", pressed=True).click()
    page.get_by_role("button", name="Record", pressed=False).wait_for()
    assert stage.asked == [("record", False)]


def test_a_moment_is_marked_and_keys_typed_for_it_steer_nothing(page: Page, stage: Stage) -> None:
    wait_for_text(page, "#source", "demo scene")
    page.get_by_label("Note for this moment").press_sequentially("a prank")
    page.keyboard.press("Enter")
    wait_for_text(page, "#answer", "Marked: a prank")
    assert stage.asked == [("mark", "a prank")]


def test_a_refusal_is_told_in_the_servers_sentence(page: Page, stage: Stage) -> None:
    stage.refusal = "snapshot cannot be used yet: no picture has come"
    page.get_by_role("button", name="Snapshot").click()
    wait_for_text(page, "#answer[data-is-error]", stage.refusal)


def test_what_is_not_possible_in_this_run_is_told_and_not_asked(page: Page, stage: Stage) -> None:
    stage.obstacles["record"] = "pictures of stills are not recorded"
    page.locator("[data-control=record][data-has-obstacle]").click()
    wait_for_text(page, "#answer", "pictures of stills are not recorded")
    assert stage.asked == []


def test_the_run_ends_only_once_that_is_confirmed(page: Page, stage: Stage) -> None:
    page.get_by_role("button", name="End the run…").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="End the run…").click()
    page.get_by_role("button", name="End the run", exact=True).click()
    wait_for_text(page, "#answer", "The run is ending.")
    assert stage.asked == [("stop", None)]


def test_keys_can_be_switched_off(page: Page, stage: Stage) -> None:
    page.keyboard.press("h")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("p")
    page.keyboard.press("b")
    assert not page.get_by_label("All emotions").is_checked()
    assert stage.asked == []


def test_panels_tell_figures_costs_faces_and_events(page: Page, stage: Stage, said: list[str]) -> None:
    stage.status = replace(CALM_RUN, dropped=15, cost_usd=0.18, cost_per_hour=5.04, budget_usd=0.82)
    stage.counts = {"dropped": {"output busy": 15}, "failed": {}}
    at = stage.clock.now()
    stage.tell(
        DetectionFailed(
            at=at, source="demo", frame=1, detector="cloud", error="Throttling", message="too many"
        )
    )
    stage.answer(0.3)
    stage.show(1, a_face(4, Emotion.SURPRISED))
    for place, text in {
        "#p50": "310 ms",
        "#p95": "480 ms",
        "#now": "15 (15 output busy)",
        "#cost": "$5.04",
        "#split-legend": "service 210 ms",
        "#faces": "#4 appears surprised 87 %",
        "#events": "cloud: too many",
    }.items():
        wait_for_text(page, place, text)
    assert said == []


def test_trouble_is_told_and_moves_nothing(page: Page, stage: Stage) -> None:
    stage.show(1)
    wait_for_text(page, "#source", "demo scene")
    before = page.locator("#stage").bounding_box()
    stage.status = in_trouble("The camera was unplugged: plug it in again.")
    wait_for_text(page, "#trouble[data-is-on]", "The camera was unplugged")
    assert page.locator("#stage").bounding_box() == before


def test_what_the_server_says_is_text_and_never_markup(page: Page, stage: Stage, said: list[str]) -> None:
    stage.status = replace(CALM_RUN, source="<img src=x onerror=alert(1)>")
    wait_for_text(page, "#source", "<img src=x")
    assert page.locator("#source img").count() == 0
    assert said == []


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_wider_than_the_screen(page: Page, stage: Stage, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    stage.counts = {"dropped": {"picture path busy": 12345}, "failed": {"ThrottlingException": 99}}
    stage.show(1, *EIGHT)
    wait_for_text(page, "#faces", "#8")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_that_can_be_used_is_reached_by_tab_and_has_a_name(page: Page) -> None:
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, input")]
          .filter((each) => !(each.textContent.trim() || each.labels?.length)).length"""
    )
    assert unnamed == 0
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert {"Pause sending p", "Record r", "mark-text", "End the run…"} <= reached


def test_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"
