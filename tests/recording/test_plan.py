from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecam.recording.plan import AWAY_AFTER, RecordingPlan, Step
from livecam.recording.rules import parse_rule
from tests.recording.faces import a_face, happy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.pictures import FaceLabel
    from livecam.recording.plan import What

SIZE = (640, 480)
BEGIN, GO_ON, ROTATE, END, IDLE = "begin", "go on", "rotate", "end", "idle"


def a_plan(
    what: What = "all",
    *rules: str,
    segment: float = 10.0,
    post_roll: float = 2.0,
    min_gap: float = 0.0,
) -> RecordingPlan:
    return RecordingPlan(
        what=what,
        segment=segment,
        post_roll=post_roll,
        min_gap=min_gap,
        rules=[parse_rule(rule) for rule in rules],
    )


def step(
    plan: RecordingPlan,
    time: float,
    *faces: FaceLabel,
    by_hand: bool | None = None,
    size: tuple[int, int] = SIZE,
) -> Step:
    return plan.step(time, faces, by_hand=by_hand, size=size)


def actions(plan: RecordingPlan, times: Sequence[float], *faces: FaceLabel) -> list[str]:
    return [step(plan, time, *faces).action for time in times]


def seconds(first: int, last: int) -> list[float]:
    return [float(second) for second in range(first, last + 1)]


def test_all_is_recorded_from_the_first_frame_on() -> None:
    plan = a_plan("all")
    assert not plan.is_recording
    assert step(plan, 7.0) == Step("begin", "all")
    assert step(plan, 7.1) == Step("go on", "all")
    assert plan.is_recording


def test_nothing_is_recorded_when_recording_is_off() -> None:
    plan = a_plan("off", "somebody")
    assert {step(plan, time, happy()) for time in seconds(0, 30)} == {Step("idle")}


def test_a_segment_is_followed_by_the_next_on_the_first_frame_after_its_time() -> None:
    plan = a_plan("all", segment=2.0)
    times = [0.0, 0.9, 1.9, 2.3, 4.2, 4.3, 4.4]
    assert actions(plan, times) == [BEGIN, GO_ON, GO_ON, ROTATE, GO_ON, ROTATE, GO_ON]


def test_segments_join_unless_the_source_was_away() -> None:
    plan = a_plan("all", segment=2.0)
    step(plan, 0.0)
    assert step(plan, 2.0) == Step("rotate", "all", joins=True)
    assert step(plan, 2.0 + AWAY_AFTER).joins
    assert step(plan, 2.1 + 2 * AWAY_AFTER) == Step("rotate", "all", joins=False)


def test_another_size_of_picture_is_another_segment() -> None:
    plan = a_plan("all")
    step(plan, 0.0)
    assert step(plan, 0.1, size=(320, 240)) == Step("rotate", "all", joins=True)
    assert step(plan, 0.2, size=(320, 240)).action == GO_ON


def test_time_that_goes_back_is_another_segment() -> None:
    plan = a_plan("all", segment=2.0)
    step(plan, 100.0)
    assert step(plan, 99.9) == Step("rotate", "all", joins=False)
    assert actions(plan, [99.9, 101.8, 101.9]) == [GO_ON, GO_ON, ROTATE]


def test_an_event_is_recorded_while_it_lasts_and_for_the_post_roll() -> None:
    plan = a_plan("events", "HAPPY >= 80 for 1 s")
    assert actions(plan, [0.0, 0.5], happy()) == [IDLE, IDLE]
    assert step(plan, 1.0, happy()) == Step("begin", "HAPPY >= 80 for 1 s")
    assert actions(plan, seconds(2, 5), happy()) == [GO_ON] * 4
    assert actions(plan, [5.1, 6.0, 6.9]) == [GO_ON] * 3, "a dropout at first, then the post-roll"
    assert step(plan, 7.2) == Step("end", "HAPPY >= 80 for 1 s", joins=True)
    assert step(plan, 7.3) == Step("idle")


def test_the_post_roll_is_never_shorter_than_asked() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=2.0)
    step(plan, 0.0, happy())
    assert actions(plan, [0.1, 1.0, 1.99, 2.0], happy(10)) == [GO_ON, GO_ON, GO_ON, END]


