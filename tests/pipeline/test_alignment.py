from __future__ import annotations

import itertools
import random

import pytest

from livecam.pipeline.alignment import FIRST, LONGEST, MARGIN, SLEW, Alignment
from tests.builders import a_frame

BYTES = a_frame().image.nbytes


def aligned(*ages: float, longest: float = LONGEST) -> Alignment:
    alignment = Alignment(longest=longest)
    for age in ages:
        alignment.note_latency(age)
    return alignment


def shown(
    alignment: Alignment, seconds: float, *, fps: float = 30, start: int = 0
) -> list[tuple[int, float]]:
    """Return which frame was due when, of frames that come evenly and are asked for every 5 ms."""
    found, came = [], start
    for tick in range(round(start / fps * 200), round((start / fps + seconds) * 200)):
        now = tick / 200
        while came / fps <= now:
            alignment.hold(a_frame(came, at=came / fps), now)
            came += 1
        found += [(frame.sequence, now) for frame in alignment.due(now)]
    return found


def test_a_frame_is_due_when_nine_of_ten_answers_about_it_would_be_there() -> None:
    alignment = aligned(*[0.3] * 18, 0.4, 0.9)
    assert alignment.delay == pytest.approx(0.3 + MARGIN)
    alignment.hold(a_frame(0, at=100.0), 100.0)
    assert alignment.next_due_at == pytest.approx(100.3 + MARGIN)
    assert alignment.due(100.3) == []
    assert [frame.sequence for frame in alignment.due(100.35)] == [0]
    assert alignment.next_due_at is None
    assert alignment.due(200.0) == []


def test_until_the_first_answer_a_usual_age_is_taken() -> None:
    assert aligned().delay == FIRST


def test_no_picture_is_older_than_the_longest_delay() -> None:
    assert aligned(9.0, 9.0, longest=1.2).delay == 1.2
    assert aligned(longest=0.2).delay == 0.2


def test_only_the_newest_answers_count() -> None:
    assert aligned(*[1.0] * 50, *[0.2] * 20).delay == pytest.approx(0.2 + MARGIN)


def test_every_frame_comes_once_and_in_order_whatever_the_ages() -> None:
    rng = random.Random(7)  # noqa: S311
    alignment, found = aligned(), []
    for second in range(30):
        alignment.note_latency(rng.uniform(0.05, 2.0))
        found += shown(alignment, 1.0, start=30 * second)
    found += [(frame.sequence, 30.0) for frame in alignment.flush()]
    assert [sequence for sequence, _ in found] == list(range(900))


def test_the_picture_plays_a_little_slower_or_faster_until_it_is_aligned_and_never_jumps() -> None:
    alignment = aligned(0.2)
    found = shown(alignment, 2.0)
    for _ in range(20):
        alignment.note_latency(0.6)
    found += shown(alignment, 6.0, start=60)
    assert alignment.delay == pytest.approx(0.6 + MARGIN, abs=0.03)
    for _ in range(20):
        alignment.note_latency(0.1)
    found += shown(alignment, 8.0, start=240)
    assert alignment.delay == pytest.approx(0.1 + MARGIN, abs=0.03)
    gaps = [later - earlier for (_, earlier), (_, later) in itertools.pairwise(found)]
    assert max(gaps) < (1 + SLEW) / 30 + 0.011
    assert min(gaps) > (1 - SLEW) / 30 - 0.011


def test_ages_that_differ_a_little_move_nothing() -> None:
    alignment = aligned(0.3)
    shown(alignment, 1.0)
    before = alignment.delay
    for _ in range(20):
        alignment.note_latency(0.315)
    shown(alignment, 1.0, start=30)
    assert alignment.delay == before


def test_frames_that_do_not_fit_into_memory_are_due_earlier_and_the_delay_says_so() -> None:
    alignment = Alignment(most_bytes=6 * BYTES)
    found = shown(alignment, 3.0)
    lags = [at - sequence / 30 for sequence, at in found]
    assert [sequence for sequence, _ in found] == list(range(len(found)))
    assert len(alignment.flush()) <= 6
    assert max(lags) == pytest.approx(6 / 30, abs=0.01)
    assert max(lags) - min(lags) < 0.011


def test_the_delay_is_that_of_what_fits() -> None:
    alignment = Alignment(most_bytes=6 * BYTES)
    shown(alignment, 1.0)
    assert alignment.delay == pytest.approx(0.2, abs=0.01)
    alignment.flush()
    assert alignment.delay == FIRST


def test_a_frame_larger_than_all_memory_is_shown_live() -> None:
    alignment = Alignment(most_bytes=BYTES - 1)
    alignment.hold(a_frame(0, at=5.0), 5.0)
    assert len(alignment.due(5.0)) == 1


def test_what_is_held_can_be_had_at_once_and_what_comes_next_is_held_as_long_as_is_right_then() -> None:
    alignment = aligned()
    for sequence in range(3):
        alignment.hold(a_frame(sequence, at=sequence / 30), sequence / 30)
    assert [frame.sequence for frame in alignment.flush()] == [0, 1, 2]
    assert alignment.next_due_at is None
    alignment.note_latency(0.1)
    alignment.hold(a_frame(3, at=0.1), 0.1)
    assert alignment.delay == pytest.approx(0.1 + MARGIN)


def test_the_first_answer_takes_the_place_of_the_guess_at_once() -> None:
    alignment = Alignment()
    alignment.hold(a_frame(0, at=100.0), 100.0)
    assert alignment.delay == pytest.approx(FIRST)
    alignment.note_latency(1.3)
    alignment.hold(a_frame(1, at=100.1), 100.1)
    assert alignment.delay == pytest.approx(1.3 + MARGIN)
    assert alignment.due(101.0) == []
