from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.clock import SystemClock
from livecam.detectors.on_device import OnDeviceDetector
from livecam.errors import DetectionAborted, ModelMissing
from livecam.faces import Emotion
from livecam.frames import Frame
from livecam.native import cv2
from livecam.testing.clock import FakeClock
from tests import requirements

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image


@pytest.fixture
def detector() -> OnDeviceDetector:
    return OnDeviceDetector(models_dir=requirements.installed_models(), clock=FakeClock())


def frame_of(image: Image) -> Frame:
    return Frame("test", 0, 0.0, 0.0, image)


def still(name: str) -> Frame:
    image = cv2.imread(str(requirements.media_folder() / name))
    assert image is not None
    return frame_of(np.asarray(image, dtype=np.uint8))


def test_it_says_that_its_labels_are_approximate(detector: OnDeviceDetector) -> None:
    assert detector.info.name == "on-device"
    assert detector.info.is_approximate
    assert detector.info.unclear_below == 60.0


def test_every_face_of_a_group_gets_its_expression(detector: OnDeviceDetector) -> None:
    faces = detector.detect(still("img_multi4_family.jpg")).faces
    assert len(faces) == 4
    assert {face.emotions[0].emotion for face in faces if face.emotions} == {Emotion.HAPPY}
    assert all(face.smile is not None and face.smile.value for face in faces)


def test_a_picture_without_a_face_is_answered_with_none(detector: OnDeviceDetector) -> None:
    assert detector.detect(still("img_noface_grass.jpg")).faces == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (1920, 1080), (16, 900), (720, 1280)])
def test_frames_of_any_size_are_answered(detector: OnDeviceDetector, shape: tuple[int, int]) -> None:
    assert detector.detect(frame_of(np.zeros((*shape, 3), dtype=np.uint8))).faces == ()


def test_the_frame_is_not_written_into(detector: OnDeviceDetector) -> None:
    frame = still("img_happy.jpg")
    frame.image.flags.writeable = False
    assert len(detector.detect(frame).faces) == 1


def test_the_time_of_a_call_is_stated() -> None:
    detector = OnDeviceDetector(models_dir=requirements.installed_models(), clock=SystemClock())
    detector.warm()
    timing = detector.detect(still("img_happy.jpg")).timing
    assert timing.keys() == {"other"}
    assert 0 < timing["other"] < 30


def test_warming_first_does_not_change_the_answer(detector: OnDeviceDetector) -> None:
    cold = OnDeviceDetector(models_dir=requirements.installed_models(), clock=FakeClock())
    detector.warm()
    assert detector.detect(still("img_sad.jpg")) == cold.detect(still("img_sad.jpg"))


def test_calls_from_several_threads_get_the_answers_of_their_own_frames(detector: OnDeviceDetector) -> None:
    frames = [still(name) for name in ("img_happy.jpg", "img_noface_grass.jpg", "img_multi3_happy.jpg")]
    alone = [detector.detect(frame).faces for frame in frames]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda index: detector.detect(frames[index % 3]).faces, range(9)))
    assert together == alone * 3


def test_without_models_it_says_what_to_run(tmp_path: Path) -> None:
    detector = OnDeviceDetector(models_dir=tmp_path, clock=FakeClock())
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        detector.warm()
    with pytest.raises(ModelMissing):
        detector.detect(frame_of(np.zeros((10, 10, 3), dtype=np.uint8)))


class SignallingClock(FakeClock):
    """A clock that tells when it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.was_read = threading.Event()

    def now(self) -> float:
        self.was_read.set()
        return super().now()


def test_an_abort_ends_waiting_calls_and_lets_later_ones_through() -> None:
    clock = SignallingClock()
    detector = OnDeviceDetector(models_dir=requirements.installed_models(), clock=clock)
    frame = still("img_happy.jpg")
    with ThreadPoolExecutor(1) as pool:
        with detector._nets:  # as if another call were running
            waiting = pool.submit(detector.detect, frame)
            assert clock.was_read.wait(10)
            detector.abort(frame)
        with pytest.raises(DetectionAborted):
            waiting.result(timeout=10)
    assert len(detector.detect(frame).faces) == 1
