from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.clips import Clip
from livecam.recording.retention import expired

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.clips import ClipState

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MB = 1_000_000
BUSY: tuple[ClipState, ...] = ("recording", "finalising", "purging")


def a_clip(
    name: str,
    days: float,
    *,
    size: int | None = MB,
    state: ClipState = "recorded",
    duration: float | None = 60.0,
) -> Clip:
    """Return a clip that ended that many days ago."""
    ended_at = NOW - timedelta(days=days)
    return Clip(
        id=name,
        file=Path(f"{name}.mp4"),
        source="camera:0",
        reason="all",
        state=state,
        started_at=ended_at - timedelta(seconds=duration or 0.0),
        duration=duration,
        size=size,
    )


def gone(clips: Sequence[Clip], *, days: float | None = None, size: int | None = None) -> list[str]:
    return [clip.id for clip, _ in expired(clips, now=NOW, keep_days=days, keep_bytes=size)]


def test_without_limits_everything_is_kept() -> None:
    assert gone([a_clip("a", 9999, size=10**15), a_clip("b", 0)]) == []
    assert gone([], days=1, size=0) == []


def test_clips_go_when_they_are_older_than_wanted_oldest_first() -> None:
    clips = [a_clip("c", 5), a_clip("a", 40), a_clip("d", 30), a_clip("b", 31)]
    assert gone(clips, days=30) == ["a", "b"]


def test_age_is_counted_from_the_end_of_a_clip() -> None:
    assert gone([a_clip("a", 0.9, duration=86_400.0), a_clip("b", 1.1, duration=None)], days=1) == ["b"]


def test_the_newest_clip_may_go_for_its_age() -> None:
    assert gone([a_clip("a", 2)], days=1) == ["a"]


def test_a_clip_of_the_future_is_kept() -> None:
    assert gone([a_clip("a", -400)], days=1) == []


def test_the_oldest_clips_go_until_the_rest_is_small_enough() -> None:
    clips = [a_clip(name, days) for name, days in (("d", 1), ("b", 3), ("a", 4), ("c", 2))]
    assert gone(clips, size=4 * MB) == []
    assert gone(clips, size=3 * MB) == ["a"]
    assert gone(clips, size=3 * MB - 1) == ["a", "b"]


def test_the_newest_clip_never_goes_for_size() -> None:
    assert gone([a_clip("a", 1, size=50 * MB)], size=MB) == []
    assert gone([a_clip("a", 2), a_clip("b", 1, size=50 * MB)], size=0) == ["a"]


def test_a_damaged_clip_does_not_stand_in_for_the_newest_that_can_be_seen() -> None:
    clips = [a_clip("a", 3), a_clip("b", 2), a_clip("c", 1, state="damaged")]
    assert gone(clips, size=0) == ["a"]


@pytest.mark.parametrize("state", BUSY)
def test_what_somebody_is_at_work_on_stays(state: ClipState) -> None:
    clips = [a_clip("a", 99, state=state), a_clip("b", 98), a_clip("c", 1)]
    assert gone(clips, days=30) == ["b"]
    assert gone(clips, size=0) == ["b"]


def test_what_is_being_recorded_takes_room_too_and_what_is_being_deleted_does_not() -> None:
    clips = [a_clip("a", 3), a_clip("b", 2), a_clip("c", 0, state="recording", size=2 * MB)]
    assert gone(clips, size=3 * MB) == ["a"]
    assert gone([a_clip("x", 9, state="purging", size=90 * MB), *clips], size=4 * MB) == []


def test_what_goes_for_its_age_makes_room() -> None:
    clips = [a_clip("a", 40, size=5 * MB), a_clip("b", 2), a_clip("c", 1)]
    assert gone(clips, days=30, size=2 * MB) == ["a"]


def test_a_clip_of_unknown_size_makes_no_room() -> None:
    clips = [a_clip("a", 3, size=None, state="damaged"), a_clip("b", 2), a_clip("c", 1)]
    assert gone(clips, size=MB) == ["b"]


def test_why_a_clip_goes_is_told() -> None:
    clips = [a_clip("a", 40), a_clip("b", 2), a_clip("c", 1)]
    reasons = [reason for _, reason in expired(clips, now=NOW, keep_days=30, keep_bytes=1_500_000)]
    assert reasons == ["older than 30 days", "all clips together take more than 1.5 MB"]
    assert expired(clips[:1], now=NOW, keep_days=1, keep_bytes=None)[0][1] == "older than 1 day"


CLIPS = st.lists(
    st.builds(
        a_clip,
        st.uuids().map(str),
        st.floats(-1, 100),
        size=st.one_of(st.none(), st.integers(0, 10 * MB)),
        state=st.sampled_from(["recorded", "recorded", "damaged", *BUSY]),
    ),
    max_size=12,
)


@given(CLIPS, st.one_of(st.none(), st.floats(0, 100)), st.one_of(st.none(), st.integers(0, 50 * MB)))
def test_no_more_goes_than_has_to(clips: list[Clip], days: float | None, size: int | None) -> None:
    going = expired(clips, now=NOW, keep_days=days, keep_bytes=size)
    names = [clip.id for clip, _ in going]
    assert len(set(names)) == len(names)
    assert [clip.started_at for clip, _ in going] == sorted(clip.started_at for clip, _ in going)
    assert all(clip.state in ("recorded", "damaged") for clip, _ in going)
    for_size = [clip for clip, reason in going if reason.startswith("all clips")]
    recorded = [clip for clip in clips if clip.state == "recorded" and clip.id not in names]
    if for_size:
        assert size is not None
        taken = sum(clip.size or 0 for clip in clips if clip.state != "purging" and clip.id not in names)
        assert taken + (for_size[-1].size or 0) > size, "without the last one it was still too much"
        if any(clip.state == "recorded" for clip in for_size):
            assert recorded, "one that can be seen is left"
