from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.selection.changed import Changed
from tests.selection.evidence import SHARP, a_seen_face

if TYPE_CHECKING:
    from livecam.selection.choice import Policy


def answered_once(policy: Policy, at: float = 1000.0) -> None:
    face = a_seen_face(at)
    policy.choose(at, [face])
    policy.sent(at, [face])
    policy.answered(at, {1: (None, Emotion.CALM)})


def test_new_changed_and_old_faces_are_worth_a_call_and_others_not() -> None:
    policy: Policy = Changed(has_finder=True)
    assert policy.choose(1000.0, [a_seen_face(1000.0)]).reason == "new face"
    answered_once(policy)
    assert policy.choose(1001.2, [a_seen_face(1001.2, 0.019)]).reason == "unchanged"
    assert policy.choose(1002.4, [a_seen_face(1002.4, 0.021)]).reason == "changed"
    assert policy.choose(1010.0, [a_seen_face(1010.0)]).reason == "label old"
    assert policy.choose(1010.1, []).reason == "nobody"


def test_it_waits_for_no_sharper_face() -> None:
    policy = Changed(has_finder=True)
    answered_once(policy)
    blurred = a_seen_face(1001.2, 0.1, sharpness=SHARP / 10)
    assert policy.choose(1001.2, [blurred]).reason == "changed"


def test_its_threshold_stays_however_often_it_asks_in_vain() -> None:
    policy = Changed(has_finder=True, threshold=0.05)
    answered_once(policy)
    for step in range(1, 30):
        at, distance = 1000.0 + 1.2 * step, 0.051 * (step % 2)
        face = a_seen_face(at, distance, answered_at=at - 1.2)
        assert policy.choose(at, [face]).reason == "changed", step
        policy.sent(at, [face])
        policy.answered(at, {1: (Emotion.CALM, Emotion.CALM)})


def test_without_a_finder_every_frame_is_worth_a_call() -> None:
    assert Changed(has_finder=False).choose(1000.0, []).reason == "pace"
    assert Changed(has_finder=True, refresh=5.0).refresh == 5.0
