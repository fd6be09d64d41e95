from __future__ import annotations

import pytest

from livecam.doctor import regions


@pytest.mark.parametrize(
    ("region", "calls"), [("us-east-1", 100), ("us-west-2", 100), ("eu-west-1", 100), ("eu-central-1", 25)]
)
def test_the_quota_of_a_region(region: str, calls: int) -> None:
    assert regions.calls_per_second(region) == calls


def test_a_region_stands_in_one_list_only() -> None:
    lists = (regions.STORED_VIDEO_TOO, regions.IMAGES_ONLY, regions.STORED_VIDEO_UNCLEAR)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
    assert regions.is_known("ca-central-1")
    assert not regions.is_known("mars-north-1")
    assert all(map(regions.is_known, regions.FAST))
