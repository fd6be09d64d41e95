"""What the picture thread does with stills."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING, Literal

import pytest

from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import CloudError
from livecam.testing.list_source import INFO, ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_face, a_frame
from tests.pipeline.a_run import a_run
from tests.pipeline.parts import DEAD_AFTER, BlockedDetector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.faces import Face
    from livecam.frames import Frame

STILLS = dataclasses.replace(INFO, are_stills=True, is_live=False, duration=3.0, fps=None)


async def test_each_still_is_shown_once_with_its_own_answer() -> None:
    sink = RecordingSink()

    def faces(frame: Frame) -> tuple[Face, ...]:
        return (a_face(),) * (frame.sequence + 1)

    frames = [a_frame(index, at=1_000_000.0) for index in range(3)]
    parts = a_run(ListSource(frames, info=STILLS), sink, detector=ScriptedDetector(faces))
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert [len(picture.faces) for picture in sink.pictures] == [1, 2, 3]
    assert parts.tally.summary()["capture_to_label"]["count"] == 3


async def test_a_label_of_a_still_has_no_age_however_long_it_was_waited_for() -> None:
    sink = RecordingSink()

    def slow(_: Frame) -> tuple[Face, ...]:
        parts.clock.advance(30.0)
        return (a_face(),)

    frames = [a_frame(0, at=1_000_000.0)]
    parts = a_run(ListSource(frames, info=STILLS), sink, detector=ScriptedDetector(slow))
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    (face,) = sink.pictures[0].faces
    assert (face.age, face.opacity) == (0.0, 1.0)


async def test_a_face_of_one_still_is_never_taken_for_a_face_of_another() -> None:
    sink = RecordingSink()
    frames = [a_frame(index, at=1_000_000.0 + index) for index in range(3)]
    parts = a_run(ListSource(frames, info=STILLS), sink, detector=ScriptedDetector(lambda _: (a_face(),)))
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert [face.track_id for picture in sink.pictures for face in picture.faces] == [1, 2, 3]


async def test_a_stop_does_not_wait_for_the_answer_about_a_still() -> None:
    sink, detector = RecordingSink(), BlockedDetector()

    def frames() -> Iterator[Frame]:
        yield a_frame(0)

    parts = a_run(ListSource(frames(), info=STILLS, stays_open=True), sink, detector=detector)
    running = asyncio.create_task(parts.runner.run())
    assert await detector.next_asked() == 0
    parts.runner.stop("interrupted")
    assert await asyncio.wait_for(running, DEAD_AFTER) == "interrupted"


@pytest.mark.parametrize(
    ("blame", "is_lasting", "asked", "faces"),
    [("service", False, 2, 1), ("network", False, 2, 1), ("user", True, 1, 0), ("livecam", False, 1, 0)],
)
async def test_a_still_is_asked_about_again_when_that_may_help(
    blame: Literal["user", "service", "network", "livecam"], *, is_lasting: bool, asked: int, faces: int
) -> None:
    calls, sink = [], RecordingSink()

    def fail_once(frame: Frame) -> tuple[Face, ...]:
        calls.append(frame.sequence)
        if len(calls) == 1:
            raise CloudError("no", code="E", blame=blame, is_lasting=is_lasting)
        return (a_face(),)

    source = ListSource([a_frame(0, at=1_000_000.0)], info=STILLS)
    parts = a_run(source, sink, detector=ScriptedDetector(fail_once))
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert len(calls) == asked
    assert [len(picture.faces) for picture in sink.pictures] == [faces]


async def test_a_still_that_was_not_answered_says_so_on_the_picture() -> None:
    sink = RecordingSink()

    def fail(_: Frame) -> tuple[Face, ...]:
        raise CloudError("no", code="E", blame="user", is_lasting=True)

    source = ListSource([a_frame(0, at=1_000_000.0)], info=STILLS)
    await asyncio.wait_for(a_run(source, sink, detector=ScriptedDetector(fail)).runner.run(), DEAD_AFTER)
    assert [picture.status.notice for picture in sink.pictures] == ["not answered"]
