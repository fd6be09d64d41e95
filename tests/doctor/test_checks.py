from __future__ import annotations

import threading

from livecam.aws.clients import AwsAccess
from livecam.doctor.checks import checks
from livecam.testing.clock import FakeClock


def test_every_check_has_a_name_of_its_own_that_fits_its_column_and_making_them_looks_at_nothing() -> None:
    before = threading.active_count()
    names = [check.name for check in checks(AwsAccess(profile="no-such"), FakeClock(), is_asked=True)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 11
    assert threading.active_count() == before
