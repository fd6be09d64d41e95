from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from livecam.clock import SystemClock
from livecam.compose.selection import policy_name, selector_of
from livecam.config import load_settings
from livecam.detectors.scripted import INFO, ScriptedDetector
from livecam.pipeline.event_bus import EventBus
from livecam.selection.changed import Changed
from livecam.selection.every import Every
from livecam.selection.smart import Smart

if TYPE_CHECKING:
    from livecam.pipeline.selecting import Selector


def a_detector(*, is_paid: bool) -> ScriptedDetector:
    return ScriptedDetector(lambda _: (), info=dataclasses.replace(INFO, is_paid=is_paid))


def a_selector(*, is_paid: bool, has_finder: bool = True, **given: object) -> Selector | None:
    settings = load_settings({"source": "demo", **given})
    return selector_of(
        settings, a_detector(is_paid=is_paid), SystemClock(), EventBus(), has_finder=has_finder
    )


@pytest.mark.parametrize(
    ("given", "is_paid", "name"),
    [
        ({}, True, "smart"),
        ({}, False, "every"),
        ({"policy": "every"}, True, "every"),
        ({"policy": "changed"}, False, "changed"),
    ],
)
def test_paid_calls_are_made_when_they_are_worth_it_unless_told_otherwise(
    given: dict[str, object], *, is_paid: bool, name: str
) -> None:
    settings = load_settings({"source": "demo", **given})
    assert policy_name(settings, a_detector(is_paid=is_paid)) == name


def test_where_calls_are_free_every_frame_is_offered_without_further_ado() -> None:
    assert a_selector(is_paid=False) is None


@pytest.mark.parametrize(("policy", "kind"), [("every", Every), ("changed", Changed), ("smart", Smart)])
def test_each_policy_has_its_name(policy: str, kind: type) -> None:
    selector = a_selector(is_paid=True, policy=policy)
    assert selector is not None
    assert type(selector.policy) is kind


def test_a_label_lasts_as_long_as_a_face_is_not_asked_about_again() -> None:
    smart, blind = a_selector(is_paid=True), a_selector(is_paid=True, has_finder=False)
    every = a_selector(is_paid=True, policy="every")
    assert smart is not None
    assert blind is not None
    assert every is not None
    assert isinstance(smart.policy, Smart)
    assert (smart.labels_last, blind.labels_last, every.labels_last) == (smart.policy.refresh, 0.0, 0.0)


@pytest.mark.parametrize(("given", "asked"), [("off", False), (30, True)])
def test_how_often_an_empty_room_is_looked_at_can_be_set(given: object, *, asked: bool) -> None:
    selector = a_selector(is_paid=True, nobody_check=given)
    assert selector is not None
    choices = [selector.policy.choose(100.0 + second, ()) for second in range(40)]
    assert any(choice.is_chosen for choice in choices) is asked
