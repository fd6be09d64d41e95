from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from livecam.config import load_settings
from livecam.dashboard.call_controls import (
    ALONE,
    NO_STAND_IN,
    NOT_ASKED,
    NOT_PACED,
    NOT_PAID,
    NOT_PRICED,
    RATES,
    STARTED_HERE,
    CallControls,
)
from livecam.detections import DetectorInfo
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import UsageError
from livecam.events import BudgetReached, PaceChanged
from livecam.pipeline.budget import Budget, RunLimit
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pricing import nano
from livecam.testing.clock import FakeClock
from tests.pipeline.parts import FreePacer, Happenings

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.protocols import FaceDetector

PRICE = 0.001
QUOTA = 25.0


def a_detector(name: str) -> FaceDetector:
    info = DetectorInfo(name=name, is_approximate=name == "on-device", unclear_below=50.0)
    return ScriptedDetector(lambda _frame: (), info=info)


class Rig:
    """The controls of a run that pays its calls and has another detector, unless told otherwise."""

    def __init__(
        self, name: str = "rekognition", *, stand_in: str | None = "on-device", is_priced: bool = True
    ) -> None:
        self.happenings, self.pacer = Happenings(), FreePacer()
        self.detection = DetectionLoop(
            detector=a_detector(name),
            pacer=self.pacer,
            in_flight=1,
            deadline=1.0,
            clock=FakeClock(),
            publish=self.happenings,
        )
        if stand_in is not None:
            self.detection.fall_back_on(a_detector(stand_in), FreePacer())
        self.limit = RunLimit()
        if is_priced:
            self.budget = Budget(
                price=nano(PRICE),
                detector=name,
                clock=FakeClock(),
                publish=self.happenings,
                limits=[self.limit],
            )
            self.detection.pay_from(self.budget)
        self.controls = CallControls(self.detection, rate_of=lambda asked: min(asked or 2.0, QUOTA))

    def set(self, name: str, value: object) -> object:
        self.controls.by_name[name](value)
        return self.holds(name)

    def holds(self, name: str) -> object:
        return self.controls.now()[name]["value"]


@pytest.fixture
def rig() -> Rig:
    return Rig()


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(UsageError) as told:
        act()
    assert "\n" not in str(told.value)
    return str(told.value)


def test_another_rate_is_taken_at_once_and_told_once(rig: Rig) -> None:
    assert rig.holds("rate") == 10.0
    assert rig.set("rate", 5) == 5.0
    assert rig.set("rate", 5.0) == 5.0
    assert rig.pacer.asked == 5.0
    assert [event.rate for event in rig.happenings.of(PaceChanged)] == [5.0]


def test_no_more_is_asked_for_than_the_quota_allows(rig: Rig) -> None:
    assert rig.set("rate", 100) == QUOTA


def test_no_rate_means_the_usual_one(rig: Rig) -> None:
    assert rig.set("rate", None) == 2.0


@pytest.mark.parametrize("value", [0, -1, 121, True, "fast", [5], {}, float("nan"), 10**400])
def test_a_rate_that_is_none_is_refused_as_on_the_command_line(rig: Rig, value: object) -> None:
    told = refused(lambda: rig.set("rate", value))
    assert told == refused(lambda: load_settings({"rate": value}))
    assert told.startswith("--rate")
    assert rig.holds("rate") == 10.0


def test_the_settings_take_every_rate_that_is_offered() -> None:
    for rate in RATES[:2]:
        assert load_settings({"rate": rate}).rate == rate


def test_where_calls_are_not_paced_no_rate_is_taken(rig: Rig) -> None:
    controls = CallControls(rig.detection)
    assert (controls.now()["rate"]["value"], controls.now()["rate"]["obstacle"]) == (None, NOT_PACED)
    assert refused(lambda: controls.by_name["rate"](5)) == f"rate cannot be used: {NOT_PACED}"


