from __future__ import annotations

import pytest

from livecam.faces import Emotion
from livecam.reports.agreement import Stretch, compared
from livecam.reports.seen import Span


def test_the_share_is_of_the_time_in_which_both_name_an_emotion() -> None:
    live = [Span(0, 3, Emotion.HAPPY, 90.0), Span(3, 4, Emotion.SAD, 90.0), Span(5, 6, Emotion.SAD, 90.0)]
    stored = [Span(1, 2, Emotion.HAPPY, 60.0), Span(2, 4, Emotion.SAD, 60.0), Span(4, 6, None, None)]
    agreement = compared(live, stored)
    assert agreement.stretches == (Stretch(1, 2, True), Stretch(2, 3, False), Stretch(3, 4, True))
    assert (agreement.agreed, agreement.compared) == (2, 3)
    assert agreement.share == pytest.approx(2 / 3)


def test_neighbouring_stretches_of_one_kind_are_one() -> None:
    live = [Span(0, 1, Emotion.HAPPY, 90.0), Span(1, 2, Emotion.SAD, 90.0)]
    assert compared(live, live).stretches == (Stretch(0, 2, True),)


def test_who_never_meets_has_no_share() -> None:
    one, other = [Span(0, 1, Emotion.HAPPY, 90.0)], [Span(1, 2, Emotion.HAPPY, 90.0)]
    assert compared(one, other).share is None
    assert compared([], []).stretches == ()
