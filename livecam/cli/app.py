"""The `livecam` command's entry: signals first, then the commands; an error is one line and an exit code.

Nothing heavy is imported above: until `main` has taken the signals over, Ctrl-C is a traceback.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from livecam.errors import LivecamError, SourceUnavailable
from livecam.redaction import redact
from livecam.terminal import guard_streams, printable

if TYPE_CHECKING:
    from types import FrameType

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\"]*[^\s'\",;:.)]", re.IGNORECASE)

SOURCE_HINT = "`livecam cameras` lists cameras, `livecam run demo` needs none"


def main() -> NoReturn:
    """Run the command line; never a traceback unless --debug."""
    _end_on_signals()
    guard_streams()
    try:
        _stay_local()
        code = _run_command()
    except LivecamError as error:
        hint = f" ({SOURCE_HINT})" if isinstance(error, SourceUnavailable) else ""
        code = _report(f"{error}{hint}", error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has left; writing more at exit would say so again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:  # noqa: BLE001  the last resort: a bug is told as one
        code = _report(f"internal error: {type(error).__name__}: {error}; --debug shows where", 1)
    sys.exit(code)


def _run_command() -> int:
    """Carry the command out and return its exit code."""
    from livecam.cli import commands

    try:
        return int(commands.app(standalone_mode=False) or 0)
    except commands.USAGE_ERROR as error:
        return commands.refuse(error, without_secrets)


def _report(message: str, code: int) -> int:
    """Tell people, with the traceback of the error in hand under --debug, and return the exit code."""
    if "--debug" in sys.argv:
        import traceback

        print(without_secrets(traceback.format_exc()), file=sys.stderr, end="")
    from livecam import logs

    message = without_secrets(" ".join(message.split()))
    print(f"livecam: {message}", file=sys.stderr)
    logs.note(message)
    return code


def without_secrets(text: str) -> str:
    """Return `text` without passwords and tokens, and without what would steer a terminal."""
    from livecam.sources import address

    return printable(_ADDRESS.sub(lambda found: address.shown(found[0]), redact(text)))


def _stay_local() -> None:
    """Let this process open no connection, whatever the command, where that is set."""
    if "_LIVECAM_COMPLETE" in os.environ or sys.argv[1:2] == ["--help"]:
        return  # words are told, and nothing else is done: settings need not be read for them
    from livecam import local_only
    from livecam.config.loading import standing_switch

    try:
        where = "--local-only" if "--local-only" in sys.argv else standing_switch("local_only")
    except LivecamError as error:  # nothing is to go out that perhaps may not
        local_only.forbid(f"settings that cannot be used, to be on the safe side: {error}")
    else:
        if where is not None:
            local_only.forbid(where)


def _end_on_signals() -> None:
    """End with the usual codes before a run has taken the signals over."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