async def test_a_budget_is_set_changed_and_removed(rig: Rig) -> None:
    assert rig.holds("budget") is None
    assert rig.set("budget", 0.5) == 0.5
    assert rig.limit.limit == nano(0.5)
    assert rig.set("budget", 0.25) == 0.25
    assert rig.set("budget", None) is None
    assert rig.limit.limit is None


async def test_a_budget_below_what_was_spent_stops_the_calls_and_says_so(rig: Rig) -> None:
    for _ in range(3):
        payment = await rig.budget.reserve()
        assert payment is not None
        payment.charged()
    rig.set("budget", 0.002)
    assert await rig.budget.reserve() is None
    assert [event.share for event in rig.happenings.of(BudgetReached)] == [1.0]
    rig.set("budget", 0.004)
    assert await rig.budget.reserve() is not None
    assert await rig.budget.reserve() is None


@pytest.mark.parametrize("value", [0, -0.5, 2_000_000, True, "much", ["1"]])
def test_a_budget_that_is_none_is_refused_as_on_the_command_line(rig: Rig, value: object) -> None:
    told = refused(lambda: rig.set("budget", value))
    assert told == refused(lambda: load_settings({"budget": value}))
    assert rig.holds("budget") is None


def test_a_budget_that_pays_no_call_is_refused(rig: Rig) -> None:
    told = refused(lambda: rig.set("budget", 0.0001))
    assert told == "--budget 0.0001 cannot be used: one call costs $0.001; give at least that"


def test_what_is_free_or_has_no_price_has_no_budget() -> None:
    rig = Rig(is_priced=False)
    assert rig.controls.now()["budget"]["obstacle"] == NOT_PAID
    assert refused(lambda: rig.set("budget", 1)) == f"budget cannot be used: {NOT_PAID}"
    assert CallControls(rig.detection, is_paid=True).now()["budget"]["obstacle"] == NOT_PRICED


def test_the_stand_in_is_chosen_and_the_own_detector_again(rig: Rig) -> None:
    assert rig.controls.now()["detector"]["choices"] == ["rekognition", "on-device"]
    assert rig.holds("detector") == "rekognition"
    assert rig.set("detector", "on-device") == "on-device"
    assert rig.detection.is_held
    assert rig.set("detector", "rekognition") == "rekognition"
    assert not rig.detection.is_held


@pytest.mark.parametrize("value", ["auto", "none", "", None, True, ["on-device"]])
def test_a_detector_that_this_run_has_not_is_refused(rig: Rig, value: object) -> None:
    told = refused(lambda: rig.set("detector", value))
    assert told.endswith("cannot be used: give rekognition or on-device")
    assert rig.holds("detector") == "rekognition"


@pytest.mark.parametrize(
    ("name", "why"), [("on-device", STARTED_HERE), ("rekognition", NO_STAND_IN), ("mine", ALONE)]
)
def test_a_run_with_one_detector_says_why_there_is_no_other(name: str, why: str) -> None:
    rig = Rig(name, stand_in=None, is_priced=False)
    now = rig.controls.now()["detector"]
    assert (now["value"], now["choices"], now["obstacle"]) == (name, [name], why)
    assert rig.set("detector", name) == name
    other = "rekognition" if name != "rekognition" else "on-device"
    assert refused(lambda: rig.set("detector", other)) == f"detector '{other}' cannot be used: {why}"


def test_a_run_without_a_detector_says_so_everywhere() -> None:
    controls = CallControls(None)
    now = controls.now()
    assert (now["rate"]["obstacle"], now["detector"]["obstacle"]) == (NOT_ASKED, NOT_ASKED)
    assert {each["value"] for each in now.values()} == {None}
    assert refused(lambda: controls.by_name["rate"](5)) == f"rate cannot be used: {NOT_ASKED}"
    assert refused(lambda: controls.by_name["budget"](5)) == f"budget cannot be used: {NOT_PAID}"
    assert NOT_ASKED in refused(lambda: controls.by_name["detector"]("on-device"))
