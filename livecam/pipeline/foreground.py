"""A run in the foreground of a process: signals, the window's main thread, asyncio.

A window's loop must own the main thread (macOS and Qt insist); asyncio then runs in another. Without
a window asyncio has the main thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from livecam.pipeline.runner import Runner

EXIT_CODES = {"interrupted": 130, "terminated": 143}
"""By the reason for which a run ended; 128 + the signal's number, as shells have it. Otherwise 0."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    reason: str

    @property
    def exit_code(self) -> int:
        """The process's exit code."""
        return EXIT_CODES.get(self.reason, 0)


class MainThreadView(Protocol):
    """A view whose loop needs the main thread."""

    def run(self, *, has_ended: Callable[[], bool], on_quit: Callable[[], None]) -> None:
        """Show pictures until `has_ended`; call `on_quit` when the user closes it."""

    def dismiss(self) -> None:
        """Do not stay open after the run; any thread."""


def run_in_foreground(runner: Runner, view: MainThreadView | None = None) -> Outcome:
    """Run to the end and say how it ended.

    Raises:
        LivecamError: what `Runner.run` raises.
    """
    with _signals_stop(runner, view) as signalled:
        reason = asyncio.run(runner.run()) if view is None else _run_beside(runner, view)
    return Outcome(signalled[0] if signalled else reason)


def _run_beside(runner: Runner, view: MainThreadView) -> str:
    """Run asyncio in a thread while the view has this one."""
    reasons: list[str] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            reasons.append(asyncio.run(runner.run()))
        except Exception as error:  # noqa: BLE001  raised again below, in the main thread
            errors.append(error)

    thread = threading.Thread(target=run, name="livecam-asyncio")
    thread.start()
    try:
        view.run(
            has_ended=lambda: not thread.is_alive(), on_quit=lambda: _stop_beside(runner, "closed by user")
        )
    finally:
        # A view that broke must not leave the run going behind the user's back.
        _stop_beside(runner, "view ended")
        thread.join()
    if errors:
        raise errors[0]
    return reasons[0]


@contextlib.contextmanager
def _signals_stop(runner: Runner, view: MainThreadView | None) -> Iterator[list[str]]:
    """Let Ctrl-C and SIGTERM end the run and its view cleanly; a second one ends the process at once.

    Yields the reason once one has come: a view may stay open after its run.
    """
    signalled: list[str] = []
    reasons = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        signalled.append(reasons[signal.Signals(number)])
        if view is not None:
            view.dismiss()
        _stop_beside(runner, reasons[signal.Signals(number)])

    before = {number: signal.signal(number, stop) for number in reasons}
    try:
        yield signalled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_beside(runner: Runner, reason: str) -> None:
    """Stop from a thread: a signal handler runs inside whatever the main thread holds locked."""
    threading.Thread(target=runner.stop, args=(reason,), name="livecam-stop", daemon=True).start()
