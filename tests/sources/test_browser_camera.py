"""A page's camera as the source: it is waited for, told of, replaced, and comes back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import SourceUnavailable
from livecam.events import SourceRecovered, SourceTroubled
from livecam.health import FIRST_PICTURE_WITHIN, STALLED_AFTER
from livecam.sources.browser_camera import GONE, HIDDEN, USUAL_RATE, WAITING, BrowserCamera, Wish
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.events import Event
    from livecam.sources.browser_camera import Lender


class Bench:
    """A camera and the pages that are it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.happenings = Happenings()
        self.slot = RecordingSlot()
        self.is_recorded = False
        self.camera = BrowserCamera(
            clock=self.clock, publish=self.happenings, wants_all=lambda: self.is_recorded
        )
        self.ended: list[str] = []
        self._pause = threading.Event()
        self._seed = 0

    def begin(self) -> None:
        self.camera.open()
        self.camera.start(self.slot)
        self.told(SourceTroubled)  # that it waits

    def lend(self, page: str = "one", *, takes_over: bool = False) -> Lender | None:
        return self.camera.lend(page, lambda: self.ended.append(page), takes_over=takes_over)

    def send(self, lender: Lender | None, *, ago: float = 0.0) -> bool:
        assert lender is not None
        self._seed += 1
        image = np.random.default_rng(self._seed).integers(0, 255, (54, 96, 3)).astype(np.uint8)
        now = self.clock.now()
        return self.camera.take(lender, image, captured=now - 500.0 - ago, arrived=now)

    def send_some(self, lender: Lender | None, pictures: int = 5) -> None:
        for _ in range(pictures):
            self.send(lender)
            self.clock.advance(0.05)

    def told(self, kind: type[Event], count: int = 1) -> Event:
        return self.happenings.wait_for(kind, count)

    def messages(self) -> list[str]:
        return [event.message for event in self.happenings.events if isinstance(event, SourceTroubled)]

    def pause(self) -> None:
        """Let the thread have some looks."""
        self._pause.wait(0.25)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.camera.close()


def test_it_is_open_before_any_page_and_says_what_it_waits_for(bench: Bench) -> None:
    info = bench.camera.open()
    assert (info.source, info.width, info.height, info.duration) == ("browser", 960, 540, None)
    bench.camera.start(bench.slot)
    told = bench.told(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert (told.source, told.trouble, told.message) == ("browser", "lost", WAITING)
    assert "Use this camera" in WAITING


def test_what_a_page_sends_is_delivered_and_ends_the_wait(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    bench.clock.advance(2.0)
    bench.pause()
    assert bench.messages() == [WAITING]  # a page without a picture yet is no news
    assert bench.happenings.of(SourceRecovered) == []
    assert bench.send(lender)
    recovered = bench.told(SourceRecovered)
    assert isinstance(recovered, SourceRecovered)
    assert recovered.trouble == "lost"
    assert recovered.lasted >= 2.0
    assert [frame.sequence for frame in bench.slot.frames] == [0]


def test_pictures_are_dated_by_the_fastest_way_up(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    bench.send(lender)
    first = bench.clock.now()
    bench.clock.advance(1.0)
    bench.send(lender, ago=0.4)
    assert bench.slot.frames[0].captured_at == first
    assert bench.slot.frames[1].captured_at == pytest.approx(first + 0.6)
    assert bench.slot.frames[1].media_time == pytest.approx(0.6)


def test_instants_ascend_although_a_page_says_otherwise(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    bench.send(lender)
    bench.clock.advance(0.05)
    bench.send(lender, ago=0.3)
    first, second = bench.slot.frames
    assert first.captured_at < second.captured_at
    assert first.media_time < second.media_time


def test_a_page_that_goes_is_told_and_another_goes_on(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    assert lender is not None
    bench.send_some(lender)
    bench.told(SourceRecovered)
    bench.camera.give_back(lender)
    bench.told(SourceTroubled, 2)
    assert bench.messages()[-1] == GONE
    assert not bench.send(lender)
    second = bench.lend("two")
    bench.send_some(second, 1)
    bench.told(SourceRecovered, 2)
    assert [frame.sequence for frame in bench.slot.frames] == list(range(6))


def test_one_page_is_the_camera_until_another_is_to_take_over(bench: Bench) -> None:
    bench.begin()
    first = bench.lend("one")
    assert bench.lend("two") is None
    assert bench.ended == []
    second = bench.lend("two", takes_over=True)
    assert bench.ended == ["one"]
    assert not bench.send(first)
    assert bench.send(second)
    assert first is not None
    bench.camera.give_back(first)  # it hears late that it was replaced
    assert bench.camera.is_lent
    assert bench.send(second)


def test_a_page_that_connects_anew_replaces_itself(bench: Bench) -> None:
    bench.begin()
    bench.lend("one")
    assert bench.lend("one") is not None
    assert bench.ended == ["one"]


def test_a_page_that_sends_nothing_is_told(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    bench.send_some(lender)
    bench.told(SourceRecovered)
    bench.clock.advance(STALLED_AFTER)
    bench.told(SourceTroubled, 2)
    assert bench.messages()[-1] == "the browser's camera sends no picture"


def test_a_page_that_never_sends_is_told(bench: Bench) -> None:
    bench.begin()
    bench.lend()
    bench.clock.advance(FIRST_PICTURE_WITHIN + 0.1)
    bench.told(SourceTroubled, 2)
    assert bench.messages()[-1] == "the browser's camera sends no picture"


def test_a_page_in_the_background_is_told_as_that(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    assert lender is not None
    bench.send_some(lender)
    bench.told(SourceRecovered)
    bench.camera.hide(lender, is_hidden=True)
    bench.told(SourceTroubled, 2)
    assert bench.messages()[-1] == HIDDEN
    bench.camera.hide(lender, is_hidden=False)
    bench.send_some(lender, 1)
    bench.told(SourceRecovered, 2)


def test_all_pictures_are_wanted_while_they_are_kept(bench: Bench) -> None:
    assert bench.camera.wish == Wish(960, USUAL_RATE)
    bench.is_recorded = True
    assert bench.camera.wish == Wish(960, 30.0)
    assert bench.camera.capture == (1280, 720, 30.0)


def test_a_camera_that_is_asked_for_less_sends_no_more_than_that() -> None:
    camera = BrowserCamera(
        clock=FakeClock(), publish=lambda _: None, size=(640, 480), fps=5.0, wants_all=lambda: True
    )
    assert camera.wish == Wish(640, 5.0)
    info = camera.open()
    assert (info.width, info.height) == (640, 480)


def test_fewer_pictures_on_request_are_not_slow(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    bench.is_recorded = True
    for _ in range(180):
        bench.send(lender)
        bench.clock.advance(1 / 30)
    bench.is_recorded = False
    for _ in range(45):
        bench.send(lender)
        bench.clock.advance(1 / 10)
    bench.pause()
    assert all("slow" not in message for message in bench.messages())


def test_after_the_end_nothing_is_taken(bench: Bench) -> None:
    bench.begin()
    lender = bench.lend()
    bench.camera.close()
    assert not bench.send(lender)
    assert bench.slot.wait_until_closed() is None
    with pytest.raises(SourceUnavailable, match="was not opened"):
        bench.camera.start(RecordingSlot())


def test_pictures_before_the_start_are_left(bench: Bench) -> None:
    bench.camera.open()
    assert not bench.send(bench.lend())
