from __future__ import annotations

import dataclasses

from livecam.bench.overlay.finder import DELAY
from livecam.bench.selection.linking import KEPT
from livecam.bench.selection.replay import replay
from livecam.bench.selection.request import Request
from livecam.selection.smart import Smart
from tests.bench.selection.samples import CALM, FPS, HAPPY, Noting, a_clip, lasting

REQUEST = Request()


def test_a_policy_that_wants_all_is_held_to_the_pace() -> None:
    clip = lasting((CALM, 10))
    assert len(replay(clip, "every", Noting(), REQUEST).calls) == 20
    assert len(replay(clip, "every@0.5", Noting(), REQUEST).calls) == 5
    assert len(replay(clip, "every@5", Noting(), REQUEST).calls) == 20


def test_frames_that_were_not_chosen_are_not_sent_and_counted() -> None:
    run = replay(lasting((CALM, 2)), "smart", Noting(lambda now: now >= 1.0), REQUEST)
    assert [(call.frame, call.reason) for call in run.calls] == [(10, "pace"), (15, "pace")]
    assert run.passed_over == {"nobody": 10}


def test_a_policy_is_told_of_each_call_and_then_of_its_answer() -> None:
    policy = Noting()
    replay(lasting((CALM, 1)), "every", policy, REQUEST)
    assert policy.notes == [("sent", 0.0), ("answered", 0.0), ("sent", 0.5), ("answered", 0.5)]


def test_a_label_is_shown_when_the_answer_has_come() -> None:
    run = replay(lasting((CALM, 1)), "every", Noting(), REQUEST)
    assert [labels[0] for labels in run.labels] == [None] * 4 + [CALM] * 6


def test_an_answer_brings_the_label_shown_before_and_its_own() -> None:
    policy = Noting()
    replay(lasting((CALM, 1), (HAPPY, 1)), "every", policy, REQUEST)
    assert policy.labels == [
        {1: (None, CALM)},
        {1: (CALM, CALM)},
        {1: (CALM, HAPPY)},
        {1: (HAPPY, HAPPY)},
    ]


def test_what_the_finder_saw_is_known_a_frame_later_with_its_own_time() -> None:
    policy = Noting()
    replay(lasting((CALM, 0.5)), "every", policy, REQUEST)
    (first, nothing), (second, known) = policy.evidence[:2]
    assert (first, nothing, second) == (0.0, (), 0.1)
    assert second >= DELAY
    assert [(face.key, face.seen_at, face.answered_at) for face in known] == [(1, 0.0, None)]
    newest = policy.evidence[-1][1][0]
    assert (newest.answered_at, newest.height) == (0.0, 0.4)


def test_who_is_gone_is_known_a_little_longer() -> None:
    policy = Noting()
    replay(lasting((CALM, 1), (None, 3)), "every", policy, REQUEST)
    last = max(now for now, faces in policy.evidence if faces)
    assert 0.8 + KEPT - 1 / FPS <= last <= 1.0 + KEPT + 1 / FPS


def test_after_a_cut_nobody_is_known() -> None:
    clip = lasting((CALM, 1))
    frames = (*clip.frames[:5], dataclasses.replace(clip.frames[5], has_cut=True), *clip.frames[6:])
    policy = Noting()
    replay(dataclasses.replace(clip, frames=frames), "every", policy, REQUEST)
    assert [bool(faces) for _, faces in policy.evidence[4:8]] == [True, False, False, True]


def test_the_real_policy_asks_at_the_change_and_hardly_else() -> None:
    clip = lasting((CALM, 5), (HAPPY, 4))
    run = replay(clip, "smart", Smart(has_finder=True), REQUEST)
    asked = [clip.frames[call.frame].at for call in run.calls]
    assert asked[0] <= 0.2
    assert 5.0 < asked[1] <= 5.6
    assert len(asked) <= 6
    assert run.labels[-1][0] is HAPPY


def test_an_empty_clip_asks_nothing() -> None:
    assert replay(a_clip(), "every", Noting(), REQUEST).calls == ()
