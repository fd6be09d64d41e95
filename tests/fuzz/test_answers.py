"""Answers of DetectFaces: what cannot be read is an error, never "no face"; what is shown is in its range."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.responses import faces_of
from livecam.clock import SystemClock
from livecam.detectors.rekognition import RekognitionDetector
from livecam.errors import CloudError
from tests.aws.environment import access_to
from tests.aws.test_responses import whole
from tests.aws.wire import WireServer, http
from tests.builders import a_frame
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, Changes, Damage, Whole
from tests.requirements import seed_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.faces import Face
    from tests.aws.wire import Exchange

EDGE = 1e-6
"""By which a box may reach beyond the frame: 0.7 + 0.3 may be a little more than 1."""


@pytest.fixture(scope="module")
def answer() -> Whole:
    """Return the recorded answer, and beside its face another with all that there is."""
    recorded: dict[str, Any] = json.loads(seed_answer().read_text(encoding="utf-8"))
    recorded["FaceDetails"].append(whole())
    return Whole(recorded)


class Service:
    """Answers each call with the bytes that a case says."""

    def __init__(self) -> None:
        self.answer = b""
        self._server = WireServer([self._script]).__enter__()
        self.detector = RekognitionDetector(access_to(self._server.url), clock=SystemClock())

    def _script(self, exchange: Exchange) -> bool:
        exchange.write(self.answer)
        return False

    def close(self) -> None:
        self._server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.close()


def assert_can_be_shown(faces: Sequence[Face]) -> None:
    """See that every face has its place in the picture, and numbers that mean something."""
    for face in faces:
        box = face.box
        assert min(box.left, box.top, box.width, box.height) >= 0
        assert max(box.right, box.bottom) <= 1 + EDGE
        percents = [face.confidence, *(score.confidence for score in face.emotions or ())]
        percents += [face.quality.brightness, face.quality.sharpness] if face.quality else []
        judged = (
            face.smile,
            face.gender,
            face.eyeglasses,
            face.eyes_open,
            face.face_occluded,
            face.eye_direction,
        )
        percents += [each.confidence for each in judged if each is not None]
        assert all(0 <= each <= 100 for each in percents)
        strengths = [score.confidence for score in face.emotions or ()]
        assert strengths == sorted(strengths, reverse=True)
        points = [number for point in face.landmarks or () for number in (point.x, point.y)]
        points += [face.pose.roll, face.pose.yaw, face.pose.pitch] if face.pose else []
        assert all(map(math.isfinite, points))
        assert face.age_range is None or isinstance(face.age_range.low, int)


@fuzzed(100, changes=CHANGES)
def test_an_answer_with_anything_in_it_is_refused_or_can_be_shown(answer: Whole, changes: Changes) -> None:
    changed = changes.of(answer.content)
    if not isinstance(changed, dict):
        return  # botocore gives none
    try:
        faces = faces_of(changed)
    except BrokenAnswer:
        return
    assert_can_be_shown(faces)
    assert len(faces) == len(changed["FaceDetails"])


@fuzzed(40, changes=CHANGES, status=st.sampled_from([200, 200, 200, 400, 500, 302, 204]))
def test_a_call_that_is_answered_with_anything_shows_that_or_says_why_not(
    answer: Whole, service: Service, changes: Changes, status: int
) -> None:
    changed = changes.of(answer.content)
    service.answer = http(json.dumps(changed).encode("utf-8", "surrogatepass"), status=status)
    said = shown(service)
    assert said is None or said == len(changed["FaceDetails"])


@fuzzed(40, damage=DAMAGE)
def test_a_call_that_is_answered_with_damaged_bytes_shows_faces_or_says_why_not(
    answer: Whole, service: Service, damage: Damage
) -> None:
    service.answer = damage.of(http(json.dumps(answer.content).encode()))
    shown(service)


def shown(service: Service) -> int | None:
    """Return how many faces a call shows; None where it says why it failed."""
    try:
        detection = service.detector.detect(a_frame(width=160, height=120))
    except CloudError as error:
        assert_told(error)
        return None
    assert_can_be_shown(detection.faces)
    return len(detection.faces)
