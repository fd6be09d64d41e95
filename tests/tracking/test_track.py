import itertools

import pytest

from livecam.faces import BoundingBox, Movement
from livecam.tracking.relation import Relation
from livecam.tracking.track import Track
from tests.tracking.faces import a_box


def a_track() -> Track:
    track = Track(is_shown=True)
    track.history.put(0, a_box(0.4))
    return track


def left_of(box: BoundingBox | None) -> float:
    assert box is not None
    return box.left


def test_it_moves_with_the_flow_and_grows_with_it() -> None:
    track = a_track()
    track.follow(1, track.box, Movement(0.1, 0.0, 1.1, quality=0.8), elapsed=0.04)
    assert track.box.center[0] == pytest.approx(0.6)
    assert track.box.width == pytest.approx(0.22)
    assert track.weakest_flow == 0.8
    track.follow(2, track.box, Movement(0.0, 0.0), elapsed=0.04)
    assert track.weakest_flow == 0.8
    assert not track.is_weakly_followed


def test_without_flow_it_coasts_and_slows_down() -> None:
    track = a_track()
    for sequence in range(1, 9):
        track.follow(sequence, track.box, Movement(0.01, 0.0), elapsed=0.04)
    lefts = [track.box.left]
    for sequence in range(9, 40):
        track.follow(sequence, track.box, None, elapsed=0.04)
        lefts.append(track.box.left)
    steps = [after - before for before, after in itertools.pairwise(lefts)]
    assert 0.005 < steps[0] < 0.01
    assert steps == sorted(steps, reverse=True)
    assert lefts[-1] - lefts[0] < 0.04
    assert track.lost_for == pytest.approx(31 * 0.04)


def test_a_frame_that_is_passed_over_is_crossed_at_the_same_speed() -> None:
    track = a_track()
    for sequence in range(1, 20):
        track.follow(sequence, track.box, Movement(0.01, 0.0), elapsed=0.04)
    before = track.box.left
    track.glide(20, 0.04)
    assert track.box.left == pytest.approx(before + 0.01, abs=1e-4)
    assert track.lost_for == 0.0


def test_found_again_it_is_not_lost_any_more() -> None:
    track = a_track()
    track.follow(1, track.box, None, elapsed=0.2)
    track.follow(2, track.box, Movement(0.0, 0.0), elapsed=0.2)
    assert track.lost_for == 0.0


def test_a_corrected_box_is_first_drawn_where_it_was_and_then_where_it_belongs() -> None:
    track = a_track()
    track.follow(1, track.box, Movement(0.0, 0.0), elapsed=0.04)
    track.shown_at(1, is_newest=True)
    track.correct(1, Relation(dx=0.1))
    assert left_of(track.shown_at(1, is_newest=True)) == pytest.approx(0.4)
    assert left_of(track.shown_at(1, is_newest=True)) == pytest.approx(0.4)  # shown again, at the same time
    for sequence in range(2, 20):
        track.follow(sequence, track.box, Movement(0.0, 0.0), elapsed=0.04)
        track.shown_at(sequence, is_newest=True)
    assert left_of(track.shown_at(19, is_newest=True)) == pytest.approx(0.42, abs=1e-4)


def test_an_older_frame_has_the_box_that_belongs_there() -> None:
    track = a_track()
    track.follow(1, track.box, Movement(0.1, 0.0), elapsed=0.04)
    assert left_of(track.shown_at(0, is_newest=False)) == pytest.approx(0.4)
    assert track.shown_at(7, is_newest=False) is None


def test_a_changed_relation_glides_too() -> None:
    track = a_track()
    track.follow(1, track.box, Movement(0.0, 0.0), elapsed=0.04)
    track.shown_at(1, is_newest=True)
    track.relation = Relation(log_height=0.1)
    shown = track.shown_at(1, is_newest=True)
    assert shown is not None
    assert shown.height == pytest.approx(a_box().height)


def test_a_face_that_was_hidden_appears_where_it_belongs() -> None:
    track = a_track()
    track.follow(1, track.box, Movement(0.0, 0.0), elapsed=0.04)
    track.correct(1, Relation(dx=0.1))
    track.stop_gliding()
    assert left_of(track.shown_at(1, is_newest=True)) == pytest.approx(0.42)
