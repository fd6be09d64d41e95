from __future__ import annotations

from livecam.aws.regions import known_regions


def test_regions_of_every_partition_are_known_and_slips_are_not() -> None:
    known = known_regions()
    assert {"us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1"} <= known
    assert "us-esat-1" not in known
