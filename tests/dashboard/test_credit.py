from __future__ import annotations

from livecam.dashboard.credit import FIRST_PATIENCE, LADDER, Credit


def watch(credit: Credit, frames: int, delay: float, first: int = 1) -> int:
    """Send and acknowledge frames one by one, each after `delay` seconds; return the next number."""
    for seq in range(first, first + frames):
        credit.sent(seq, float(seq))
        assert credit.drawn(seq, seq + delay)
    return first + frames


def test_two_frames_may_be_on_their_way_and_no_third() -> None:
    credit = Credit()
    room = [credit.may_send]
    for step in (lambda: credit.sent(1, 0.0), lambda: credit.sent(2, 0.0), lambda: credit.drawn(1, 0.02)):
        step()
        room.append(credit.may_send)
    assert room == [True, True, False, True]


def test_a_later_frame_acknowledges_those_that_were_passed_over() -> None:
    credit = Credit()
    credit.sent(1, 0.0)
    credit.sent(2, 0.0)
    assert credit.drawn(2, 0.02)
    assert not credit.drawn(1, 0.03)
    credit.sent(3, 0.04)
    assert credit.may_send


def test_what_was_never_sent_is_no_acknowledgement() -> None:
    credit = Credit()
    assert not credit.drawn(7, 1.0)
    credit.sent(1, 0.0)
    credit.sent(2, 0.0)
    credit.drawn(99, 1.0)
    assert not credit.may_send


def test_a_slow_viewer_gets_fewer_frames_then_smaller_ones_down_to_the_smallest() -> None:
    credit = Credit()
    seq = watch(credit, 5, 0.3)
    credit.sent(seq, 0.0)
    assert not credit.may_send
    assert credit.rendition == LADDER[0]
    credit.drawn(seq, 0.3)
    seq = watch(credit, 4, 0.3, seq + 1)
    assert credit.rendition == LADDER[1]
    watch(credit, 50, 0.3, seq)
    assert credit.rendition == LADDER[2]


def test_a_viewer_that_draws_at_once_keeps_the_largest() -> None:
    credit = Credit()
    watch(credit, 300, 0.02)
    assert credit.rendition == LADDER[0]
    credit.sent(1000, 0.0)
    assert credit.may_send


def test_more_is_tried_when_all_has_been_quick_and_more_rarely_each_time_that_it_was_too_much() -> None:
    credit = Credit()
    seq = watch(credit, 10, 0.3)
    assert credit.rendition == LADDER[1]
    seq = watch(credit, FIRST_PATIENCE, 0.02, seq)
    assert credit.rendition == LADDER[1]
    seq = watch(credit, 3 * FIRST_PATIENCE, 0.02, seq)
    assert credit.rendition == LADDER[0]
    seq = watch(credit, 5, 0.3, seq)
    seq = watch(credit, 4 * FIRST_PATIENCE, 0.02, seq)
    assert credit.rendition == LADDER[1]
    watch(credit, 4 * FIRST_PATIENCE, 0.02, seq)
    assert credit.rendition == LADDER[0]


def test_a_small_page_gets_a_small_picture_that_it_shares_with_others() -> None:
    credit = Credit()
    credit.want(390)
    assert credit.rendition == LADDER[2]
    credit.want(700)
    assert credit.rendition == LADDER[1]
    credit.want(4000)
    assert credit.rendition == LADDER[0]


def test_a_large_page_on_a_slow_link_gets_no_more_than_the_link_takes() -> None:
    credit = Credit()
    credit.want(4000)
    watch(credit, 30, 0.5)
    assert credit.rendition == LADDER[2]
