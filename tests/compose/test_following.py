from __future__ import annotations

import dataclasses

import pytest

from livecam.clock import SystemClock
from livecam.compose.following import LONGEST_MEMORY, RARE_CALLS, SLACK, Following, following_of
from livecam.config import load_settings
from livecam.detectors.scripted import INFO, ScriptedDetector
from livecam.events import PaceChanged
from livecam.pipeline.event_bus import EventBus

PAID = dataclasses.replace(INFO, is_paid=True)


def a_following(*, has_stills: bool = False, is_paid: bool = True, **given: object) -> Following:
    settings = load_settings({"source": "demo", **given})
    detector = ScriptedDetector(lambda _: (), info=PAID if is_paid else INFO)
    return following_of(settings, detector, SystemClock(), EventBus(), has_stills=has_stills)


def test_paid_calls_have_a_finder_beside_them_and_are_chosen() -> None:
    following = a_following()
    assert following.finder is not None
    assert following.selector is not None
    assert following.convention is not None


@pytest.mark.parametrize(("policy", "is_wanted"), [("every", False), ("smart", True)])
def test_how_faces_look_is_seen_only_where_that_decides_something(policy: str, *, is_wanted: bool) -> None:
    finder = a_following(policy=policy).finder
    assert finder is not None
    assert (finder._observe is not None) is is_wanted


def test_stills_have_nothing_to_follow() -> None:
    following = a_following(has_stills=True)
    assert (following.finder, following.selector, following.convention) == (None, None, None)


@pytest.mark.parametrize(("deadline", "memory"), [(3.0, 3.0 + SLACK), (500.0, LONGEST_MEMORY + SLACK)])
def test_frames_are_remembered_for_as_long_as_an_answer_may_take(deadline: float, memory: float) -> None:
    assert a_following(deadline=deadline).memory == memory


def test_calls_that_are_free_are_not_chosen() -> None:
    assert a_following(is_paid=False).selector is None


def test_where_the_user_asks_for_rare_calls_faces_are_waited_for_until_the_next_but_one() -> None:
    bus = EventBus()
    detector = ScriptedDetector(lambda _: (), info=PAID)
    tracks = following_of(
        load_settings({"source": "demo"}), detector, SystemClock(), bus, has_stills=False
    ).tracks
    before = tracks.patience
    bus(PaceChanged(at=1.0, source="demo", rate=0.1, reason="throttled"))
    assert tracks.patience == before
    bus(PaceChanged(at=2.0, source="demo", rate=0.1, reason="set by the user"))
    assert tracks.patience == RARE_CALLS / 0.1
    bus(PaceChanged(at=3.0, source="demo", rate=5.0, reason="set by the user"))
    assert tracks.patience == before
