"""Which AWS Regions there are, as the installed botocore knows them; opens no connection."""

from __future__ import annotations

import functools


@functools.cache
def known_regions() -> frozenset[str]:
    """Return the names of all Regions, those of other partitions included."""
    import botocore.session  # type: ignore[import-untyped]

    session = botocore.session.Session()
    partitions = session.get_available_partitions()
    # EC2 is in every Region, while Rekognition comes to further ones.
    return frozenset(region for each in partitions for region in session.get_available_regions("ec2", each))
