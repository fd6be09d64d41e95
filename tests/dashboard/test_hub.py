from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.dashboard.credit import LADDER, Rendition
from livecam.dashboard.hub import KEPT_ENCODINGS, MOST_VIEWERS, Hub, encoded
from livecam.native import cv2
from tests.builders import a_frame, a_picture
from tests.dashboard.served import WhitePainter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub(WhitePainter())
    hub.attach(asyncio.get_running_loop())
    yield hub
    hub.close()


def put(hub: Hub, sequence: int) -> None:
    hub.put(a_picture(a_frame(sequence)))


async def test_who_waits_gets_the_next_picture(hub: Hub) -> None:
    waiting = asyncio.create_task(hub.newer_than(0))
    await asyncio.sleep(0)
    await asyncio.to_thread(put, hub, 5)
    shot = await waiting
    assert shot is not None
    assert shot.picture.frame.sequence == 5


async def test_only_the_newest_is_kept(hub: Hub) -> None:
    for sequence in range(10):
        put(hub, sequence)
    shot = await hub.newer_than(0)
    assert shot is not None
    assert (shot.number, shot.picture.frame.sequence) == (10, 9)


async def test_many_pictures_wake_the_loop_once(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    loop, calls = asyncio.get_running_loop(), 0
    usual = loop.call_soon_threadsafe

    def counted(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        return usual(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
    for sequence in range(100):
        put(hub, sequence)
    assert calls == 1


async def test_viewers_of_one_size_share_one_encoding(hub: Hub) -> None:
    put(hub, 1)
    shot = hub.latest()
    assert shot is not None
    jpegs = await asyncio.gather(*(hub.jpeg(shot, LADDER[0]) for _ in range(5)))
    assert hub.encoded == 1
    assert len(set(jpegs)) == 1
    await hub.jpeg(shot, LADDER[1])
    assert hub.encoded == 2


async def test_a_refreshed_picture_is_not_encoded_again(hub: Hub) -> None:
    frame = a_frame()
    for _ in range(3):
        hub.put(a_picture(frame))
        shot = hub.latest()
        assert shot is not None
        await hub.jpeg(shot, LADDER[0])
    assert hub.encoded == 1


async def test_what_nobody_asks_for_is_never_encoded(hub: Hub) -> None:
    for sequence in range(50):
        put(hub, sequence)
    await asyncio.sleep(0)
    assert hub.encoded == 0


async def test_a_viewer_that_leaves_takes_nothing_from_the_others(hub: Hub) -> None:
    put(hub, 1)
    shot = hub.latest()
    assert shot is not None
    leaves = asyncio.create_task(hub.jpeg(shot, LADDER[0]))
    stays = asyncio.create_task(hub.jpeg(shot, LADDER[0]))
    await asyncio.sleep(0)
    leaves.cancel()
    assert (await stays)[:2] == b"\xff\xd8"
    assert hub.encoded == 1


async def test_few_encodings_are_remembered(hub: Hub) -> None:
    for sequence in range(3 * KEPT_ENCODINGS):
        put(hub, sequence)
        shot = hub.latest()
        assert shot is not None
        await hub.jpeg(shot, LADDER[0])
    assert len(hub._encodings) == KEPT_ENCODINGS


async def test_labels_are_drawn_for_those_that_cannot_and_not_twice(hub: Hub) -> None:
    plain = a_picture()
    hub.put(type(plain)(plain.frame, (), plain.status, 1.0, image=None))
    shot = hub.latest()
    assert shot is not None
    assert _mean(await hub.painted_jpeg(shot, LADDER[0])) > 250
    hub.put(a_picture())  # a window had it painted already: grey 90
    shot = hub.latest()
    assert shot is not None
    assert _mean(await hub.painted_jpeg(shot, LADDER[0])) == pytest.approx(90, abs=3)


async def test_all_who_wait_are_let_go_at_the_end(hub: Hub) -> None:
    waiting = [asyncio.create_task(hub.newer_than(0)) for _ in range(3)]
    await asyncio.sleep(0)
    hub.end_streams()
    assert await asyncio.gather(*waiting) == [None, None, None]
    assert [each async for each in hub.shots()] == []


def test_places_are_limited_and_given_back() -> None:
    hub = Hub(WhitePainter())
    seats = [hub.seat() for _ in range(MOST_VIEWERS + 1)]
    assert [seat.__enter__() for seat in seats] == [True] * MOST_VIEWERS + [False]
    assert hub.viewers == MOST_VIEWERS
    for seat in seats:
        seat.__exit__(None, None, None)
    assert hub.viewers == 0


def test_a_picture_without_a_server_is_kept_for_later() -> None:
    hub = Hub(WhitePainter())
    put(hub, 1)
    put(hub, 2)
    shot = hub.latest()
    assert shot is not None
    assert shot.number == 2


@pytest.mark.parametrize(("width", "shown"), [(2000, 640), (1000, 640), (320, 320)])
def test_a_picture_is_made_smaller_and_never_larger(width: int, shown: int) -> None:
    jpeg = encoded(np.full((width // 2, width, 3), 90, np.uint8), Rendition(640, 70))
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape == (shown // 2, shown, 3)


def _mean(jpeg: bytes) -> float:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return float(image.mean())


async def test_a_frame_of_which_more_may_be_seen_now_is_encoded_anew(hub: Hub) -> None:
    frame = a_frame(3)
    hidden = replace(frame, image=np.zeros_like(frame.image))
    hub.put(a_picture(hidden))
    first = hub.latest()
    hub.put(a_picture(frame))
    second = hub.latest()
    assert first is not None
    assert second is not None
    jpegs = [await hub.jpeg(shot, Rendition(640, 80)) for shot in (first, second, first)]
    assert jpegs[0] == jpegs[2] != jpegs[1]
    assert hub.encoded == 2
