from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.selection.choice import Choice
from livecam.selection.every import Every
from tests.selection.evidence import a_seen_face

if TYPE_CHECKING:
    from livecam.selection.choice import Policy


def test_every_frame_is_worth_a_call_whatever_is_known() -> None:
    policy: Policy = Every()
    face = a_seen_face(0.0)
    by_pace = Choice(is_chosen=True, reason="pace")
    assert policy.choose(0.0, []) == policy.choose(0.0, [face], has_cut=True) == by_pace
    policy.sent(0.0, [face])
    assert policy.choose(0.01, [face]) == by_pace
    policy.answered(0.0, {1: (None, Emotion.HAPPY)})
    policy.failed(0.01)
    assert policy.choose(0.02, [face]) == by_pace
