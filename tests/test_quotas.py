from __future__ import annotations

import pytest

from livecam.quotas import LEAST, calls_per_second, within_quota


@pytest.mark.parametrize(
    ("region", "quota"), [("us-east-1", 100), ("eu-west-1", 100), ("us-west-1", 25), ("xx-new-9", 25)]
)
def test_a_region_allows_so_many_calls_unless_more_was_agreed(region: str, quota: float) -> None:
    assert calls_per_second(region) == quota >= LEAST


def test_a_rate_within_the_quota_is_kept_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    assert within_quota(25.0, "us-west-1") == 25.0
    assert caplog.messages == []


def test_a_rate_above_the_quota_is_lowered_to_it_and_both_are_named(caplog: pytest.LogCaptureFixture) -> None:
    assert within_quota(60.0, "us-west-1") == 25.0
    (message,) = caplog.messages
    assert message.startswith(
        "60 calls a second were asked for; us-west-1 allows 25 a second unless AWS has raised it"
    )
