"""The page's own camera in a real browser: a made up one whose pictures have numbers."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from livecam.clock import SystemClock
from livecam.dashboard import camera_socket
from livecam.dashboard.access import Access
from livecam.events import SourceTroubled
from livecam.native import cv2
from livecam.sources.browser_camera import HIDDEN, BrowserCamera
from livecam.sources.uploaded_picture import decoded
from livecam.testing.recording_slot import RecordingSlot
from tests.dashboard.page.stage import ARGUMENTS, BITS, CHROMIUM, Stage, numbered
from tests.pipeline.parts import DEAD_AFTER, Happenings
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from livecam.frames import Image

PICTURES = 90
"""Of the made up camera; then they begin anew."""
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
ELSEWHERE = "cam.test"
"""A name by which a browser does not take the page for one of its own machine."""
COUNT_SENT = """
delete window.OffscreenCanvas; // so that the page itself sends
window.sent = 0;
const real = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (data instanceof Blob) window.sent += 1;
  return real.call(this, data);
};
"""
REFUSING = """
() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("MESSAGE", "NAME"));
}
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    skip_unless(CHROMIUM.is_file(), f"there is no browser at {CHROMIUM}")
    film = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    with film.open("wb") as file:
        for number in range(PICTURES):
            image = cv2.resize(numbered(number), (1280, 720), interpolation=cv2.INTER_NEAREST)
            file.write(cv2.imencode(".jpg", image)[1].tobytes())
    more = (f"--use-file-for-fake-video-capture={film}", f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=[*ARGUMENTS, *FAKE_CAMERA, *more]
        )
        yield running
        running.close()


class Lent:
    """The source, and what came from the page."""

    def __init__(self) -> None:
        self.slot = RecordingSlot()
        self.is_recorded = False
        self.happenings = Happenings()
        self.camera = BrowserCamera(
            clock=SystemClock(), publish=self.happenings, wants_all=lambda: self.is_recorded
        )
        self.camera.open()
        self.camera.start(self.slot)


@pytest.fixture
def lent() -> Iterator[Lent]:
    lent = Lent()
    yield lent
    lent.camera.close()


@pytest.fixture
def stage(lent: Lent) -> Iterator[Stage]:
    running = Stage(access=Access(extra_hosts=(ELSEWHERE,)), camera=lent.camera)
    yield running
    running.close()


def number_of(image: Image) -> int:
    """Return the number that stands on a picture, whatever its size."""
    height, width = image.shape[:2]
    row = image[round(height * 0.05)]
    fields = (int(row[round(width * (bit + 0.5) / BITS)].mean()) for bit in range(BITS))
    return sum((level > 127) << (BITS - 1 - bit) for bit, level in enumerate(fields))


def use(page: Page) -> None:
    page.get_by_role("button", name="Use this camera").click()
    expect(page.locator("#camera-state")).to_have_text("Camera on: its pictures go to livecam.")


def state(page: Page) -> str:
    return page.inner_text("#camera-state")


def test_pictures_go_up_once_the_button_is_pressed(page: Page, lent: Lent, said: list[str]) -> None:
    expect(page.locator("#camera-state")).to_have_text("Off. Nothing is sent before you press the button.")
    assert not lent.camera.is_lent
    assert lent.slot.frames == []
    use(page)
    frames = lent.slot.wait_for_frames(20)
    assert {frame.image.shape for frame in frames} == {(540, 960, 3)}
    numbers = [number_of(frame.image) for frame in frames]
    assert all(0 <= number < PICTURES for number in numbers)
    assert len(set(numbers)) > 10
    steps = [(later - earlier) % PICTURES for earlier, later in pairwise(numbers)]
    assert max(steps) < PICTURES / 2  # none comes before its time
    expect(page.locator("#camera-lamp")).to_be_visible()
    expect(page).to_have_title("● livecam: camera on")
    assert said == []


