import pytest

from livecam.latency import Percentiles, RollingDurations, RollingRate, percentile, percentiles, rate


def test_thirty_instants_at_thirty_a_second_read_thirty() -> None:
    assert rate([index / 30 for index in range(30)]) == pytest.approx(30.0)


@pytest.mark.parametrize("instants", [[], [1.0], [1.0, 1.0]])
def test_too_few_instants_have_no_rate(instants: list[float]) -> None:
    assert rate(instants) is None


def test_percentiles_are_linear_between_ranks() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert percentile([1.0, 2.0], 0.95) == pytest.approx(1.95)


def test_no_sample_has_no_percentile_and_is_counted_as_none() -> None:
    assert percentiles([]) == Percentiles(None, None, None, None, None, 0)


def test_the_order_of_samples_does_not_matter() -> None:
    assert percentiles([3.0, 1.0, 2.0]) == percentiles([1.0, 2.0, 3.0])
    assert percentiles([3.0, 1.0, 2.0]).max == 3.0


def test_a_rolling_rate_forgets_what_is_older_than_its_window() -> None:
    rolling = RollingRate(1.0)
    for index in range(10):
        rolling.add(index * 1.0)  # slow: one a second
    for index in range(11):
        rolling.add(10 + index * 0.1)
    assert rolling.per_second(11.0) == pytest.approx(10.0)


def test_a_source_that_has_stopped_is_seen_to_slow_down() -> None:
    rolling = RollingRate(3.0)
    for index in range(30):
        rolling.add(index / 30)
    assert rolling.per_second(2.0) == pytest.approx(15.0)
    assert rolling.per_second(100.0) is None


def test_rolling_durations_forget_what_is_older_than_their_window() -> None:
    rolling = RollingDurations(60.0)
    rolling.add(0.0, 9.0)
    rolling.add(59.0, 0.2)
    assert rolling.percentiles(59.0).count == 2
    assert rolling.percentiles(61.0).max == 0.2
