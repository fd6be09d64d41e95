"""Where and when it is measured, without a name of a person or a machine."""

from __future__ import annotations

import os
import platform
import ssl
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from livecam.bench.latency.samples import Machine
from livecam.sources import address

if TYPE_CHECKING:
    from livecam.clock import Clock

PACKAGES = ("boto3", "botocore", "urllib3")


def this_machine(clock: Clock, *, endpoint_url: str | None) -> Machine:
    """Return what is known of this machine.

    Args:
        clock: tells the time.
        endpoint_url: that was given in place of AWS's own.
    """
    packages = {name: found for name in PACKAGES if (found := _version(name)) is not None}
    return Machine(
        began=clock.wall().astimezone().isoformat(timespec="seconds"),
        version=_version("livecam") or "unknown",
        python=platform.python_version(),
        platform=f"{platform.system()}-{platform.release()}-{platform.machine()}",
        cpus=_cpus(),
        load=_load(),
        packages=packages | {"openssl": ssl.OPENSSL_VERSION.split()[1]},
        endpoint=None if endpoint_url is None else address.shown(endpoint_url),
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpus() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # not on this system
        return None
