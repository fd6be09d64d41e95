import pytest

from livecam.faces import BoundingBox
from livecam.tracking import leaving
from livecam.tracking.track import Track


def a_track(*, lost_for: float = 0.0, seen_at: float = 100.0) -> Track:
    return Track(is_shown=True, lost_for=lost_for, seen_at=seen_at)


def test_a_face_that_cannot_be_followed_fades_hides_and_is_given_up() -> None:
    ages = (0.0, leaving.FADES_FROM, 0.375, leaving.HIDDEN_FROM, leaving.LOST_FROM)
    tracks = [a_track(lost_for=age) for age in ages]
    assert [leaving.opacity(track) for track in tracks] == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.0])
    assert [leaving.is_visible(track) for track in tracks] == [True, True, True, False, False]
    assert [leaving.is_lost(track) for track in tracks] == [False, False, False, False, True]


def test_a_face_nobody_has_seen_for_three_seconds_is_expired() -> None:
    assert not leaving.is_expired(a_track(), 102.9, 3.0)
    assert leaving.is_expired(a_track(), 103.0, 3.0)
    track = a_track()
    track.confirmed_at = 101.0
    assert not leaving.is_expired(track, 103.9, 3.0)


def test_a_rejected_face_is_not_visible() -> None:
    track = a_track()
    track.is_rejected = True
    assert not leaving.is_visible(track)


@pytest.mark.parametrize(("left", "is_outside"), [(0.0, False), (-0.13, False), (-0.15, True), (1.2, True)])
def test_most_of_a_box_must_be_in_the_frame(left: float, is_outside: bool) -> None:  # noqa: FBT001
    assert leaving.is_outside(BoundingBox(left, 0.4, 0.2, 0.2)) is is_outside


def test_a_face_that_the_finder_misses_while_its_points_go_different_ways_is_hidden() -> None:
    track = a_track()
    track.sightings, track.unseen, track.weakest_flow = 3, 2, 0.4
    assert not leaving.is_visible(track)
    for sightings, unseen, weakest_flow in ((0, 2, 0.4), (3, 1, 0.4), (3, 2, 0.6)):
        track.sightings, track.unseen, track.weakest_flow = sightings, unseen, weakest_flow
        assert leaving.is_visible(track)
