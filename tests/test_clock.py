from datetime import UTC

from livecam.clock import SystemClock
from livecam.testing.clock import FakeClock


def test_the_system_clock_does_not_go_back() -> None:
    clock = SystemClock()
    assert clock.now() <= clock.now()
    assert clock.wall().tzinfo is UTC


def test_the_fake_clock_moves_only_when_told() -> None:
    clock = FakeClock()
    before, wall_before = clock.now(), clock.wall()
    clock.advance(2.5)
    assert clock.now() - before == 2.5
    assert (clock.wall() - wall_before).total_seconds() == 2.5
