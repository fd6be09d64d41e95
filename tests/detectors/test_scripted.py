from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from livecam.detections import DetectorInfo
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import DetectionAborted, DetectorError
from tests.builders import a_face, a_frame

if TYPE_CHECKING:
    from livecam.faces import Face
    from livecam.frames import Frame

DEAD_AFTER = 20
FOR_EVER = 10 * DEAD_AFTER


def test_it_answers_from_its_script() -> None:
    detector = ScriptedDetector(lambda frame: (a_face(frame.sequence / 10),))
    detector.warm()
    assert detector.detect(a_frame(3)).faces == (a_face(0.3),)
    assert detector.detect(a_frame(5)).faces == (a_face(0.5),)
    assert detector.info.name == "scripted"


def test_it_states_its_delay_as_its_time() -> None:
    assert ScriptedDetector(lambda _: (), delay=0.001).detect(a_frame()).timing == {"wait": 0.001}


def test_it_calls_itself_what_it_is_told() -> None:
    info = DetectorInfo("rekognition", is_approximate=False, unclear_below=50.0)
    assert ScriptedDetector(lambda _: (), info=info).info is info


def test_it_raises_what_its_script_raises_and_answers_again_after_it() -> None:
    def answer(frame: Frame) -> tuple[Face, ...]:
        if frame.sequence == 0:
            raise DetectorError("throttled")
        return ()

    detector = ScriptedDetector(answer)
    with pytest.raises(DetectorError, match="throttled"):
        detector.detect(a_frame(0))
    assert detector.detect(a_frame(1)).faces == ()


class RunningCalls(dict[int, threading.Event]):
    """Tells when two calls wait."""

    def __init__(self) -> None:
        super().__init__()
        self.are_two = threading.Event()

    def __setitem__(self, sequence: int, aborted: threading.Event) -> None:
        super().__setitem__(sequence, aborted)
        if len(self) == 2:
            self.are_two.set()


def test_an_abort_ends_the_wait_of_its_own_call_only() -> None:
    detector = ScriptedDetector(lambda _: (), delay=FOR_EVER)
    running = detector._running = RunningCalls()
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(detector.detect, a_frame(sequence)) for sequence in (1, 2)]
        assert running.are_two.wait(DEAD_AFTER)
        detector.abort(a_frame(1))
        with pytest.raises(DetectionAborted, match="frame 1 was ended"):
            calls[0].result(DEAD_AFTER)
        assert not calls[1].done()
        detector.abort(a_frame(2))
        with pytest.raises(DetectionAborted):
            calls[1].result(DEAD_AFTER)
