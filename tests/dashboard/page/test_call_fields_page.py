"""The page in a real browser: what can be changed about the calls, and what stays on this page alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.faces import Emotion, Landmark
from tests.dashboard.page.stage import CALM_RUN, Stage, a_face

if TYPE_CHECKING:
    from playwright.sync_api import Page

RATE, BUDGET, DETECTOR = "Calls per second", "Budget of this run, $", "Who is asked"
NOT_SO_MANY = "--rate 500.0 cannot be used: give a number per second from 0 (excluded) to 120"


def wait_for_text(page: Page, place: str, text: str) -> None:
    page.locator(place, has_text=text).wait_for()


def wait_for_value(page: Page, name: str, value: str) -> None:
    page.wait_for_function(
        "([name, value]) => document.querySelector(`[data-setting=${name}]`).value === value",
        arg=[name, value],
    )


def drawn(page: Page) -> int:
    return int(page.evaluate("window.livecam.drawn.frame"))


@pytest.mark.parametrize(
    ("label", "typed", "wanted"),
    [(RATE, "5.5", ("rate", 5.5)), (BUDGET, "0.25", ("budget", 0.25)), (BUDGET, "", ("budget", None))],
)
def test_a_number_is_sent_when_it_is_done_and_not_while_it_is_typed(
    page: Page, stage: Stage, label: str, typed: str, wanted: tuple[str, object]
) -> None:
    stage.holds["budget"] = 1.5
    wait_for_value(page, "budget", "1.5")
    field = page.get_by_label(label)
    field.fill(typed)
    page.wait_for_timeout(700)  # more than one state of the panels comes meanwhile
    assert field.input_value() == typed
    assert stage.asked == []
    with page.expect_response("**/api/controls/*"):
        field.press("Enter")
    assert stage.asked == [wanted]
    field.blur()
    assert stage.asked == [wanted]


def test_another_detector_is_chosen(page: Page, stage: Stage) -> None:
    wait_for_value(page, "detector", "rekognition")
    page.get_by_label(DETECTOR).select_option("on-device")
    wait_for_text(page, "#detector-told", "Nothing is sent to rekognition.")
    wait_for_text(page, "#rate-told", "Of rekognition, once it is asked again.")
    assert stage.asked == [("detector", "on-device")]


def test_what_is_refused_is_told_beside_its_field_and_what_holds_stands_there_again(
    page: Page, stage: Stage
) -> None:
    wait_for_value(page, "rate", "2")
    stage.refusal = NOT_SO_MANY
    page.get_by_label(RATE).fill("500")
    page.keyboard.press("Enter")
    wait_for_text(page, "#rate-told[data-is-error]", NOT_SO_MANY)
    assert page.get_by_label(RATE).input_value() == "2"
    page.wait_for_timeout(700)
    assert NOT_SO_MANY in page.locator("#rate-told").inner_text()
    stage.refusal = None
    page.get_by_label(RATE).fill("4")
    page.keyboard.press("Enter")
    page.locator("#rate-told:not([data-is-error])").wait_for()


def test_escape_brings_back_what_holds(page: Page, stage: Stage) -> None:
    wait_for_value(page, "rate", "2")
    page.get_by_label(RATE).fill("9")
    page.keyboard.press("Escape")
    assert page.get_by_label(RATE).input_value() == "2"
    page.keyboard.press("Tab")
    assert stage.asked == []


def test_what_the_quota_takes_off_is_told(page: Page, stage: Stage) -> None:
    stage.most_rate = 25
    wait_for_value(page, "rate", "2")
    page.get_by_label(RATE).fill("60")
    page.keyboard.press("Enter")
    wait_for_text(page, "#rate-told", "25 it is: the quota allows no more.")
    page.wait_for_timeout(1200)  # more than one state of the panels
    wait_for_text(page, "#rate-told", "25 it is: the quota allows no more.")
    stage.holds["rate"] = 3
    wait_for_text(page, "#rate-told", "Empty: as many as are usual.")


def test_what_one_page_changes_the_others_see(page: Page, stage: Stage) -> None:
    other = page.context.new_page()
    other.goto(stage.address)
    wait_for_value(other, "rate", "2")
    page.get_by_label(RATE).fill("7")
    page.keyboard.press("Enter")
    page.get_by_label(DETECTOR).select_option("on-device")
    wait_for_value(other, "rate", "7")
    wait_for_value(other, "detector", "on-device")


def test_what_is_not_possible_in_this_run_is_told_beside_its_field(page: Page, stage: Stage) -> None:
    stage.obstacles |= {
        "budget": "this run makes no paid calls",
        "detector": "this run was started on-device",
    }
    stage.holds["detector"] = "on-device"
    stage.ranges["detector"]["choices"] = ["on-device"]
    wait_for_text(page, "#budget-told", "This run makes no paid calls.")
    wait_for_text(page, "#detector-told", "This run was started on-device.")
    assert page.get_by_label(BUDGET).get_attribute("readonly") is not None
    assert page.get_by_label(BUDGET).get_attribute("placeholder") == ""
    assert page.get_by_label(DETECTOR).locator("option").count() == 1


def test_keys_typed_into_a_number_steer_nothing(page: Page, stage: Stage) -> None:
    wait_for_value(page, "rate", "2")
    page.get_by_label(RATE).press("r")
    page.get_by_label(RATE).press("p")
    page.get_by_label(RATE).press(" ")
    assert stage.asked == []
    assert not page.get_by_label("Freeze").is_checked()


def test_panels_say_what_was_asked_for_and_what_the_budget_lasts(page: Page, stage: Stage) -> None:
    stage.status = replace(
        CALM_RUN,
        asked_rate=5.0,
        cost_usd=0.18,
        cost_per_hour=3.6,
        budget_usd=0.82,
        budget_limit_usd=1.0,
        detector="rekognition",
    )
    wait_for_text(page, "#now", "1.4 of 5 a second")
    wait_for_text(page, "#cost", "$0.82, lasts 14 min · this run may cost $1.00")
    stage.status = replace(stage.status, stand_in="on-device")
    wait_for_text(page, "#now", "on-device stands in for rekognition")
    wait_for_text(page, "#cost", "$0.82 · this run may cost $1.00")
    stage.status = replace(stage.status, call_rate=None)
    wait_for_text(page, "#now", "none just now")


def test_space_freezes_the_picture_of_this_page_alone(page: Page, stage: Stage) -> None:
    other = page.context.new_page()
    other.goto(stage.address)
    for number in (1, 2):
        stage.show(number)
        for each in (page, other):
            each.wait_for_function("number => window.livecam.drawn?.frame === number", arg=number)
        if number == 1:
            page.bring_to_front()
            before = page.locator("#stage").bounding_box()
            page.keyboard.press(" ")
            page.get_by_text("Frozen on this page only").wait_for()
            break
    for number in range(3, 9):  # more than may be under way: the page goes on taking them
        stage.show(number)
        other.wait_for_function("number => window.livecam.drawn?.frame === number", arg=number)
    assert drawn(page) == 1
    assert page.locator("#stage").bounding_box() == before
    page.keyboard.press(" ")
    assert page.get_by_text("Frozen on this page only").is_hidden()
    stage.show(9)
    page.wait_for_function("() => window.livecam.drawn.frame === 9")
    assert stage.asked == []


def test_space_on_a_button_presses_it_and_freezes_nothing(page: Page, stage: Stage) -> None:
    wait_for_value(page, "rate", "2")
    page.get_by_role("button", name="Snapshot").focus()
    with page.expect_response("**/api/controls/*"):
        page.keyboard.press(" ")
    assert stage.asked == [("snapshot", None)]
    assert not page.get_by_label("Freeze").is_checked()


@pytest.mark.parametrize("across", [0.7, 0.3])
def test_landmarks_are_dots_on_the_face_once_they_are_wanted(page: Page, stage: Stage, across: float) -> None:
    face = replace(a_face(1, Emotion.HAPPY, left=0.6), landmarks=(Landmark("nose", 0.7, 0.6),))
    stage.show(1, face)
    page.wait_for_function("() => window.livecam.drawn?.frame === 1")
    if across < 0.5:
        page.get_by_label("Mirror").check()
    brightness = f"""() => {{
      const canvas = document.getElementById("picture");
      const tall = (canvas.width * 9) / 16;
      const x = canvas.width * {across};
      const y = (canvas.height - tall) / 2 + tall * 0.6;
      return Math.min(...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3));
    }}"""
    assert page.evaluate(brightness) < 200
    page.get_by_label("Landmarks").check()
    assert page.evaluate(brightness) > 240
    page.get_by_label("Overlay").uncheck()
    assert page.evaluate(brightness) < 200
