from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.label_truth import label_shares
from livecam.bench.overlay.matches import matched
from livecam.faces import Emotion
from tests.bench.overlay.faces import a_shown_face, a_shown_frame, a_true_face

if TYPE_CHECKING:
    from livecam.bench.overlay.results import ShownFace, ShownFrame, TrueFace

HAPPY, SAD, CALM = Emotion.HAPPY, Emotion.SAD, Emotion.CALM


def shares(
    *frames: tuple[tuple[TrueFace, ...], tuple[ShownFace, ...]], answered: int | None = 0
) -> tuple[float | None, float | None]:
    shown: list[ShownFrame] = [
        a_shown_frame(i, *faces, answered=answered) for i, (_, faces) in enumerate(frames)
    ]
    return label_shares(shown, [matched(true, faces) for true, faces in frames])


def two_faces(
    left: Emotion | None, right: Emotion | None
) -> tuple[tuple[TrueFace, ...], tuple[ShownFace, ...]]:
    """A happy person on the left and a sad one on the right, with these labels on them."""
    true = (a_true_face(0, 0.1, emotion=HAPPY), a_true_face(1, 0.6, emotion=SAD))
    return true, (a_shown_face(1, 0.1, emotion=left), a_shown_face(2, 0.6, emotion=right))


def test_each_persons_own_label_is_right() -> None:
    assert shares(two_faces(HAPPY, SAD)) == (1.0, 0.0)


def test_swapped_labels_are_another_persons() -> None:
    assert shares(two_faces(SAD, HAPPY)) == (0.0, 1.0)


def test_a_label_that_is_nobodys_is_wrong_but_not_anothers() -> None:
    assert shares(two_faces(HAPPY, CALM)) == (0.5, 0.0)


def test_faces_without_a_label_do_not_count() -> None:
    assert shares(two_faces(HAPPY, None)) == (1.0, 0.0)
    assert shares(two_faces(None, None)) == (None, None)


def test_a_label_on_no_face_is_a_ghosts() -> None:
    assert shares(((a_true_face(0, 0.1),), (a_shown_face(1, 0.6),))) == (None, None)


def test_what_the_face_did_on_the_answered_frame_is_right_until_the_next_answer() -> None:
    def frame(true: Emotion, label: Emotion) -> tuple[tuple[TrueFace, ...], tuple[ShownFace, ...]]:
        return (a_true_face(0, emotion=true),), (a_shown_face(emotion=label),)

    frames = [frame(HAPPY, HAPPY), frame(CALM, HAPPY), frame(CALM, CALM)]

    assert shares(*frames, answered=0) == (1.0, 0.0)
    right, of_others = shares(*frames, answered=2)
    assert right == pytest.approx(2 / 3)
    assert of_others == 0.0  # its own of before: stale, but nobody else's


def test_a_label_that_only_the_same_face_has_later_is_nobody_elses() -> None:
    early = ((a_true_face(0, emotion=HAPPY),), (a_shown_face(emotion=CALM),))
    later = ((a_true_face(0, emotion=CALM),), (a_shown_face(emotion=CALM),))

    assert shares(early, later) == (0.5, 0.0)