def test_the_page_shows_its_own_picture_and_faces_on_it(page: Page, stage: Stage, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(3)
    page.wait_for_function("() => document.querySelector('#stage video').currentTime > 0.1")
    stage.show(7)
    drawn = (
        "() => { const canvas = document.querySelector('#stage canvas[aria-hidden]');"
        " const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
        " return data.some((level) => level > 0); }"
    )
    page.wait_for_function(drawn)
    page.locator("[data-toggle=overlay]").uncheck()
    stage.show(8)
    page.wait_for_function(f"() => !({drawn})()")
    expect(page.locator("#stage video")).not_to_have_attribute("data-is-mirrored", "")
    page.locator("[data-toggle=mirror]").check()
    stage.show(9)
    expect(page.locator("#stage video")).to_have_attribute("data-is-mirrored", "")


def test_while_it_is_lent_the_server_sends_no_pictures_back(page: Page, stage: Stage, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(3)
    for number in range(1, 6):
        stage.show(number)
        page.wait_for_timeout(100)
    encoded = stage.parts.hub.encoded
    for number in range(6, 12):
        stage.show(number)
        page.wait_for_timeout(100)
    assert stage.parts.hub.encoded == encoded
    page.get_by_role("button", name="Stop the camera").click()
    stage.show(20)
    page.wait_for_function("() => window.livecam.drawn?.frame === 20")


def test_stopping_lets_go_of_the_camera(page: Page, lent: Lent) -> None:
    page.evaluate(
        "() => { const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        " navigator.mediaDevices.getUserMedia = async (wish) => (window.given = await real(wish)); }"
    )
    use(page)
    lent.slot.wait_for_frames(3)
    page.keyboard.press("Enter")  # the button keeps the focus
    expect(page.locator("#camera-state")).to_have_text("Off. Nothing is sent before you press the button.")
    assert page.evaluate("window.given.getTracks().map((track) => track.readyState)") == ["ended"]
    assert page.locator("#stage video").count() == 0
    expect(page.locator("#camera-lamp")).to_be_hidden()
    page.wait_for_timeout(200)
    count = len(lent.slot.frames)
    page.wait_for_timeout(300)
    assert len(lent.slot.frames) == count
    assert not lent.camera.is_lent


def test_another_page_takes_over_when_it_is_pressed_twice(page: Page, stage: Stage, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(2)
    other = page.context.new_page()
    other.goto(stage.address)
    other.get_by_role("button", name="Use this camera").click()
    expect(other.locator("#camera-state")).to_contain_text("Another page lends its camera.")
    assert other.locator("#stage video").count() == 0
    use(other)
    expect(page.locator("#camera-state")).to_contain_text("Another page is the camera now.")
    assert page.locator("#stage video").count() == 0
    count = len(lent.slot.frames)
    lent.slot.wait_for_frames(count + 3)


def test_the_page_goes_on_when_the_server_is_back(page: Page, stage: Stage, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(2)
    stage.close()
    expect(page.locator("#camera-state")).to_contain_text("there is no connection")
    again = Stage(port=stage.port, access=stage.access, camera=lent.camera)
    try:
        expect(page.locator("#camera-state")).to_have_text("Camera on: its pictures go to livecam.")
        lent.slot.wait_for_frames(len(lent.slot.frames) + 3)
    finally:
        again.close()


def test_more_come_while_they_are_recorded(page: Page, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(10)
    lent.is_recorded = True
    lent.slot.wait_for_frames(len(lent.slot.frames) + 20)
    newest = lent.slot.frames[-15:]
    lent.is_recorded = False
    shortest = min(later.captured_at - earlier.captured_at for earlier, later in pairwise(newest))
    assert shortest < 0.05  # 15 a second are 0.067 apart


@pytest.mark.parametrize(
    ("name", "message", "way_out"),
    [
        ("NotAllowedError", "Permission denied", "allow it by the sign beside the address"),
        ("NotAllowedError", "Permission denied by system", "allow it in the system's privacy settings"),
        ("NotFoundError", "Requested device not found", "There is no such camera here: plug one in"),
        ("NotReadableError", "Could not start video source", "perhaps as another program uses it"),
        ("StrangeError", "", "The camera cannot be used (StrangeError): try another browser"),
    ],
)
def test_what_the_browser_refuses_is_told_with_the_way_out(
    page: Page, lent: Lent, name: str, message: str, way_out: str
) -> None:
    page.evaluate(REFUSING.replace("NAME", name).replace("MESSAGE", message))
    page.get_by_role("button", name="Use this camera").click()
    expect(page.locator("#camera-state")).to_contain_text(way_out)
    expect(page.locator("#camera-lamp")).to_be_hidden()
    assert not lent.camera.is_lent


def test_a_page_that_goes_to_the_background_says_so(page: Page, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(2)
    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { get: () => true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    told = lent.happenings.wait_for(SourceTroubled, 2)
    assert isinstance(told, SourceTroubled)
    assert told.message == HIDDEN


def test_a_camera_that_is_unplugged_is_told(page: Page, lent: Lent) -> None:
    use(page)
    lent.slot.wait_for_frames(2)
    page.evaluate(
        "document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    expect(page.locator("#camera-state")).to_contain_text("The camera was unplugged")
    assert page.locator("#stage video").count() == 0


def test_where_browsers_lend_no_camera_the_way_out_is_told(page: Page, stage: Stage) -> None:
    expect(page.locator("#elsewhere")).to_be_hidden()
    page.goto(stage.address.replace("127.0.0.1", ELSEWHERE))
    expect(page.locator("#camera-state")).to_contain_text("over TLS")
    expect(page.locator("#elsewhere")).to_contain_text("whoever is in it has to know of that")
    assert f"ssh -L {stage.port}:localhost:{stage.port} {ELSEWHERE}" in state(page)
    page.get_by_role("button", name="Use this camera").click()
    assert "over TLS" in state(page)


def test_without_a_canvas_in_workers_the_page_itself_encodes(page: Page, stage: Stage, lent: Lent) -> None:
    page.add_init_script(
        "delete window.OffscreenCanvas; delete HTMLVideoElement.prototype.requestVideoFrameCallback;"
    )
    page.goto(stage.address)
    use(page)
    frames = lent.slot.wait_for_frames(5)
    assert frames[0].image.shape == (540, 960, 3)


def test_no_more_pictures_go_up_than_the_server_has_taken_in(
    page: Page, stage: Stage, lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    def slowly(jpeg: bytes) -> Image:
        may_go_on.wait(DEAD_AFTER)
        return decoded(jpeg)

    monkeypatch.setattr(camera_socket, "decoded", slowly)
    page.add_init_script(COUNT_SENT)
    page.goto(stage.address)
    use(page)
    page.wait_for_timeout(1000)
    assert page.evaluate("window.sent") == camera_socket.CREDITS
    may_go_on.set()
    lent.slot.wait_for_frames(6)


def test_other_sources_offer_no_camera(browser: Browser) -> None:
    stage = Stage()
    page = browser.new_page()
    page.goto(stage.address)
    page.wait_for_function("() => window.livecam.isConnected")
    expect(page.locator("#camera")).to_be_hidden()
    page.close()
    stage.close()
