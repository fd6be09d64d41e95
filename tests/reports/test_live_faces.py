from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.archive.sidecar import read_sidecar
from livecam.faces import Emotion
from livecam.reports.live_faces import live_faces
from livecam.reports.seen import Span
from tests.reports.files import a_live_face, tenths, write_sidecar

if TYPE_CHECKING:
    from pathlib import Path


def test_labels_become_spans_that_last_until_the_next_frame(tmp_path: Path) -> None:
    frames = [(time, [a_live_face(emotion="HAPPY" if time < 1 else "SAD")]) for time in tenths(0, 2)]
    (face,) = live_faces(read_sidecar(write_sidecar(tmp_path / "s", *frames)), 2.0)
    assert [(span.start, span.end, span.emotion) for span in face.spans] == [
        (0.0, 1.0, Emotion.HAPPY),
        (1.0, 2.0, Emotion.SAD),
    ]
    assert len(face.moments) == 20


def test_faces_are_told_apart_by_their_tracks(tmp_path: Path) -> None:
    frames = [(time, [a_live_face(7), a_live_face(2)]) for time in tenths(0, 1)]
    faces = live_faces(read_sidecar(write_sidecar(tmp_path / "s", *frames)), None)
    assert [face.name for face in faces] == ["live 2", "live 7"]


@pytest.mark.parametrize(
    "face",
    [
        a_live_face(emotion=None),
        a_live_face(is_outdated=True),
        a_live_face(age=None, emotion_source=None, emotion=None, confidence=None),
    ],
    ids=["unclear", "outdated", "new"],
)
def test_a_label_that_names_no_emotion_claims_nothing(tmp_path: Path, face: dict[str, object]) -> None:
    sidecar = read_sidecar(write_sidecar(tmp_path / "s", (0.0, [face]), (0.1, [face])))
    (seen,) = live_faces(sidecar, 0.2)
    assert seen.spans == (Span(0.0, 0.2, None, None),)


def test_nothing_is_claimed_for_the_time_a_camera_was_away(tmp_path: Path) -> None:
    frames = [(0.0, [a_live_face()]), (0.1, [a_live_face()]), (9.0, [a_live_face()])]
    (face,) = live_faces(read_sidecar(write_sidecar(tmp_path / "s", *frames)), 9.1)
    assert [(span.start, span.end) for span in face.spans] == [(0.0, 1.1), (9.0, 9.1)]


def test_a_face_that_stands_twice_on_one_frame_counts_once(tmp_path: Path) -> None:
    sidecar = read_sidecar(write_sidecar(tmp_path / "s", (0.0, [a_live_face(), a_live_face()])))
    (face,) = live_faces(sidecar, None)
    assert len(face.moments) == 1
    assert face.spans == ()


def test_a_clip_without_frames_has_no_faces(tmp_path: Path) -> None:
    assert live_faces(read_sidecar(write_sidecar(tmp_path / "s")), 3.0) == ()
