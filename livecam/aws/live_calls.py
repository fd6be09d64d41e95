"""A call about the newest frame: timed, guarded, abortable, its failure a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.call_timing import CallMarks, marking
from livecam.aws.error_mapping import translate
from livecam.errors import DetectionAborted

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.aws.error_mapping import CallTarget
    from livecam.clock import Clock


class LiveCall:
    """A call that any thread may end.

    Args:
        clock: says when what happened.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.marks = CallMarks(clock)

    def abort(self) -> None:
        """End it: also while it connects, sends, or waits for an answer that drips."""
        self.marks.abort()

    def make(
        self, call: Callable[..., Any], parameters: dict[str, Any], *, target: CallTarget
    ) -> dict[str, Any]:
        """Return what a method of a client of `live_client` answers; blocks.

        Raises:
            CloudError: it failed; or its answer is broken.
            DetectionAborted: it was ended, also when an answer had come.
        """
        try:
            self.raise_if_aborted()
            self.marks.begin()
            with marking(self.marks):
                answer: dict[str, Any] = call(**parameters)
        except DetectionAborted:
            raise
        except Exception as error:
            # A shut socket looks like a broken connection, or like an answer that was cut short.
            self.raise_if_aborted(error)
            raise self.translated(error, target) from error
        self.raise_if_aborted()
        return answer

    def translated(self, error: Exception, target: CallTarget) -> Exception:
        """Return a failure of this call as a `CloudError`."""
        if self.marks.is_parsing and not isinstance(error, BrokenAnswer):
            # botocore takes the members of an answer for what its model says.
            error = BrokenAnswer("MalformedAnswer", "a member of it is of another kind")
        return translate(error, target=target, wall=self._clock.wall())

    def raise_if_aborted(self, cause: Exception | None = None) -> None:
        """Raise `DetectionAborted` if the call was ended."""
        if self.marks.is_aborted:
            raise DetectionAborted("the call was ended before it was answered") from cause
