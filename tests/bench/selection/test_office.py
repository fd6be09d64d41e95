from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.office import observe_office
from livecam.bench.selection.request import Request
from livecam.errors import MissingDependency
from livecam.sources.demo_scene import load_portrait
from livecam.sources.demo_scene.office import changes
from livecam.sources.demo_scene.office_schedule import schedule
from tests.bench.selection.samples import parts
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from livecam.bench.selection.results import Observation

MINUTES = 0.6


@pytest.fixture(scope="module")
def observed() -> Observation:
    try:
        load_portrait()
    except MissingDependency as error:
        skip_unless(False, str(error))
    return observe_office(Request(minutes=MINUTES, variant="always"), parts(), lambda done, total: None)


def test_every_frame_is_told_with_its_truth_and_activity(observed: Observation) -> None:
    assert len(observed.frames) == round(MINUTES * 600)
    assert observed.duration == pytest.approx(MINUTES * 60)
    assert {frame.activity for frame in observed.frames} == {"work", "talk", "lively"}
    assert all(len(frame.truth) == 1 for frame in observed.frames)
    assert (observed.clip, observed.path) == ("always", None)


def test_changes_are_those_of_the_schedule(observed: Observation) -> None:
    planned = changes(schedule("always", MINUTES * 60))
    assert [change.emotion for change in observed.changes] == [emotion for _, emotion in planned]
    for change, (at, _) in zip(observed.changes, planned, strict=True):
        assert change.at == pytest.approx(at, abs=0.11)


def test_the_finder_looked_at_every_second_frame(observed: Observation) -> None:
    looked = [frame.sequence for frame in observed.frames if frame.looked_at is not None]
    assert {after - before for before, after in pairwise(looked)} == {2}


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    observe_office(Request(minutes=0.1), parts(), lambda done, total: told.append((done, total)))
    assert told[0] == (1, 60)
    assert told[-1] == (60, 60)
