from __future__ import annotations

import datetime as dt
import platform

from livecam.bench.latency.machine import this_machine
from livecam.testing.clock import FakeClock


def test_the_machine_is_described_without_its_name_or_a_password() -> None:
    machine = this_machine(FakeClock(), endpoint_url="http://me:secret@10.0.0.1:4577")
    assert dt.datetime.fromisoformat(machine.began).tzinfo is not None
    assert {"boto3", "botocore", "urllib3", "openssl"} <= set(machine.packages)
    assert machine.cpus >= 1
    assert "secret" not in repr(machine)
    assert platform.node() not in machine.platform


def test_aws_itself_has_no_endpoint_of_its_own() -> None:
    assert this_machine(FakeClock(), endpoint_url=None).endpoint is None
