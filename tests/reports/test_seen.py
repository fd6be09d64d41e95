from __future__ import annotations

from livecam.faces import Emotion
from livecam.reports.seen import Span
from tests.reports.files import a_seen_face


def test_a_face_knows_when_it_was_there() -> None:
    face = a_seen_face("stored", 3, times=(1.0, 1.5, 2.5))
    assert (face.name, face.first, face.last, face.seconds) == ("stored 3", 1.0, 2.5, 1.5)


def test_a_span_knows_its_length() -> None:
    assert Span(1.0, 3.5, Emotion.SAD, 60.0).seconds == 2.5
