"""The demo's account: the local AWS endpoint as a process of its own, with a bucket."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from livecam.errors import LivecamError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BUCKET = "livecam-demo"
LATENCY = 0.34
"""Seconds that a call takes there: as long as people have reported for the real service."""
NEEDED = ("moto", "flask", "flask_cors", "cryptography")
_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
"""What would have other credentials used than the endpoint's."""


class NoDemoAccount(LivecamError):
    """The local endpoint cannot be started."""


def what_is_missing() -> str | None:
    """Return the package without which there is no local endpoint; None when all are there."""
    return next((name for name in NEEDED if importlib.util.find_spec(name) is None), None)


@contextlib.contextmanager
def demo_account() -> Iterator[str]:
    """Run the local endpoint while the block runs; yield its address. Meanwhile AWS's variables are its own.

    Raises:
        NoDemoAccount: it did not start.
    """
    from livecam.aws.clients import AwsAccess
    from livecam.aws.new_bucket import make_bucket
    from livecam.local_aws.endpoint import environment_of

    command = [sys.executable, "-m", "livecam", "local-aws", "--port", "0", "--latency", str(LATENCY)]
    # A session of its own: Ctrl-C is for the run, which still wants to put its clip somewhere.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:  # noqa: S603  this very program
        try:
            line = process.stdout.readline() if process.stdout else ""
            url = line.partition(" ")[0]
            if not url.startswith("http"):
                raise NoDemoAccount("the local AWS endpoint did not start; `livecam local-aws` says why")
            with _environment(environment_of(url)):
                make_bucket(AwsAccess(endpoint_url=url), BUCKET)
                yield url
        finally:
            process.terminate()


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    for name in _VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in {*variables, *_VARIABLES}:
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]