def test_without_a_post_roll_the_clip_ends_with_the_event() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=0.0)
    assert actions(plan, [0.0], happy()) == [BEGIN]
    assert actions(plan, [0.1, 0.2], happy(10)) == [END, IDLE]


def test_an_event_in_the_post_roll_prolongs_the_clip() -> None:
    plan = a_plan("events", "HAPPY >= 80", "new face")
    step(plan, 0.0, happy())
    assert actions(plan, [1.0, 1.9], happy(10)) == [GO_ON, GO_ON]
    assert step(plan, 1.95, happy()) == Step("go on", "HAPPY >= 80")
    assert actions(plan, [2.1, 3.9], happy(10)) == [GO_ON, GO_ON]
    assert step(plan, 3.96, happy(10)).action == END


def test_the_first_rule_that_is_met_is_the_reason() -> None:
    plan = a_plan("events", "faces >= 5", "somebody", "HAPPY >= 80")
    assert step(plan, 0.0, happy()).reason == "somebody"


def test_a_long_event_has_segments_too() -> None:
    plan = a_plan("events", "somebody", segment=3.0)
    assert actions(plan, seconds(0, 6), a_face()) == [BEGIN, GO_ON, GO_ON, ROTATE, GO_ON, GO_ON, ROTATE]


def test_a_rule_that_holds_when_the_gap_is_over_begins_a_clip() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=1.0, min_gap=3.0)
    step(plan, 0.0, happy())
    assert step(plan, 1.0, happy(10)).action == END
    assert actions(plan, [1.1, 2.0, 3.0, 3.9, 4.0], happy()) == [IDLE] * 4 + [BEGIN]


def test_a_new_face_that_comes_within_the_gap_begins_none() -> None:
    plan = a_plan("events", "new face", post_roll=0.1, min_gap=3.0)
    assert actions(plan, [0.0, 0.3, 0.5], a_face(1)) == [IDLE, BEGIN, END]
    assert set(actions(plan, [0.6, 1.0, 2.0, 3.0, 4.0], a_face(1), a_face(2))) == {IDLE}
    assert actions(plan, [5.0, 5.3], a_face(1), a_face(3)) == [IDLE, BEGIN]


def test_where_nothing_is_known_nobody_is_not_recorded() -> None:
    plan = a_plan("events", "nobody")
    assert plan.step(0.0, None, by_hand=None, size=SIZE) == Step("idle")
    assert plan.step(0.1, (), by_hand=None, size=SIZE) == Step("begin", "nobody")


def test_an_event_ends_when_the_source_was_away() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=30.0)
    step(plan, 0.0, happy())
    assert step(plan, 0.1 + AWAY_AFTER, happy(10)) == Step("end", "HAPPY >= 80", joins=False)


def test_an_event_that_is_still_there_after_the_source_was_away_is_another_clip() -> None:
    plan = a_plan("events", "HAPPY >= 80")
    step(plan, 0.0, happy())
    assert step(plan, 0.1 + AWAY_AFTER, happy()) == Step("rotate", "HAPPY >= 80", joins=False)


def test_time_that_goes_back_does_not_keep_events_waiting() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=1.0, min_gap=2.0)
    step(plan, 1000.0, happy())
    assert step(plan, 1001.0, happy(10)).action == END
    assert actions(plan, [5.0, 6.9, 7.0], happy()) == [IDLE, IDLE, BEGIN]
    assert step(plan, 0.0, happy(10)) == Step("end", "HAPPY >= 80", joins=False)


@pytest.mark.parametrize("what", ["off", "events"])
def test_a_clip_by_hand_begins_and_stops_at_once(what: What) -> None:
    plan = a_plan(what, "HAPPY >= 80", segment=3.0)
    assert step(plan, 0.0).action == IDLE
    assert step(plan, 1.0, by_hand=True) == Step("begin", "by hand")
    assert actions(plan, [2.0, 3.0, 4.0]) == [GO_ON, GO_ON, ROTATE]
    assert step(plan, 4.1, by_hand=False) == Step("end", "by hand")
    assert step(plan, 4.2).action == IDLE


