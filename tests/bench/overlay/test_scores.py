from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.scores import scored
from livecam.faces import Emotion
from tests.bench.overlay.faces import a_shown_face, a_shown_frame, a_true_face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.overlay.results import MethodResult, ShownFace, TrueFace

FRAMES = 40
"""At ten a second."""


def left_at(index: int) -> float:
    """Of a face 0.2 wide that goes to and fro, turning gently."""
    return 0.3 + 0.0005 * (index - FRAMES / 2) ** 2


TRUTH = [
    (a_true_face(0, left_at(index)), a_true_face(1, left_at(index), top=0.7, emotion=Emotion.SAD))
    for index in range(FRAMES)
]


def result_of(
    shown: Sequence[tuple[ShownFace, ...]],
    *,
    truth: Sequence[tuple[TrueFace, ...]] | None = None,
    known: tuple[int, ...] = (0, 1),
) -> MethodResult:
    frames = [a_shown_frame(index, *faces, known=known) for index, faces in enumerate(shown)]
    return scored("flow", TRUTH if truth is None else truth, frames)


def boxes(
    lag: int = 0, *, ids: tuple[int, int] = (1, 2), swapped: bool = False
) -> list[tuple[ShownFace, ...]]:
    happy, sad = (Emotion.SAD, Emotion.HAPPY) if swapped else (Emotion.HAPPY, Emotion.SAD)
    lefts = [left_at(max(index - lag, 0)) for index in range(FRAMES)]
    return [
        (a_shown_face(ids[0], left, emotion=happy), a_shown_face(ids[1], left, top=0.7, emotion=sad))
        for left in lefts
    ]


def test_perfect_boxes_score_one() -> None:
    result = result_of(boxes())

    scores = result.scores
    assert (scores.iou, scores.iou_all, scores.p5) == pytest.approx((1.0, 1.0, 1.0))
    assert (scores.over_50, scores.over_70) == (1.0, 1.0)
    assert scores.jitter == pytest.approx(0.0, abs=1e-9)
    assert (scores.ghosts, scores.ghost_seconds, scores.id_changes, scores.never_shown) == (0.0, 0.0, 0, 0)
    assert (scores.first_box_median, scores.first_box_p95) == (0.0, 0.0)
    assert (scores.labels_right, scores.labels_of_others) == (1.0, 0.0)
    assert scores.face_frames == 2 * FRAMES
    assert result.iou_over_time == pytest.approx([1.0] * FRAMES)


def test_empty_pictures_score_nothing() -> None:
    scores = result_of([()] * FRAMES).scores

    assert (scores.iou, scores.iou_all, scores.over_50, scores.p5) == (0.0, 0.0, 0.0, 0.0)
    assert scores.never_shown == 2
    assert (scores.jitter, scores.ghosts, scores.first_box_median) == (None, None, None)
    assert (scores.labels_right, scores.labels_of_others) == (None, None)


def test_late_boxes_score_what_they_overlap() -> None:
    late, later = result_of(boxes(lag=2)).scores, result_of(boxes(lag=6)).scores

    assert late.iou is not None
    assert later.iou is not None
    assert 0.9 > late.iou > later.iou > 0.2
    assert late.labels_right == 1.0


def test_a_constant_error_of_a_tenth_of_the_face_is_nine_elevenths() -> None:
    shifted = [
        (a_shown_face(1, left_at(index) + 0.02), a_shown_face(2, left_at(index) + 0.02, top=0.7))
        for index in range(FRAMES)
    ]

    scores = result_of(shifted).scores

    assert scores.iou == pytest.approx(0.9 / 1.1)
    assert scores.jitter == pytest.approx(0.0, abs=1e-9)


def test_swapped_boxes_cost_ids_and_labels_but_no_overlap() -> None:
    first, second = boxes(), boxes(ids=(2, 1), swapped=True)

    scores = result_of([*first[:20], *second[20:]]).scores

    assert scores.iou == pytest.approx(1.0)
    assert scores.id_changes == 2
    assert (scores.labels_right, scores.labels_of_others) == (0.5, 0.5)


def test_only_faces_answered_about_are_known_and_all_count_for_all() -> None:
    one_of_two = [faces[:1] for faces in boxes()]

    scores = result_of(one_of_two, known=(0,)).scores

    assert scores.iou == pytest.approx(1.0)
    assert scores.iou_all == pytest.approx(0.5)
    assert result_of(one_of_two, known=()).scores.iou is None


def test_faces_that_do_not_count_are_neither_missed_nor_ghosts() -> None:
    truth = [(first, a_true_face(1, second.box.left, top=0.7, counts=False)) for first, second in TRUTH]

    without, with_both = result_of([f[:1] for f in boxes()], truth=truth), result_of(boxes(), truth=truth)

    for scores in (without.scores, with_both.scores):
        assert scores.iou_all == pytest.approx(1.0)
        assert (scores.ghosts, scores.never_shown, scores.face_frames) == (0.0, 0, FRAMES)


def test_ghosts_are_a_share_of_the_boxes_and_last_for_seconds() -> None:
    shown: list[tuple[ShownFace, ...]] = [
        (*faces, a_shown_face(3, 0.05, top=0.05)) if index < 10 else faces
        for index, faces in enumerate(boxes())
    ]

    scores = result_of(shown).scores

    assert scores.ghosts == pytest.approx(10 / 90)
    assert scores.ghost_seconds == pytest.approx(1.0)


def test_first_boxes_are_timed() -> None:
    late = [() if index < 3 else faces[:1] if index < 6 else faces for index, faces in enumerate(boxes())]

    scores = result_of(late).scores

    assert scores.first_box_median == pytest.approx(0.45)
    assert scores.first_box_p95 == pytest.approx(0.585)


def test_who_flickers_in_the_reference_need_not_be_shown() -> None:
    truth = [faces if 5 <= index < 7 else faces[:1] for index, faces in enumerate(TRUTH)]

    assert result_of([faces[:1] for faces in boxes()], truth=truth).scores.never_shown == 0


def test_the_cpu_is_told_in_milliseconds_and_only_where_it_was_measured() -> None:
    frames = [a_shown_frame(i, cpu=0.002 if i else 0.010, answers=int(i == 5)) for i in range(11)]

    scores = scored("flow", [()] * 11, frames).scores

    assert scores.cpu_ms == pytest.approx((10 * 2 + 10) / 11)
    assert scores.cpu_ms_p95 == pytest.approx(6.0)
    assert scores.cpu_ms_answer == pytest.approx(2.0)
    assert result_of(boxes()).scores.cpu_ms is None


def test_a_clip_without_faces_or_frames_has_nothing_to_count() -> None:
    scores = scored("flow", [], []).scores

    assert (scores.iou, scores.iou_all, scores.jitter, scores.ghosts) == (None, None, None, None)
    assert (scores.ghost_seconds, scores.id_changes, scores.face_frames) == (0.0, 0, 0)


def test_labels_are_left_out_where_the_reference_does_not_know_them() -> None:
    frames = [a_shown_frame(index, *faces) for index, faces in enumerate(boxes())]

    scores = scored("trace", TRUTH, frames, scores_labels=False).scores

    assert (scores.labels_right, scores.labels_of_others) == (None, None)
