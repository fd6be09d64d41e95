"""Faults of the network and of the service."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING, Any

import own_mounts
from cloud_relay import Relay
from fault import Fault, NotHere, simply

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.local_aws.server import in_background

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fault import Outage, SetUp
    from trial import Trial

SLOW = 1_200.0
"""Bytes a second: a picture of the stand-in camera, 2.4 kB, takes two seconds."""
_NAME = "rekognition.localhost"
_KNOWN = f"127.0.0.1 localhost {_NAME}\n"


def _plan(**plan: Any) -> SetUp:  # noqa: ANN401  as a fault plan has it
    @contextlib.contextmanager
    def outage(trial: Trial) -> Iterator[None]:
        trial.endpoint.change_faults(plan_from(plan, "the suite"))
        yield
        trial.endpoint.change_faults(FaultPlan())

    return simply(outage)


def _kind(kind: str, **more: Any) -> SetUp:  # noqa: ANN401
    return _plan(faults=[{"kind": kind, **more}])


def _relay(way: str) -> SetUp:
    """Return the setting up of an endpoint that is reached by a relay, which one of its methods breaks."""

    @contextlib.contextmanager
    def set_up(trial: Trial) -> Iterator[Outage]:
        with Relay(trial.endpoint.port) as relay:
            trial.environment["AWS_ENDPOINT_URL"] = relay.url
            yield getattr(relay, way)

    return set_up


@contextlib.contextmanager
def _untrusted(trial: Trial) -> Iterator[Outage]:
    """Speak TLS, at first with a certificate that is trusted, then with one that is not."""
    setup = Setup(eyes=CannedEyes(1), with_moto=False, with_tls=True)
    with in_background(setup) as trusted, in_background(setup) as stranger, Relay(trusted.port) as relay:
        bundle = trial.work / "trusted.pem"
        bundle.write_text(ssl.get_server_certificate(("127.0.0.1", trusted.port)), "ascii")
        trial.endpoint = trusted
        trial.environment |= {
            "AWS_ENDPOINT_URL": relay.url.replace("http", "https"),
            "AWS_CA_BUNDLE": str(bundle),
        }
        yield lambda: relay.led_to(stranger.port)


@contextlib.contextmanager
def _nameless(trial: Trial) -> Iterator[Outage]:
    """Let the system know the endpoint's name, and then no more: by files that only the run sees."""
    if not own_mounts.way():
        raise NotHere(own_mounts.NOT_ALLOWED)
    hosts, servers = trial.work / "hosts", trial.work / "resolv.conf"
    hosts.write_text(_KNOWN)
    servers.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")  # nobody answers there
    trial.prefix = own_mounts.with_files({"/etc/hosts": hosts, "/etc/resolv.conf": servers})
    with Relay(trial.endpoint.port) as relay:
        trial.environment["AWS_ENDPOINT_URL"] = relay.url.replace("127.0.0.1", _NAME)
        trial.arguments = ["--yes"]

        @contextlib.contextmanager
        def outage() -> Iterator[None]:
            hosts.write_text("127.0.0.1 localhost\n")
            relay.cut()
            yield
            hosts.write_text(_KNOWN)

        yield outage


FAULTS = {
    "refused": Fault("connections refused", _relay("refusing"), "nothing listens|refuse"),
    "vanish": Fault("connections hear nothing (black hole)", _relay("vanished"), "cannot be reached|connect"),
    "reset": Fault("connections reset in the answer", _kind("reset-body"), "connection|broke"),
    "reset-upload": Fault("connections reset while sending", _kind("reset-upload"), "connection|broke"),
    "hang-up": Fault("connections closed without an answer", _kind("hang-up"), "connection|closed"),
    "hang": Fault("no answer ever", _kind("stall"), "answer"),
    "slow-uplink": Fault("an uplink on which a picture takes two seconds", _plan(uplink=SLOW), ""),
    "truncated": Fault("answers cut short", _kind("truncate"), "answer"),
    "malformed": Fault("answers that are no JSON", _kind("malformed"), "answer"),
    "5xx": Fault("the service fails (500)", _kind("error"), "InternalServerError|fault|problem|service"),
    "bad-gateway": Fault("a gateway fails (502)", _kind("bad-gateway"), "502|gateway|service"),
    "throttled": Fault(
        "more calls than the quota",
        _plan(quota={"per_second": 1.0, "burst": 1.0}),
        "fewer|quota|throttl|slowed",
    ),
    "tls": Fault("a certificate that nobody trusts", _untrusted, "certificate"),
    "dns": Fault("the name is not found any more (DNS)", _nameless, "name|found|resolve"),
}
