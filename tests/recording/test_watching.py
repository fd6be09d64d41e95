from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.faces import Emotion
from livecam.recording.rules import parse_rule
from livecam.recording.watching import DROPOUT, GAP, NEW_AFTER, REMEMBERED, RuleWatch
from tests.recording.faces import a_face, happy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.pictures import FaceLabel

FPS = 20


class Watched:
    """A rule that is shown frames, one after the other, from media time 0 on."""

    def __init__(self, rule: str) -> None:
        self._watch = RuleWatch(parse_rule(rule))
        self._frames = 0

    def see(self, frames: int, *faces: FaceLabel, is_known: bool = True) -> list[bool]:
        """Return on which of that many frames with these faces it is met."""
        met = []
        for _ in range(frames):
            met.append(self._watch.see(self._frames / FPS, faces if is_known else None))
            self._frames += 1
        return met

    def first_met(self, frames: int, *faces: FaceLabel) -> float | None:
        """Return seconds from the first of these frames to the one on which it is met."""
        met = self.see(frames, *faces)
        return met.index(True) / FPS if any(met) else None


def test_an_emotion_must_hold_for_as_long_as_asked() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    assert watched.first_met(40, happy(80)) == 1.0
    assert all(watched.see(10, happy(95)))
    assert not any(watched.see(1, happy(79)))


def test_an_emotion_without_a_duration_is_met_at_once() -> None:
    assert Watched("HAPPY >= 80").first_met(1, happy(80)) == 0.0


def test_time_counts_and_not_frames() -> None:
    watch = RuleWatch(parse_rule("HAPPY >= 80 for 1 s"))
    times = [0.0, 0.04, 0.3, 0.31, 0.9, 0.99, 1.0, 1.4]
    assert [watch.see(time, [happy()]) for time in times] == [time >= 1 for time in times]


def test_two_faces_one_after_the_other_do_not_add_up() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    watched.see(15, happy(track_id=1))
    assert watched.first_met(40, happy(track_id=2)) == 1.0


def test_another_face_that_is_sad_does_not_matter() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    assert watched.first_met(40, happy(10, track_id=1), happy(track_id=2)) == 1.0


def test_a_score_below_the_mark_begins_it_anew() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    watched.see(15, happy())
    watched.see(1, happy(70))
    assert watched.first_met(40, happy()) == 1.0


@pytest.mark.parametrize(
    "missed",
    [(), (a_face(is_outdated=True, leads=(Emotion.HAPPY, 90)),), (a_face(),)],
    ids=["no face", "old", "unscored"],
)
def test_a_face_that_is_missed_for_a_moment_goes_on(missed: tuple[FaceLabel, ...]) -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    watched.see(10, happy())
    assert not any(watched.see(4, *missed))
    assert watched.first_met(40, happy()) == pytest.approx(1.0 - 14 / FPS)


def test_what_was_met_stays_met_over_a_dropout_and_no_longer() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    watched.see(30, happy())
    assert watched.see(8) == [index / FPS < DROPOUT for index in range(8)]


def test_it_is_not_met_by_a_frame_that_does_not_show_it() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    watched.see(19, happy())
    assert not any(watched.see(4))
    assert watched.see(1, happy()) == [True]


def test_a_longer_dropout_begins_it_anew() -> None:
    watched = Watched("HAPPY >= 80 for 1 s")
    watched.see(15, happy())
    watched.see(5)
    assert watched.first_met(40, happy()) == 1.0


def test_one_missed_frame_of_a_slow_camera_is_a_dropout_too() -> None:
    watch = RuleWatch(parse_rule("HAPPY >= 80 for 1 s"))
    met = [watch.see(index / 7, [] if index == 4 else [happy()]) for index in range(9)]
    assert met == [False] * 7 + [True] * 2


def test_the_smoothed_scores_say_more_than_the_leading_emotion() -> None:
    both = a_face(scores={Emotion.CALM: 55.0, Emotion.HAPPY: 45.0}, leads=(Emotion.CALM, 55.0))
    assert Watched("HAPPY >= 40").see(1, both) == [True]
    assert Watched("SAD >= 1").see(1, both) == [False]
    assert Watched("SAD >= 0").see(1, both) == [True]


def test_without_scores_the_leading_emotion_counts() -> None:
    assert Watched("HAPPY >= 80").see(1, a_face(leads=(Emotion.HAPPY, 85.0))) == [True]
    assert Watched("HAPPY >= 80").see(1, a_face(leads=(Emotion.HAPPY, 75.0))) == [False]
    assert Watched("CALM >= 80").see(1, a_face(leads=(Emotion.HAPPY, 85.0))) == [False]


def test_what_is_too_old_to_be_shown_meets_no_rule() -> None:
    old = a_face(is_outdated=True, scores={Emotion.HAPPY: 99.0}, leads=(Emotion.HAPPY, 99.0))
    assert not any(Watched("HAPPY >= 0").see(20, old))


def test_a_face_that_is_lost_from_sight_does_not_count() -> None:
    assert Watched("somebody").see(1, a_face(box_opacity=0.4)) == [False]
    assert Watched("nobody").see(1, a_face(box_opacity=0.4)) == [True]
    assert Watched("somebody").see(1, a_face(box_opacity=0.5)) == [True]


