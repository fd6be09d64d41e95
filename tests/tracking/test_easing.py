import math

import pytest

from livecam.faces import BoundingBox
from livecam.tracking.easing import LARGEST, TAU, Easing

BEFORE = BoundingBox(0.4, 0.4, 0.2, 0.2)
AFTER = BoundingBox(0.42, 0.4, 0.2, 0.2)


def test_a_corrected_box_begins_where_it_was_shown() -> None:
    easing = Easing()
    easing.corrected(BEFORE, AFTER)
    assert easing.applied_to(AFTER).left == pytest.approx(0.4)


def test_it_glides_to_its_place() -> None:
    easing = Easing()
    easing.corrected(BEFORE, AFTER)
    easing.passed(TAU)
    assert easing.applied_to(AFTER).left == pytest.approx(0.42 - 0.02 / math.e)
    easing.passed(10.0)
    assert easing.applied_to(AFTER).left == pytest.approx(0.42)


def test_the_pace_does_not_depend_on_the_frames_between() -> None:
    once, often = Easing(), Easing()
    for easing, steps in ((once, 1), (often, 7)):
        easing.corrected(BEFORE, AFTER)
        for _ in range(steps):
            easing.passed(0.07 / steps)
    assert once.applied_to(AFTER).left == pytest.approx(often.applied_to(AFTER).left)


def test_what_was_far_off_jumps() -> None:
    easing = Easing()
    far = BoundingBox(0.4 + 0.2 * (LARGEST + 0.01), 0.4, 0.2, 0.2)
    easing.corrected(BEFORE, far)
    assert easing.applied_to(far) == far


def test_it_can_be_stopped() -> None:
    easing = Easing()
    easing.corrected(BEFORE, AFTER)
    easing.stop()
    assert easing.applied_to(AFTER) == AFTER
