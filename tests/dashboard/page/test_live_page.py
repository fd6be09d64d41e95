"""The page in a real browser: the picture and what stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.faces import Emotion
from tests.dashboard.page.stage import Stage, a_face

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from livecam.pictures import FaceLabel

WATCH = """() => {
  // Reads the number that stands on the picture in the very task in which the stamp is set.
  const context = document.getElementById("picture").getContext("2d");
  const seen = [];
  let drawn = window.livecam.drawn;
  Object.defineProperty(window.livecam, "drawn", {
    get: () => drawn,
    set(stamp) {
      drawn = stamp;
      const { width, height } = context.canvas;
      const tall = (width * 9) / 16;
      const top = (height - tall) / 2 + tall * 0.03;
      let number = 0;
      for (let bit = 0; bit < 8; bit += 1) {
        const [level] = context.getImageData((width * (bit + 0.5)) / 8, top, 1, 1).data;
        number = 2 * number + (level > 127 ? 1 : 0);
      }
      seen.push({ number, frame: stamp.frame, seq: stamp.seq, left: stamp.faces[0].box[0] });
    },
  });
  window.seen = seen;
}"""

SLOW_TO_DECODE = """
delete window.Worker; // so that the page itself decodes, where it can be slowed down
const real = window.createImageBitmap;
let pictures = 0;
window.createImageBitmap = async (...given) => {
  const isLate = pictures++ % 2 === 0;
  const bitmap = await real(...given);
  if (isLate) await new Promise((done) => setTimeout(done, 80));
  return bitmap;
};
"""


def show_until_drawn(stage: Stage, page: Page, number: int, *faces: FaceLabel) -> None:
    stage.show(number, *faces)
    page.wait_for_function("number => window.livecam.drawn?.frame === number", arg=number)


def pixels(page: Page) -> str:
    return str(page.evaluate("document.getElementById('picture').toDataURL()"))


def test_overlay_and_picture_are_of_the_same_frame_and_never_go_backwards(page: Page, stage: Stage) -> None:
    show_until_drawn(stage, page, 1)
    page.evaluate(WATCH)
    for number in range(2, 60):
        stage.show(number)
        page.wait_for_timeout(5)
    page.wait_for_function("() => window.livecam.drawn.frame === 59")
    seen: list[dict[str, Any]] = page.evaluate("window.seen")
    numbers = [each["number"] for each in seen]
    assert len(seen) > 10
    assert numbers == [each["frame"] for each in seen]
    assert numbers == [round(each["left"] * 512) for each in seen]
    assert numbers == sorted(numbers)


def test_a_page_that_shows_pictures_gives_the_browser_no_reason_to_complain(
    page: Page, stage: Stage, said: list[str]
) -> None:
    for number in range(1, 4):
        show_until_drawn(stage, page, number)
    assert said == []


def test_a_picture_that_was_decoded_after_a_newer_one_is_not_drawn(page: Page, stage: Stage) -> None:
    page.add_init_script(SLOW_TO_DECODE)
    page.reload()
    page.wait_for_function("() => window.livecam.isConnected")
    show_until_drawn(stage, page, 1)
    page.evaluate(WATCH)
    for number in range(2, 30):
        stage.show(number)
        page.wait_for_timeout(10)
    page.wait_for_function("() => window.livecam.drawn.frame === 29")
    drawn = [each["seq"] for each in page.evaluate("window.seen")]
    assert drawn == sorted(drawn)
    assert drawn[-1] - drawn[0] >= len(drawn)  # some came too late to be drawn


def test_the_token_is_gone_from_the_address(page: Page, stage: Stage) -> None:
    assert stage.access.token not in page.url


def test_keys_and_boxes_choose_what_stands_on_the_picture(page: Page, stage: Stage) -> None:
    show_until_drawn(stage, page, 3, a_face(1, Emotion.HAPPY, left=0.1))
    looks = [pixels(page)]
    for key in ("b", "o", "m"):
        page.keyboard.press(key)
        looks.append(pixels(page))
    assert len(set(looks)) == len(looks)
    assert page.get_by_label("Overlay").is_checked() is False
    assert page.get_by_label("Mirror").is_checked()
    assert page.get_by_label("All emotions").is_checked()


def test_what_was_chosen_is_remembered(page: Page) -> None:
    page.get_by_label("Numbers").uncheck()
    page.reload()
    assert not page.get_by_label("Numbers").is_checked()
    assert page.get_by_label("Boxes").is_checked()


def test_a_second_viewer_sees_the_same(page: Page, stage: Stage) -> None:
    other = page.context.new_page()
    other.goto(stage.address)
    other.wait_for_function("() => window.livecam.isConnected")
    show_until_drawn(stage, page, 9)
    other.wait_for_function("() => window.livecam.drawn?.frame === 9")


def test_a_page_comes_back_after_the_server_was_started_anew(page: Page, stage: Stage) -> None:
    show_until_drawn(stage, page, 5)
    stage.close()
    page.get_by_text("No connection: trying again.").wait_for()
    again = Stage(stage.port, stage.access)
    try:
        page.wait_for_function("() => window.livecam.isConnected")
        show_until_drawn(again, page, 2)
        page.get_by_text("All is well.").wait_for()
    finally:
        again.close()


def test_a_page_whose_key_is_no_longer_valid_says_what_to_do(page: Page, stage: Stage) -> None:
    show_until_drawn(stage, page, 5)
    stage.close()
    again = Stage(stage.port)
    try:
        page.get_by_text("open the address that it printed").wait_for()
    finally:
        again.close()


def test_pictures_are_decoded_beside_the_page(page: Page, stage: Stage) -> None:
    show_until_drawn(stage, page, 1)
    assert len(page.workers) == 1


def test_a_browser_without_workers_shows_the_picture_too(page: Page, stage: Stage) -> None:
    page.add_init_script("delete window.Worker")
    page.reload()
    page.wait_for_function("() => window.livecam.isConnected")
    show_until_drawn(stage, page, 4)
    assert page.workers == []


def test_the_canvas_has_a_pixel_for_each_of_the_screen(page: Page, stage: Stage) -> None:
    context = page.context.browser.new_context(device_scale_factor=2)  # type: ignore[union-attr]
    fine = context.new_page()
    fine.goto(stage.address)
    wide, shown = fine.evaluate("[picture.width, picture.clientWidth]")
    context.close()
    assert wide == 2 * shown
