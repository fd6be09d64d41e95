"""`livecam local-aws`: an AWS endpoint on this machine, faults included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import options
from livecam.errors import UsageError

if TYPE_CHECKING:
    from livecam.local_aws.canned_eyes import CannedEyes

PORT = 4577
"""Fixed, so that `--env` in one terminal fits the endpoint in another."""
FAULTS = "Faults"


def local_aws(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 is any that is free.")
    ] = PORT,
    env: Annotated[
        bool,
        typer.Option(
            "--env",
            help='Start nothing; print the variables that make AWS tools use it: eval "$(livecam local-aws'
            ' --env)".',
        ),
    ] = False,
    no_moto: Annotated[
        bool, typer.Option("--no-moto", help="Serve Rekognition alone, without S3, SNS, SQS, STS and IAM.")
    ] = False,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak TLS, with a certificate that nobody trusts.")
    ] = False,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY:SECRET", help="One more pair of credentials, besides test:test. Repeatable."
        ),
    ] = None,
    canned: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=100,
            metavar="FACES",
            help="Do not look at pictures: answer with so many faces, always the same. For measuring time.",
        ),
    ] = None,
    latency: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="How long the service takes at least, in seconds or as 340ms.",
            rich_help_panel=FAULTS,
        ),
    ] = None,
    spread: Annotated[
        float | None,
        typer.Option(
            metavar="SIGMA",
            help="Draw latencies from a lognormal distribution about that median.",
            rich_help_panel=FAULTS,
        ),
    ] = None,
    tps: Annotated[
        float | None,
        typer.Option(
            metavar="N", help="Calls a second per operation; more are refused.", rich_help_panel=FAULTS
        ),
    ] = None,
    uplink: Annotated[
        float | None,
        typer.Option(metavar="MBIT", help="Megabits a second for pictures sent.", rich_help_panel=FAULTS),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:SHARE]",
            help="An error's code, or: bad-gateway, reset-upload, reset-body, hang-up, garbage, truncate,"
            " malformed, not-object, empty, incomplete, stall, drip-head, drip-body. Repeatable.",
            rich_help_panel=FAULTS,
        ),
    ] = None,
    faults: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml",
            help="A fault plan; flags go before it. PUT /_livecam/faults changes it while it runs.",
            rich_help_panel=FAULTS,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Of the draws, to repeat a run.", rich_help_panel=FAULTS),
    ] = None,
    verbose: options.Verbose = 0,
    debug: options.Debug = False,
) -> None:
    """Serve Rekognition's faces, S3, SNS, SQS, STS and IAM on this machine, for free.

    An unmodified boto3 or AWS CLI works with it; faces are found by the on-device engine. Ctrl-C ends it.
    """
    from livecam import logs
    from livecam.local_aws.endpoint import Setup, environment_of, url_of
    from livecam.local_aws.fault_flags import with_flags
    from livecam.local_aws.fault_plan import FaultPlan, read_plan
    from livecam.local_aws.server import in_foreground

    if env:
        if port == 0:
            raise UsageError("--env cannot know a port that is not chosen yet; give --port a number")
        for name, value in environment_of(url_of(port, with_tls=tls)).items():
            print(f"export {name}={value}")
        return
    logs.configure(verbosity=2 if debug else verbose)
    plan = with_flags(
        read_plan(faults) if faults else FaultPlan(),
        latency=latency,
        spread=spread,
        tps=tps,
        uplink=uplink,
        seed=seed,
        faults=tuple(fault or ()),
    )
    setup = Setup(
        port=port,
        plan=plan,
        eyes=_canned(canned),
        with_moto=not no_moto,
        with_tls=tls,
        secrets=_secrets(key or []),
    )
    raise typer.Exit(
        in_foreground(setup, lambda endpoint: _announce(endpoint.url, endpoint.port, is_tls=tls))
    )


def _announce(url: str, port: int, *, is_tls: bool) -> None:
    flags = ("" if port == PORT else f" --port {port}") + (" --tls" if is_tls else "")
    print(
        f'{url} is listening; Ctrl-C ends it. Elsewhere: eval "$(livecam local-aws --env{flags})"', flush=True
    )


def _canned(faces: int | None) -> CannedEyes | None:
    """Return eyes that do not look, when so many faces are wanted."""
    if faces is None:
        return None
    from livecam.local_aws.canned_eyes import CannedEyes

    return CannedEyes(faces)


def _secrets(pairs: list[str]) -> dict[str, str]:
    """Return secrets by access key, those that are always valid included."""
    from livecam.local_aws.endpoint import KEY, SECRET

    secrets = {KEY: SECRET}
    for pair in pairs:
        access_key, _, secret = pair.partition(":")
        if not access_key or not secret:
            raise UsageError("--key needs an access key and its secret; write it as KEY:SECRET")
        secrets[access_key] = secret
    return secrets
