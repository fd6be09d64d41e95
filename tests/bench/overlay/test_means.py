from __future__ import annotations

from dataclasses import replace

import pytest

from livecam.bench.overlay.means import CPU_SCORES, means, method_names, numbers
from tests.bench.overlay.samples import SCORES, a_result


def test_every_clip_counts_the_same() -> None:
    first, second = a_result(), a_result(methods=("hold",))
    hold = second.methods[0]
    second = replace(second, methods=(replace(hold, scores=replace(SCORES, iou=0.91, face_frames=9000)),))
    found = means([first, second])
    assert found["hold"]["iou"] == pytest.approx((0.71 + 0.91) / 2)
    assert found["merged"]["iou"] == 0.882


def test_a_score_that_a_clip_does_not_have_is_left_out_of_the_mean() -> None:
    first, second = a_result(methods=("hold",)), a_result(methods=("hold",))
    without = replace(second.methods[0], scores=replace(SCORES, iou=None, p5=None))
    found = means([first, replace(second, methods=(without,))])["hold"]
    assert found["iou"] == 0.71
    assert means([replace(second, methods=(without,))])["hold"]["p5"] is None


def test_methods_are_named_once_in_their_order() -> None:
    assert method_names([a_result(), a_result(methods=("hold", "flow"))]) == ("hold", "merged", "flow")
    assert means([]) == {}


def test_what_depends_on_the_machine_is_among_the_scores() -> None:
    assert set(CPU_SCORES) == {name for name in numbers(SCORES) if name.startswith("cpu")}
