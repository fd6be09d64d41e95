from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass, field

import pytest

from livecam.payload import PayloadPlanner, Plan, SentPicture, upload_time

SERVICE = 0.34


@dataclass
class Link:
    """A planner behind an uplink, told of two calls a second; the clock is made of numbers."""

    planner: PayloadPlanner
    megabits: float = 20.0
    frame_width: int = 1280
    frame_height: int = 720
    spread: float = 0.05
    face: float | None = None
    """Height in pixels of the frame."""
    now: float = 1000.0
    seed: int = 1
    told: list[Plan] = field(default_factory=list)
    sent: list[Plan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311  repeatable noise

    def calls(self, count: int) -> Link:
        for _ in range(count):
            plan = self.planner.plan(self.now, width=self.frame_width)
            self.sent.append(plan)
            if plan.is_new:
                self.told.append(plan)
            self._answer(plan)
            self.now += 0.5
        return self

    def _answer(self, plan: Plan) -> None:
        width = min(plan.width, self.frame_width)
        size = round(
            25_500 * (width / 640) ** 1.5 * {60: 0.7, 70: 0.82, 80: 1, 85: 1.17, 92: 1.58}[plan.quality]
        )
        upload = size * 8 * 4 / 3 / (self.megabits * 1e6)
        wait = SERVICE * math.exp(self.rng.gauss(0, self.spread)) + upload
        if wait > 3.0:
            self.planner.unanswered(size)
            return
        self.planner.answered(SentPicture(width, plan.quality, size, wait=wait))
        if self.face is not None:
            self.planner.saw(self.now, [self.face], height=self.frame_height)

    @property
    def settled(self) -> tuple[int, int]:
        """What most of the newest calls were sent with."""
        newest = [(plan.width, plan.quality) for plan in self.sent[-10:] if plan.reason != "measuring"]
        return max(set(newest), key=newest.count)


def test_a_good_uplink_and_large_faces_change_nothing() -> None:
    link = Link(PayloadPlanner(), face=200).calls(240)
    assert link.told == []
    assert link.settled == (640, 80)


def test_until_something_is_known_the_usual_picture_is_sent() -> None:
    assert PayloadPlanner().plan(1.0, width=1280) == Plan(640, 80, "usual")
    assert PayloadPlanner(800, 70).plan(1.0, width=1280) == Plan(800, 70, "usual")


def test_what_the_user_set_is_kept_whatever_is_seen() -> None:
    link = Link(PayloadPlanner(960, 90, is_fixed=True), megabits=0.5)
    for _ in range(100):
        assert link.planner.plan(link.now, width=1280) == Plan(960, 90, "as set")
        link.planner.unanswered(60_000)
        link.planner.saw(link.now, [20.0], height=720)
        link.now += 0.5


def test_small_faces_get_a_wider_picture_until_they_are_50_pixels_high() -> None:
    link = Link(PayloadPlanner(), face=60).calls(120)
    width, quality = link.settled
    assert 60 * width / 1280 >= 50
    assert width < 1280
    assert quality == 80
    assert {plan.reason for plan in link.told} == {"small faces"}


def test_a_picture_is_never_wider_than_the_frame() -> None:
    link = Link(PayloadPlanner(), face=20).calls(120)
    assert link.settled == (1280, 80)


def test_a_picture_is_never_wider_than_people_agreed_to() -> None:
    assert Link(PayloadPlanner(widest=800), face=20).calls(120).settled == (800, 80)
    assert Link(PayloadPlanner(widest=640), face=20).calls(120).told == []


def test_a_face_under_2_percent_of_the_height_is_of_no_interest() -> None:
    assert Link(PayloadPlanner(), face=14).calls(120).told == []


def test_a_small_face_that_was_seen_once_changes_nothing() -> None:
    link = Link(PayloadPlanner(), face=200).calls(20)
    link.planner.saw(link.now, [40.0, 200.0], height=720)
    assert link.calls(20).told == []
    alone = Link(PayloadPlanner()).calls(20)
    alone.planner.saw(alone.now, [40.0], height=720)
    assert alone.calls(20).told == []


def test_faces_that_the_finder_saw_count_like_those_of_answers() -> None:
    link = Link(PayloadPlanner())
    for _ in range(60):
        link.planner.saw(link.now, [60.0], height=720)
        link.calls(1)
    assert link.settled[0] >= 1060


def test_when_the_small_faces_are_gone_the_usual_picture_is_sent_again() -> None:
    link = Link(PayloadPlanner(), face=60).calls(60)
    link.face = 250
    link.calls(120)
    assert link.settled == (640, 80)
    assert link.told[-1].reason == "no small faces"


def test_a_slow_uplink_takes_quality_before_width() -> None:
    link = Link(PayloadPlanner(), megabits=1.5, face=200).calls(120)
    width, quality = link.settled
    assert (width, quality) in ((640, 70), (640, 60))
    assert link.told[0].reason == "slow uplink"


def test_a_slower_one_takes_width_too_but_never_under_320() -> None:
    link = Link(PayloadPlanner(), megabits=0.2, face=400).calls(240)
    assert link.settled == (320, 60)
    assert min(plan.width for plan in link.sent) == 320


def test_the_upload_takes_no_longer_than_it_may_at_1_megabit() -> None:
    link = Link(PayloadPlanner(upload_within=0.15), megabits=1.0, face=300).calls(240)
    width, quality = link.settled
    assert quality == 60
    upload = 25_500 * (width / 640) ** 1.5 * 0.7 * 8 * 4 / 3 / 1e6
    assert upload <= 0.15 * 1.1


def test_faces_go_before_the_uplink() -> None:
    link = Link(PayloadPlanner(), megabits=0.2, face=120).calls(240)
    assert link.settled == (560, 60)
    assert 120 * 560 / 1280 >= 50


def test_while_no_face_is_known_it_is_not_made_narrower_than_480() -> None:
    assert Link(PayloadPlanner(), megabits=0.2).calls(240).settled == (480, 60)


def test_a_slow_uplink_carries_no_wider_picture_for_small_faces() -> None:
    link = Link(PayloadPlanner(), megabits=0.5, face=40).calls(240)
    assert link.settled == (640, 60)


def test_an_uplink_that_recovers_gets_the_usual_picture_again() -> None:
    link = Link(PayloadPlanner(), megabits=0.8, face=300).calls(120)
    assert link.settled[1] == 60
    link.megabits = 20.0
    link.calls(120)
    assert link.settled == (640, 80)
    assert link.told[-1].reason == "uplink recovered"


def test_an_uplink_that_becomes_slow_is_noticed_within_15_seconds() -> None:
    link = Link(PayloadPlanner(), face=300).calls(120)
    assert link.told == []
    link.megabits = 1.0
    began_at = link.now
    while not link.told and link.now < began_at + 60:
        link.calls(1)
    assert link.now - began_at <= 15
    assert link.told[0].reason == "slow uplink"


def test_a_slow_service_is_not_taken_for_a_slow_uplink(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_payload.SERVICE", 1.5)
    assert Link(PayloadPlanner(), face=200).calls(120).told == []


def test_changes_are_some_seconds_apart() -> None:
    link = Link(PayloadPlanner(), megabits=0.6, face=300, spread=0.25)
    at = []
    for _ in range(400):
        link.megabits = 0.6 if link.now % 60 < 30 else 20.0
        before = len(link.told)
        link.calls(1)
        at += [link.now] * (len(link.told) - before)
    assert len(at) > 1
    assert min(later - earlier for earlier, later in itertools.pairwise(at)) >= 5


@pytest.mark.parametrize("seed", range(4))
def test_answers_that_scatter_by_a_quarter_hardly_make_it_restless(seed: int) -> None:
    for megabits in (1.0, 5.0, 20.0):
        link = Link(PayloadPlanner(), megabits=megabits, face=200, spread=0.25, seed=seed)
        assert len(link.calls(240).told) <= 6


def test_pictures_that_are_not_answered_in_time_become_smaller() -> None:
    link = Link(PayloadPlanner(), megabits=0.08, face=400).calls(60)
    assert link.settled[1] == 60
    assert link.told[0].reason == "slow uplink"


def test_one_picture_without_an_answer_changes_nothing() -> None:
    link = Link(PayloadPlanner(), face=200).calls(40)
    link.planner.unanswered(25_500)
    assert link.calls(20).told == []


def test_cold_calls_tell_nothing_of_the_uplink() -> None:
    planner = PayloadPlanner()
    for index in range(60):
        plan = planner.plan(float(index), width=1280)
        size = 25_500 if index % 2 else 17_000
        planner.answered(SentPicture(plan.width, plan.quality, size, wait=size * 1e-4, is_cold=True))
    assert planner.plan(100.0, width=1280) == Plan(640, 80, "usual")


def test_every_other_picture_is_of_another_size_only_while_it_is_measured() -> None:
    link = Link(PayloadPlanner(), face=200).calls(120)
    measuring = [index for index, plan in enumerate(link.sent) if plan.reason == "measuring"]
    assert 0 < len(measuring) < 20
    assert not any(link.sent[index].is_new for index in measuring)


def test_a_frame_narrower_than_usual_is_sent_as_it_is_and_nothing_is_told() -> None:
    link = Link(PayloadPlanner(), frame_width=400, frame_height=300, face=100).calls(60)
    assert link.told == []
    assert {plan.width for plan in link.sent} == {400}


def test_an_upload_may_take_a_share_of_the_interval_and_of_the_deadline() -> None:
    assert upload_time(2.0, 3.0) == pytest.approx(0.15)
    assert upload_time(10.0, 3.0) == pytest.approx(0.03)
    assert upload_time(0.1, 3.0) == pytest.approx(0.15)