def test_nobody_must_hold_and_a_ghost_does_not_break_it() -> None:
    watched = Watched("nobody for 2 s")
    watched.see(20)
    watched.see(3, a_face())
    assert watched.first_met(60) == pytest.approx(2.0 - 23 / FPS)
    assert all(watched.see(4, a_face(2)))
    assert watched.see(3, a_face(2)) == [True, False, False]


def test_faces_that_change_places_are_still_as_many() -> None:
    watched = Watched("faces >= 2 for 1 s")
    watched.see(15, a_face(1), a_face(2))
    assert watched.first_met(20, a_face(2), a_face(3)) == 0.25


@pytest.mark.parametrize(
    "rule", ["nobody", "nobody for 1 s", "faces < 3", "somebody", "new face", "HAPPY >= 0"]
)
def test_where_nothing_is_known_nothing_is_met(rule: str) -> None:
    assert not any(Watched(rule).see(60, is_known=False))


@pytest.mark.parametrize(
    ("rule", "faces"),
    [("HAPPY >= 80 for 1 s", [happy()]), ("nobody for 1 s", []), ("somebody for 1 s", [a_face()])],
)
def test_a_gap_in_time_begins_what_was_held_anew(rule: str, faces: Sequence[FaceLabel]) -> None:
    watch = RuleWatch(parse_rule(rule))
    assert not watch.see(0.0, faces)
    assert watch.see(GAP, faces)
    assert not watch.see(2 * GAP + 0.1, faces)
    assert watch.see(2 * GAP + 1.1, faces)
    assert not watch.see(3.0, faces), "time went back"
    assert watch.see(4.0, faces)


def test_a_new_face_is_told_once_when_it_has_stayed() -> None:
    watched = Watched("new face")
    met = watched.see(40, a_face(7))
    assert met.index(True) == NEW_AFTER * FPS
    assert sum(met) == 1
    assert not any(watched.see(10))
    assert not any(watched.see(40, a_face(7)))


def test_what_is_gone_at_once_was_no_face() -> None:
    watched = Watched("new face")
    assert not any(watched.see(5, a_face(7)))
    assert not any(watched.see(20))
    assert watched.first_met(20, a_face(7)) == NEW_AFTER


def test_a_new_face_may_be_missed_for_a_frame() -> None:
    watched = Watched("new face")
    assert not any(watched.see(3, a_face(7)) + watched.see(2) + watched.see(1, a_face(7)))
    assert watched.see(1, a_face(7)) == [True]


def test_every_new_face_is_told() -> None:
    watched = Watched("new face")
    watched.see(3, a_face(1))
    met = watched.see(20, a_face(1), a_face(2))
    assert [index for index, is_met in enumerate(met) if is_met] == [3, 6]


def test_faces_that_are_known_are_known_after_a_gap_and_not_kept_for_ever() -> None:
    watch = RuleWatch(parse_rule("new face"))
    assert [watch.see(time, [a_face(1)]) for time in (0.0, 0.3, 10.0, 10.5)] == [False, True, False, False]
    times = [10.5 + index for index in range(round(REMEMBERED) + 3)]
    assert not any(watch.see(time, []) for time in times)
    assert [watch.see(times[-1] + late, [a_face(1)]) for late in (0.1, 0.4)] == [False, True]


@pytest.mark.parametrize("rule", ["HAPPY >= 80 for 1 s", "new face"])
def test_faces_that_came_and_went_are_not_kept(rule: str) -> None:
    watch = RuleWatch(parse_rule(rule))
    for ghost in range(500):
        watch.see(ghost / FPS, [happy(track_id=ghost)])
    for missed in (0.0, DROPOUT):
        watch.see(500 / FPS + missed, [])
    assert [len(kept) for kept in vars(watch._watch).values() if isinstance(kept, dict)] in ([0], [0, 0])


@given(st.lists(st.tuples(st.integers(10, 300), st.booleans()), max_size=60), st.integers(0, 1500))
def test_it_is_met_where_it_has_held_for_as_long_as_asked_and_nowhere_else(
    frames: list[tuple[int, bool]], hold: int
) -> None:
    watch = RuleWatch(parse_rule(f"somebody for {hold} ms"))
    times = [sum(interval for interval, _ in frames[: index + 1]) for index in range(len(frames))]
    is_there = [there for _, there in frames]
    met = [
        watch.see(time / 1000, [a_face()] if there else [])
        for time, there in zip(times, is_there, strict=True)
    ]
    assert met == _expected(times, is_there, hold)


def _expected(times: list[int], is_there: list[bool], hold: int) -> list[bool]:
    """Say it once more, by looking back from each frame; in milliseconds."""
    met: list[bool] = []
    for index, time in enumerate(times):
        seen = [at for at in range(index + 1) if is_there[at]]
        # Going back from one sighting to the one before, until what is between was missed for too long.
        begun = seen[-1] if seen else index
        for at in reversed(seen[:-1]):
            if begun != at + 1 and times[begun] - times[at + 1] >= 1000 * DROPOUT:
                break
            begun = at
        if not seen:
            met.append(False)
        elif is_there[index]:
            met.append(time - times[begun] >= hold)
        else:
            met.append(met[seen[-1]] and time - times[seen[-1] + 1] < 1000 * DROPOUT)
    return met
