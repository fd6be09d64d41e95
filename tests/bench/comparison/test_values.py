from __future__ import annotations

import pytest

from livecam.bench.comparison.values import Difference


def test_a_difference_is_the_seconds_less_the_firsts() -> None:
    found = Difference("p50", 0.4, 0.3, -0.12, -0.08, "faster")
    assert found.value == pytest.approx(-0.1)
    assert found.share == pytest.approx(-0.25)
    assert found.resolution == pytest.approx(0.02)


def test_what_is_not_known_is_none() -> None:
    found = Difference("p50", 0.0, 0.3, None, None, "can't tell")
    assert (found.share, found.resolution) == (None, None)
