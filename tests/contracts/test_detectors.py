"""What every detector promises, whatever it sees with."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.clock import SystemClock
from livecam.detectors.on_device import OnDeviceDetector
from livecam.detectors.region import LEAST_SIDE, RegionDetector
from livecam.detectors.rekognition import RekognitionDetector
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import DetectorError
from livecam.faces import BoundingBox
from livecam.frames import Frame
from tests import builders
from tests.aws.environment import access_to, use_stub_environment
from tests.aws.wire import WireServer, says
from tests.builders import a_face
from tests.requirements import installed_models

if TYPE_CHECKING:
    from livecam.protocols import FaceDetector

DEAD_AFTER = 30


def scripted() -> FaceDetector:
    return ScriptedDetector(lambda _: (a_face(),), delay=0.001)


def on_device() -> FaceDetector:
    return OnDeviceDetector(models_dir=installed_models(), clock=SystemClock())


@functools.cache
def answering() -> str:
    """Return the URL of a server that sees the same face in every picture; it ends with the process."""
    box = {"Left": 0.4, "Top": 0.3, "Width": 0.2, "Height": 0.4}
    server = WireServer([says({"FaceDetails": [{"BoundingBox": box, "Confidence": 99.0}]})])
    server.__enter__()
    return server.url


def rekognition() -> FaceDetector:
    return RekognitionDetector(access_to(answering()), clock=SystemClock())


def region() -> FaceDetector:
    return RegionDetector(scripted(), BoundingBox(0.25, 0.1, 0.5, 0.6))


@pytest.fixture(params=[scripted, on_device, rekognition, region], ids=lambda make: make.__name__)
def detector(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FaceDetector:
    use_stub_environment(monkeypatch)
    detector: FaceDetector = request.param()
    return detector


def a_frame(sequence: int = 0) -> Frame:
    return builders.a_frame(sequence, width=128, height=96)


def black(height: int, width: int, *, sequence: int = 0) -> Frame:
    return Frame("test", sequence, 100.0, 0.0, np.zeros((height, width, 3), np.uint8))


def test_it_says_how_its_answers_are_to_be_labelled(detector: FaceDetector) -> None:
    info = detector.info
    assert info.name
    assert isinstance(info.is_approximate, bool)
    assert 0 <= info.unclear_below <= 100
    detector.warm()
    assert detector.info == info


def test_it_may_be_warmed_twice(detector: FaceDetector) -> None:
    detector.warm()
    detector.warm()
    detector.detect(a_frame())


def test_it_answers_without_having_been_warmed(detector: FaceDetector) -> None:
    assert isinstance(detector.detect(a_frame()).faces, tuple)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 3), (1280, 720), (720, 1280), (5, 640)])
def test_frames_of_any_shape_are_answered_or_refused_by_their_size(
    detector: FaceDetector, height: int, width: int
) -> None:
    try:
        faces = detector.detect(black(height, width)).faces
    except DetectorError as refusal:
        assert min(height, width) < LEAST_SIDE
        assert f"{width}x{height}" in str(refusal)  # noqa: PT017  others answer
    else:
        assert all(0 <= face.confidence <= 100 for face in faces)


def test_the_parts_of_a_call_are_seconds(detector: FaceDetector) -> None:
    timing = detector.detect(a_frame()).timing
    assert timing
    assert all(seconds >= 0 for seconds in timing.values())


def test_a_frame_is_only_looked_at(detector: FaceDetector) -> None:
    frame = a_frame()
    frame.image.flags.writeable = False
    detector.detect(frame)


def test_calls_may_come_from_several_threads_at_once(detector: FaceDetector) -> None:
    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(detector.detect, black(96, 128, sequence=sequence)) for sequence in range(6)]
        answers = [call.result(DEAD_AFTER).faces for call in calls]
    assert answers == [answers[0]] * 6


def test_an_abort_of_a_frame_that_nobody_asked_about_harms_no_other(detector: FaceDetector) -> None:
    detector.abort(a_frame(7))
    assert isinstance(detector.detect(a_frame(8)).faces, tuple)


def test_an_abort_of_an_answered_frame_is_too_late_to_matter(detector: FaceDetector) -> None:
    detector.detect(a_frame(7))
    detector.abort(a_frame(7))
    detector.abort(a_frame(7))
    assert isinstance(detector.detect(a_frame(8)).faces, tuple)


def test_an_abort_concerns_the_running_call_only_not_a_later_one_about_that_frame(
    detector: FaceDetector,
) -> None:
    detector.abort(a_frame(7))
    assert isinstance(detector.detect(a_frame(7)).faces, tuple)
