from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import livecam
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import DetectorError, SourceUnavailable, UsageError
from livecam.native import cv2
from tests.builders import a_face

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Frame, Image

PICTURE = np.full((48, 64, 3), 90, np.uint8)


def test_the_faces_of_a_picture_come_largest_first() -> None:
    detector = ScriptedDetector(lambda _: (a_face(size=0.1), a_face(size=0.3)))
    faces = livecam.detect(PICTURE, detector=detector)
    assert [face.box.width for face in faces] == [0.3, 0.1]


def test_a_file_is_read_first(tmp_path: Path) -> None:
    sizes: list[tuple[int, int]] = []

    def look(frame: Frame) -> tuple[livecam.Face, ...]:
        sizes.append((frame.width, frame.height))
        return ()

    cv2.imwrite(str(tmp_path / "a.png"), PICTURE)
    assert livecam.detect(tmp_path / "a.png", detector=ScriptedDetector(look)) == ()
    assert livecam.detect(str(tmp_path / "a.png"), detector=ScriptedDetector(look)) == ()
    assert sizes == [(64, 48), (64, 48)]


@pytest.mark.parametrize("bad", [PICTURE[:, :, 0], PICTURE.astype(np.float32), np.zeros((4, 4, 4), np.uint8)])
def test_what_is_no_picture_is_told(bad: Image) -> None:
    with pytest.raises(UsageError, match=r"shape \(height, width, 3\)"):
        livecam.detect(bad, detector=ScriptedDetector(lambda _: ()))


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(SourceUnavailable, match="no such file"):
        livecam.detect("nowhere.jpg", detector=ScriptedDetector(lambda _: ()))


def test_a_failed_call_is_never_no_face() -> None:
    def fail(_: Frame) -> tuple[livecam.Face, ...]:
        raise DetectorError("it cannot answer")

    with pytest.raises(DetectorError, match="it cannot answer"):
        livecam.detect(PICTURE, detector=ScriptedDetector(fail))


def test_no_detector_is_told() -> None:
    with pytest.raises(UsageError, match="name one"):
        livecam.detect(PICTURE, detector="none")


def test_the_on_device_engine_finds_a_real_face(media: Path) -> None:
    (face,) = livecam.detect(media / "img_happy.jpg", detector="on-device")
    assert face.emotions
    assert face.emotions[0].emotion == "HAPPY"


@pytest.mark.parametrize("bad", [None, [1, 2], b"bytes", 7, np.zeros((0, 0, 3), np.uint8)])
def test_what_is_no_picture_at_all_is_told_too(bad: object) -> None:
    with pytest.raises(UsageError, match="a picture is"):
        livecam.detect(bad, detector=ScriptedDetector(lambda _: ()))  # type: ignore[arg-type]


def test_whatever_a_detector_raises_is_a_detector_error() -> None:
    def fail(_: Frame) -> tuple[livecam.Face, ...]:
        raise RuntimeError("boom")

    with pytest.raises(DetectorError, match="scripted failed: RuntimeError: boom"):
        livecam.detect(PICTURE, detector=ScriptedDetector(fail))
