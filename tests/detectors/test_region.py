from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.detections import Detection, DetectorInfo
from livecam.detectors.region import LEAST_SIDE, RegionDetector, crop
from livecam.detectors.scripted import INFO, ScriptedDetector
from livecam.errors import DetectionAborted, DetectorError
from livecam.faces import BoundingBox, Landmark, Pose
from tests.builders import a_face, a_frame

if TYPE_CHECKING:
    from livecam.frames import Frame

DEAD_AFTER = 20
RIGHT_HALF = BoundingBox(0.5, 0.0, 0.5, 1.0)


def numbered(width: int, height: int) -> Frame:
    """A frame whose pixels hold their own column (blue) and row (green)."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, :, 0], image[:, :, 1] = np.arange(width)[None, :], np.arange(height)[:, None]
    return replace(a_frame(4), image=image)


class AskingDetector:
    """Fits `FaceDetector`; keeps what it was asked, and answers when it is let or aborted."""

    def __init__(self) -> None:
        self.asked: list[Frame] = []
        self.aborted: list[Frame] = []
        self.warmed = 0
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    @property
    def info(self) -> DetectorInfo:
        return INFO

    def warm(self) -> None:
        self.warmed += 1

    def detect(self, frame: Frame) -> Detection:
        self.asked.append(frame)
        self.is_asked.set()
        assert self.may_answer.wait(DEAD_AFTER)
        if any(frame is aborted for aborted in self.aborted):
            raise DetectionAborted("ended")
        return Detection(())

    def abort(self, frame: Frame) -> None:
        self.aborted.append(frame)
        self.may_answer.set()


def seen(frame: Frame, region: BoundingBox) -> tuple[int, int, int, int]:
    """First and last column, first and last row of what a detector is shown."""
    image = crop(frame, region)[0].image
    return int(image[0, 0, 0]), int(image[-1, -1, 0]), int(image[0, 0, 1]), int(image[-1, -1, 1])


def test_the_detector_sees_the_region_and_nothing_else() -> None:
    assert seen(numbered(200, 100), RIGHT_HALF) == (100, 199, 0, 99)


def test_the_region_is_rounded_outwards_to_whole_pixels() -> None:
    assert seen(numbered(200, 200), BoundingBox(0.252, 0.251, 0.502, 0.5)) == (50, 150, 50, 150)


@pytest.mark.parametrize(
    ("region", "columns"),
    [
        (BoundingBox(0.5, 0.5, 0.0625, 0.0625), (67, 146)),
        (BoundingBox(0.0, 0.0, 0.05, 0.05), (0, 79)),
        (BoundingBox(0.95, 0.95, 0.05, 0.05), (120, 199)),
        (BoundingBox(1.5, 1.5, 0.1, 0.1), (120, 199)),
    ],
)
def test_a_tiny_region_is_widened_about_its_middle(region: BoundingBox, columns: tuple[int, int]) -> None:
    assert seen(numbered(200, 200), region) == (*columns, *columns)
    assert columns[1] - columns[0] + 1 == LEAST_SIDE


def test_a_frame_that_is_smaller_than_a_tiny_region_is_shown_whole() -> None:
    assert seen(numbered(60, 200), BoundingBox(0.5, 0.5, 0.01, 0.01)) == (0, 59, 61, 140)


def test_all_else_about_the_frame_is_kept() -> None:
    frame = replace(numbered(200, 100), name="still.jpg")
    cropped, _ = crop(frame, RIGHT_HALF)
    assert replace(cropped, image=frame.image) == frame
    assert cropped.image.flags.c_contiguous


def test_faces_and_landmarks_come_back_in_fractions_of_the_whole_frame() -> None:
    face = replace(
        a_face(0.5, 0.25, size=0.5), landmarks=(Landmark("nose", 0.75, 0.5),), pose=Pose(1.0, 2.0, 3.0)
    )
    detector = RegionDetector(ScriptedDetector(lambda _: (face,)), BoundingBox(0.5, 0.5, 0.25, 0.5))
    detection = detector.detect(a_frame(width=400, height=200))
    (placed,) = detection.faces
    assert placed.box == BoundingBox(0.625, 0.625, 0.125, 0.25)
    assert placed.landmarks == (Landmark("nose", 0.6875, 0.75),)
    assert replace(placed, box=face.box, landmarks=face.landmarks) == face
    assert detection.timing == {"wait": 0.0}


def test_a_place_is_that_of_the_pixels_that_were_shown_not_of_the_fractions_that_were_asked() -> None:
    whole = a_face(0.0, 0.0, size=1.0)
    detector = RegionDetector(ScriptedDetector(lambda _: (whole,)), BoundingBox(0.252, 0.0, 0.5, 1.0))
    (placed,) = detector.detect(a_frame(width=200, height=100)).faces
    assert placed.box == BoundingBox(0.25, 0.0, 0.505, 1.0)


def test_a_face_that_the_regions_border_cuts_stays() -> None:
    detector = RegionDetector(ScriptedDetector(lambda _: (a_face(-0.1, 0.9, size=0.3),)), RIGHT_HALF)
    (placed,) = detector.detect(a_frame(width=400, height=200)).faces
    assert placed.box.left == pytest.approx(0.45)
    assert placed.box.bottom == pytest.approx(1.2)


def test_who_answers_and_how_it_is_warmed_is_the_wrapped_detectors_matter() -> None:
    wrapped = AskingDetector()
    detector = RegionDetector(wrapped, RIGHT_HALF)
    detector.warm()
    assert wrapped.warmed == 1
    assert detector.info is INFO


def test_an_abort_names_the_frame_that_the_wrapped_detector_knows() -> None:
    wrapped = AskingDetector()
    detector, frame = RegionDetector(wrapped, RIGHT_HALF), a_frame(7, width=400, height=200)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(detector.detect, frame)
        assert wrapped.is_asked.wait(DEAD_AFTER)
        detector.abort(a_frame(8))
        assert wrapped.aborted == []
        detector.abort(frame)
        with pytest.raises(DetectionAborted):
            call.result(DEAD_AFTER)
    assert len(wrapped.aborted) == 1
    assert wrapped.aborted[0] is wrapped.asked[0]


def test_no_frame_is_kept_once_it_is_answered_or_could_not_be() -> None:
    def refuse(_: Frame) -> tuple[()]:
        raise DetectorError("no")

    for script in (lambda _: (), refuse):
        detector = RegionDetector(ScriptedDetector(script), RIGHT_HALF)
        try:
            detector.detect(a_frame(7))
        except DetectorError:
            assert script is refuse
        assert detector._running == []


def test_nothing_is_asked_of_the_wrapped_detector_about_a_call_that_is_over() -> None:
    wrapped = AskingDetector()
    wrapped.may_answer.set()
    detector = RegionDetector(wrapped, RIGHT_HALF)
    detector.detect(a_frame(7))
    detector.abort(a_frame(7))
    assert wrapped.aborted == []
