from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.policies import REAL
from livecam.bench.selection.request import Request
from livecam.bench.selection.simulation import compared, simulate
from livecam.errors import MissingDependency
from livecam.sources.demo_scene import load_portrait
from tests.bench.selection.samples import CALM, HAPPY, SAD, lasting, parts
from tests.requirements import installed_models, skip_unless
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from pathlib import Path

CLIP = lasting((None, 20), (CALM, 20), (HAPPY, 20), (SAD, 20))


def test_every_policy_is_run_on_the_same_clip_and_compared_with_the_first() -> None:
    result = compared(CLIP, Request())
    assert [each.policy for each in result.policies] == ["every", "every@1", "every@0.5", "changed", "smart"]
    every, *_, smart = (each.scores for each in result.policies)
    assert (every.calls, every.calls_share) == (160, 1.0)
    assert smart.calls_share is not None
    assert smart.calls_share < 0.1
    assert smart.seen == every.seen == 1.0


def test_the_same_request_finds_the_same() -> None:
    request = Request(wrong=0.2, seed=3)
    assert compared(CLIP, request) == compared(CLIP, request)


def test_wrong_answers_make_labels_wrong() -> None:
    right = [compared(CLIP, Request(wrong=wrong)).policies[0].scores.right for wrong in (0.0, 0.3)]
    assert right[0] is not None
    assert right[1] is not None
    assert right[1] < right[0] - 0.05


def test_a_clip_is_gone_through_with_the_parts_that_were_given(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "walk.mp4", [n / 10 for n in range(30)], size=(160, 120))
    result = simulate(Request(policies=("every",)), path, parts=parts())
    assert result.observation.clip == "walk"
    assert result.policies[0].scores.calls == 6


@pytest.mark.timeout(120)
def test_an_always_present_face_costs_smart_a_third_of_a_fixed_pace_and_no_change() -> None:
    installed_models()
    try:
        load_portrait()
    except MissingDependency as error:
        skip_unless(False, str(error))
    result = simulate(Request(variant="always", minutes=1.0, policies=("smart",)), None, parts=REAL)
    every, smart = (each.scores for each in result.policies)
    assert every.changes >= 5
    assert smart.calls_share is not None
    assert smart.calls_share <= 0.35
    assert smart.seen_share is not None
    assert smart.seen_share >= 0.95
    assert result.observation.evidence_ms is not None
