"""`livecam consent`: what you agreed to send and where; taking it back. And asking, on the terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.consent import ClipSending, ConsentScope, Sending
    from livecam.state.consent import Consent

SCHEMA = "livecam.consent/1"

app = typer.Typer(help="Where you agreed to send pictures to; taking it back.")


@app.command()
def show(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False,
) -> None:
    """Say where you agreed to send pictures to, and when."""
    from livecam import logs
    from livecam.state.consent import ConsentStore

    logs.configure()
    store = ConsentStore()
    given = store.list()
    if as_json:
        print(json.dumps({"schema": SCHEMA, "file": str(store.path), "consents": [*map(_as_record, given)]}))
        return
    for consent in given:
        print(*consent_lines(consent), sep="\n")
    if not given:
        print("none given: no picture is sent anywhere without asking you first")


@app.command()
def revoke(
    endpoint: Annotated[
        str | None, typer.Argument(help="Which one, as `livecam consent show` prints it.", show_default=False)
    ] = None,
    revoke_all: Annotated[bool, typer.Option("--all", help="Take back every consent.")] = False,
) -> None:
    """Take a consent back; with only one there is no need to name it."""
    from livecam import logs
    from livecam.state.consent import ConsentStore

    logs.configure()
    store = ConsentStore()
    given = store.list()
    chosen = given if revoke_all else _chosen(given, endpoint)
    for consent in chosen:
        store.revoke(consent.scope)
        print(f"taken back: {_place(consent)}; a livecam that runs now goes on until it ends")
    if not chosen:
        print("none given, so there is nothing to take back")


def asker(sending: Sending | ClipSending) -> Callable[[ConsentScope], str] | None:
    """Return what asks on the terminal; None where nobody sits at one.

    All is written to standard error: standard output may be somebody's JSON.

    Args:
        sending: what would be sent; it is told.
    """
    from livecam import consent

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(scope: ConsentScope) -> str:
        print(consent.notice(scope, sending), file=sys.stderr)
        print(f"\nType {consent.ANSWER} to agree: ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline()

    return ask


def consent_lines(consent: Consent) -> list[str]:
    """Return what is printed of one consent, in at most 80 columns where the address allows."""
    state = "" if consent.is_current else "; the text has changed: you will be asked again"
    return [_place(consent), f"  given {consent.given_at:%Y-%m-%d %H:%M} UTC{state}"]


def _chosen(given: tuple[Consent, ...], endpoint: str | None) -> tuple[Consent, ...]:
    if endpoint is None:
        if len(given) > 1:
            raise UsageError(
                f"there are {len(given)} consents; name the endpoint of one as `livecam consent show` prints"
                " it, or give --all"
            )
        return given
    named = tuple(each for each in given if each.scope.endpoint == endpoint.rstrip("/").lower())
    if not named:
        raise UsageError(f"there is no consent for {endpoint}; `livecam consent show` lists them")
    return named


def _place(consent: Consent) -> str:
    scope = consent.scope
    region = f", {scope.region}" if scope.region else ""
    return f"{scope.endpoint}{region}, profile {scope.profile}"


def _as_record(consent: Consent) -> dict[str, object]:
    return {
        "endpoint": consent.scope.endpoint,
        "region": consent.scope.region,
        "profile": consent.scope.profile,
        "given_at": consent.given_at.isoformat(),
        "text_version": consent.text_version,
        "is_current": consent.is_current,
    }
