"""What a page sets while a run goes on: refused in a sentence, or it holds and is told as it was given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import strategies as st

from livecam.dashboard.controls import LONGEST_MARK
from livecam.errors import UsageError
from livecam.events import MomentMarked
from livecam.pricing import nano
from tests.dashboard.test_call_controls import QUOTA
from tests.dashboard.test_call_controls import Rig as CallRig
from tests.dashboard.test_controls import Rig
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import TEXTS, VALUES

CONTROLS = ("pause_sending", "mode", "record", "mark", "stop")
SENSIBLE = st.one_of(
    st.booleans(),
    st.sampled_from(["live", "aligned", "Live", "rekognition", "on-device", None, 0, 1]),
    st.floats(0, 200),
    st.text(max_size=LONGEST_MARK + 10),
)
GIVEN = st.one_of(VALUES, SENSIBLE)


@pytest.fixture
def rig(tmp_path: Any) -> Rig:  # noqa: ANN401  pytest's
    return Rig(tmp_path)


@fuzzed(100, name=st.one_of(st.sampled_from(CONTROLS), TEXTS), value=GIVEN)
def test_a_control_takes_what_it_can_hold_and_refuses_the_rest(rig: Rig, name: str, value: Any) -> None:  # noqa: ANN401
    before = rig.controls.now()
    try:
        now = rig.controls.perform(name, value)
    except UsageError as error:
        assert_told(error)
        assert rig.controls.now() == before
        return
    json.dumps(now, allow_nan=False)
    held = now[name]["value"]
    if name == "mark":
        assert held == " ".join(value.split())
        assert rig.events[-1] == MomentMarked(at=rig.clock.now(), source="test", text=held)
    else:
        assert (held, type(held)) == ((True, bool) if name == "stop" else (value, type(value)))
    assert {key: each for key, each in now.items() if key != name} == {
        key: each for key, each in before.items() if key != name
    }


@fuzzed(100, name=st.sampled_from(["rate", "budget", "detector"]), value=GIVEN)
def test_a_rate_a_budget_and_a_detector_hold_or_are_refused(name: str, value: Any) -> None:  # noqa: ANN401
    rig = CallRig()
    before = rig.controls.now()
    try:
        held = rig.set(name, value)
    except UsageError as error:
        assert_told(error)
        assert rig.controls.now() == before
        return
    json.dumps(rig.controls.now(), allow_nan=False)
    if name == "detector":
        assert held == value
    elif value is None:
        assert held in (None, 2.0)
    elif name == "rate":
        assert held == min(float(value), QUOTA)
    else:
        assert isinstance(held, float)
        assert nano(held) == nano(float(value))