def test_a_key_that_is_told_on_every_frame_means_the_same() -> None:
    plan = a_plan("off")
    told = [None, True, True, True, False, False, None]
    assert [step(plan, index / 10, by_hand=wish).action for index, wish in enumerate(told)] == [
        IDLE, BEGIN, GO_ON, GO_ON, END, IDLE, IDLE,
    ]  # fmt: skip


def test_the_user_pauses_and_resumes_the_recording_of_all() -> None:
    plan = a_plan("all")
    step(plan, 0.0)
    assert step(plan, 1.0, by_hand=False) == Step("end", "all")
    assert actions(plan, seconds(2, 20)) == [IDLE] * 19
    assert step(plan, 21.0, by_hand=True) == Step("begin", "all")


def test_a_clip_by_hand_outlasts_events_and_pauses_no_rule() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=1.0, min_gap=100.0)
    step(plan, 0.0, by_hand=True)
    step(plan, 1.0, happy())
    assert actions(plan, [2.0, 3.0, 4.0]) == [GO_ON] * 3
    assert step(plan, 5.0, by_hand=False).action == END


def test_a_clip_by_hand_is_not_kept_waiting_by_the_gap() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=0.0, min_gap=100.0)
    assert actions(plan, [0.0], happy()) == [BEGIN]
    assert actions(plan, [0.1], happy(10)) == [END]
    assert step(plan, 0.2, by_hand=True).action == BEGIN


def test_an_events_clip_that_the_user_takes_over_goes_on_until_stopped() -> None:
    plan = a_plan("events", "HAPPY >= 80", segment=8.0)
    step(plan, 0.0, happy())
    assert step(plan, 1.0, by_hand=True) == Step("go on", "HAPPY >= 80")
    assert actions(plan, [4.0, 7.0]) == [GO_ON, GO_ON]
    assert step(plan, 8.0) == Step("rotate", "by hand"), "the next segment has the present reason"
    assert step(plan, 8.1, by_hand=False) == Step("end", "by hand")


def test_the_user_ends_an_event_and_it_stays_ended_while_it_lasts() -> None:
    plan = a_plan("events", "HAPPY >= 80", "somebody")
    step(plan, 0.0, happy())
    assert step(plan, 1.0, happy(), by_hand=False).action == END
    assert actions(plan, [1.1, 2.0, 3.0], happy()) == [IDLE] * 3
    assert actions(plan, [3.1], a_face()) == [IDLE], "one rule of two is still met"
    assert actions(plan, [3.2, 3.5]) == [IDLE, IDLE]
    assert actions(plan, [3.6], happy()) == [BEGIN]


def test_the_user_ends_a_post_roll_and_the_next_event_begins_a_clip() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=10.0)
    step(plan, 0.0, happy())
    assert step(plan, 1.0, happy(10), by_hand=False).action == END
    assert step(plan, 1.1, happy()).action == BEGIN


def test_the_user_may_begin_what_was_held_off() -> None:
    plan = a_plan("events", "HAPPY >= 80")
    step(plan, 0.0, happy())
    step(plan, 1.0, happy(), by_hand=False)
    assert step(plan, 2.0, happy(), by_hand=True) == Step("begin", "by hand")


def test_a_clip_by_hand_is_two_clips_when_the_source_was_away() -> None:
    plan = a_plan("off")
    step(plan, 0.0, by_hand=True)
    assert step(plan, 1.0 + AWAY_AFTER) == Step("rotate", "by hand", joins=False)


def test_a_clip_that_could_not_go_on_is_begun_again_with_the_next_frame() -> None:
    plan = a_plan("all")
    step(plan, 0.0)
    plan.interrupted()
    assert not plan.is_recording
    assert step(plan, 0.1) == Step("begin", "all")


def test_an_event_that_could_not_be_recorded_is_not_made_up_for_once_it_is_over() -> None:
    plan = a_plan("events", "HAPPY >= 80", post_roll=60.0)
    step(plan, 0.0, happy())
    plan.interrupted()
    assert step(plan, 0.1, happy()).action == BEGIN
    plan.interrupted()
    assert step(plan, 0.2, happy(10)).action == IDLE


