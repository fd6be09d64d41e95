from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.detector import VirtualDetector
from livecam.bench.overlay.reference import AnsweredFace
from livecam.bench.overlay.request import Request
from livecam.faces import Emotion
from tests.bench.overlay.faces import a_box
from tests.builders import a_frame

if TYPE_CHECKING:
    from livecam.detections import Answer

FACES = (AnsweredFace(0, a_box(0.1), Emotion.HAPPY), AnsweredFace(1, a_box(0.6), Emotion.SAD))


def played(
    request: Request, frames: int, *, fps: float = 30.0, faces: tuple[AnsweredFace, ...] = FACES
) -> tuple[VirtualDetector, list[tuple[int, Answer]]]:
    """Offer frames; return the answers with the frame at which each had come."""
    detector, come = VirtualDetector(request), []
    for index in range(frames):
        frame = a_frame(index, at=1000 + index / fps)
        come += [(index, answer) for answer in detector.take(frame.captured_at)]
        detector.offer(frame, faces)
    return detector, come


def test_an_answer_comes_with_the_first_frame_after_its_latency() -> None:
    _, come = played(Request(latency=0.34, rate=2.0), 40)

    assert [(index, answer.sequence) for index, answer in come] == [(11, 0), (26, 15)]
    assert come[0][1].responded_at == pytest.approx(1000.34)
    assert come[0][1].captured_at == 1000.0


def test_the_pace_is_held_on_average_where_it_does_not_fit_the_frames() -> None:
    _, come = played(Request(latency=0.01, rate=7.0), 301)

    assert len(come) == 70


def test_no_more_than_two_calls_are_on_their_way() -> None:
    _, come = played(Request(latency=1.0, rate=5.0), 62)

    assert [answer.sequence for _, answer in come] == [0, 6, 30]


def test_answers_overtake_each_other_where_the_latency_varies() -> None:
    _, come = played(Request(latency=0.34, rate=5.0, jitter=0.8), 900)

    sequences = [answer.sequence for _, answer in come]
    latencies = [answer.responded_at - answer.captured_at for _, answer in come]
    assert sequences != sorted(sequences)
    assert statistics.median(latencies) == pytest.approx(0.34, rel=0.2)


def test_what_is_known_is_what_the_newest_frame_answered_about_has() -> None:
    detector = VirtualDetector(Request(latency=0.3, rate=2.0, jitter=0.8))
    newest = -1
    for index in range(600):
        frame = a_frame(index, at=1000 + index / 30)
        newest = max([newest, *(answer.sequence for answer in detector.take(frame.captured_at))])
        assert detector.answered == (None if newest < 0 else newest)
        assert detector.known == (frozenset() if newest < 0 else {newest})
        detector.offer(frame, (AnsweredFace(index, a_box(), Emotion.HAPPY),))
    assert newest > 0


def test_without_noise_the_boxes_are_the_references() -> None:
    _, come = played(Request(latency=0.1), 10)

    assert come[0][1].detection.faces[1].box.iou(a_box(0.6)) == pytest.approx(1.0)


def test_each_face_says_its_emotion() -> None:
    _, come = played(Request(latency=0.1), 10)

    faces = come[0][1].detection.faces
    said = [[(score.emotion, score.confidence) for score in face.emotions or ()] for face in faces]
    assert said == [[(Emotion.HAPPY, 99.0)], [(Emotion.SAD, 99.0)]]


def test_noise_is_a_share_of_the_face() -> None:
    faces = tuple(AnsweredFace(0, a_box(0.4), Emotion.HAPPY) for _ in range(3000))
    _, come = played(Request(latency=0.1, noise=0.03), 10, faces=faces)

    boxes = [face.box for face in come[0][1].detection.faces]
    assert statistics.stdev(box.center[0] for box in boxes) == pytest.approx(0.03 * 0.2, rel=0.1)
    assert statistics.stdev(box.height for box in boxes) == pytest.approx(0.03 * 0.2, rel=0.1)


def test_a_share_of_the_faces_is_missed_and_not_known() -> None:
    faces = tuple(AnsweredFace(person, a_box(), Emotion.HAPPY) for person in range(2000))
    detector, come = played(Request(latency=0.1, misses=0.3), 10, faces=faces)

    assert len(come[0][1].detection.faces) == pytest.approx(1400, rel=0.05)
    assert len(detector.known) == len(come[0][1].detection.faces)


def test_chance_is_the_same_for_the_same_seed() -> None:
    one, same, other = (played(Request(noise=0.03, jitter=0.5, seed=seed), 90)[1] for seed in (1, 1, 2))

    assert one == same
    assert one != other