@pytest.mark.parametrize("bad", [{"segment": 0.0}, {"post_roll": -1.0}, {"min_gap": float("nan")}])
def test_durations_that_mean_nothing_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="cannot be planned"):
        a_plan("all", **bad)


@dataclass(frozen=True)
class Shot:
    """One frame of a run that nobody thought of."""

    interval: float
    score: float | None
    by_hand: bool | None
    size: tuple[int, int]


SHOTS = st.lists(
    st.builds(
        Shot,
        st.one_of(st.floats(0.01, 0.5), st.floats(0.01, 0.5), st.sampled_from([0.0, 3.0, 5.1, 60.0, -1.0])),
        st.one_of(st.none(), st.sampled_from([10.0, 90.0])),
        st.sampled_from([None] * 8 + [True, False]),
        st.sampled_from([SIZE] * 9 + [(320, 240)]),
    ),
    max_size=120,
)
WHATS = st.sampled_from(["off", "all", "events"])


@settings(deadline=None)
@given(WHATS, SHOTS, st.floats(0.5, 5), st.floats(0, 3), st.floats(0, 3))
def test_whatever_comes_clips_are_whole(
    what: What, shots: list[Shot], segment: float, post_roll: float, min_gap: float
) -> None:
    plan = a_plan(
        what, "HAPPY >= 80 for 0.3 s", "new face", segment=segment, post_roll=post_roll, min_gap=min_gap
    )
    time, began_at, ended_at, size = 0.0, None, float("-inf"), None
    for shot in shots:
        was_recording, before, time = plan.is_recording, time, time + shot.interval
        faces = () if shot.score is None else (happy(shot.score),)
        told = plan.step(time, faces, by_hand=shot.by_hand, size=shot.size)
        jumped = not 0 <= time - before <= AWAY_AFTER

        assert told.action in ((GO_ON, ROTATE, END) if was_recording else (IDLE, BEGIN))
        assert plan.is_recording == (told.action in (BEGIN, GO_ON, ROTATE))
        assert (told.reason == "") == (told.action == IDLE)
        if told.action in (END, ROTATE):
            assert began_at is not None
            assert told.joins == (not jumped)
            if told.joins:
                assert time - began_at <= segment + shot.interval + 1e-9
        if told.action == GO_ON:
            assert not jumped
            assert size == shot.size
            assert began_at is not None
            assert time - began_at < segment
        ended_at = time if told.action == END else min(ended_at, time)
        if told.action == BEGIN and told.reason not in ("all", "by hand"):
            assert time - ended_at >= min_gap
        if told.action in (BEGIN, ROTATE):
            began_at, size = time, shot.size
        if shot.by_hand is not None:
            assert plan.is_recording is shot.by_hand


@settings(deadline=None)
@given(SHOTS, st.floats(0.5, 5))
def test_in_all_every_frame_is_in_exactly_one_clip(shots: list[Shot], segment: float) -> None:
    plan, time = a_plan("all", segment=segment), 0.0
    told = []
    for shot in shots:
        time += shot.interval
        told.append(plan.step(time, (), by_hand=None, size=shot.size).action)
    assert told[:1] in ([], [BEGIN])
    assert set(told[1:]) <= {GO_ON, ROTATE}


@settings(deadline=None)
@given(SHOTS, st.floats(0, 3), st.floats(0, 3))
def test_an_event_is_on_record_whenever_its_rule_is_met_but_for_the_gap(
    shots: list[Shot], post_roll: float, min_gap: float
) -> None:
    plan = a_plan("events", "HAPPY >= 80", segment=3.0, post_roll=post_roll, min_gap=min_gap)
    time, ended_at = 0.0, float("-inf")
    for shot in shots:
        time += abs(shot.interval)
        faces = () if shot.score is None else (happy(shot.score),)
        action = plan.step(time, faces, by_hand=None, size=SIZE).action
        if shot.score == 90.0:
            assert plan.is_recording or time - ended_at < min_gap
        if action == END:
            ended_at = time
