"""What the page can change about the calls while the run goes on: how many, what they cost, who is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from livecam.config.values import one_of
from livecam.dashboard.control_values import control, setting, shown
from livecam.errors import UsageError
from livecam.pricing import nano, refuse_too_small

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.pipeline.detection_loop import DetectionLoop

RATES: Final = (0.1, 120.0, 0.1)
"""Calls per second that a page offers: least, most and the step between two."""
BUDGET_STEP: Final = 0.01
MOST_BUDGET: Final = 1_000_000.0
"""Dollars."""
NOT_ASKED = "this run has no detector that pictures are sent to"
NOT_PACED = "stills are not paced: each is asked about when the one before is answered"
NOT_PAID = "this run makes no paid calls"
NOT_PRICED = "nobody knows what the calls of this detector cost"
STARTED_HERE = "this run was started on-device and sends nothing: consent is given at the start"
NO_STAND_IN = "this run has no other detector: start it with --fallback on-device to have both"
ALONE = "this run has no other detector"


class CallControls:
    """Changes the calls of a run; any thread may call, one at a time.

    Args:
        detection: makes them; None where nobody is asked.
        rate_of: returns the calls per second that are made when so many are asked for: no more than a quota
            allows, and for None as many as are usual; None where calls are not paced.
        is_paid: whether the calls cost money, also where nobody knows how much.
    """

    def __init__(
        self,
        detection: DetectionLoop | None,
        *,
        rate_of: Callable[[float | None], float] | None = None,
        is_paid: bool = False,
    ) -> None:
        self._detection = detection
        self._budget = None if detection is None else detection.budget
        self._rate_of = rate_of
        self._is_paid = is_paid
        self.by_name: dict[str, Callable[[object], None]] = {
            "rate": self._set_rate,
            "budget": self._set_budget,
            "detector": self._set_detector,
        }
        """What sets each of them; a value that cannot be used raises UsageError."""

    def now(self) -> dict[str, dict[str, Any]]:
        """Return each control with what holds now and what may be given, as `Controls.now` does.

        A "number" has "least", "most", "step" and "unit"; "may_be_none" says whether null stands for no
        limit. The first of the detector's "choices" is the run's own.
        """
        detection, budget = self._detection, self._budget
        least, most, step = RATES
        is_paced = detection is not None and self._rate_of is not None
        return {
            "rate": control(
                "number",
                detection.rate if detection is not None and is_paced else None,
                obstacle=self._no_rate(),
                least=least,
                most=most,
                step=step,
                unit="calls per second",
            ),
            "budget": control(
                "number",
                None if budget is None else budget.run_usd,
                obstacle=self._no_budget(),
                least=BUDGET_STEP if budget is None else max(BUDGET_STEP, budget.price_usd),
                most=MOST_BUDGET,
                step=BUDGET_STEP,
                unit="US dollars",
                may_be_none=True,
            ),
            "detector": control(
                "choice", self._detector(), obstacle=self._no_detector(), choices=self._detectors()
            ),
        }

    def _set_rate(self, value: object) -> None:
        asked: float | None = setting("rate", value)
        if self._detection is None or self._rate_of is None:
            raise UsageError(f"rate cannot be used: {self._no_rate()}")
        rate = self._rate_of(asked)
        if rate != self._detection.rate:  # what holds already is no event
            self._detection.ask_rate(rate)

    def _set_budget(self, value: object) -> None:
        limit: float | None = setting("budget", value)
        if self._detection is None or self._budget is None:
            raise UsageError(f"budget cannot be used: {self._no_budget()}")
        if limit is not None:
            refuse_too_small("--budget", limit, self._budget.price_usd)
        if limit != self._budget.run_usd:
            self._detection.ask_budget(None if limit is None else nano(limit))

    def _set_detector(self, value: object) -> None:
        if self._detection is None or value not in self._detectors():
            why = self._no_detector() or f"give {one_of(self._detectors())}"
            raise UsageError(f"detector {shown(value)} cannot be used: {why}")
        self._detection.hold(value != self._detection.detector)

    def _detector(self) -> str | None:
        detection = self._detection
        if detection is None:
            return None
        return detection.stand_in if detection.is_held else detection.detector

    def _detectors(self) -> list[str]:
        detection = self._detection
        if detection is None:
            return []
        return [detection.detector, *([detection.stand_in] if detection.stand_in else [])]

    def _no_rate(self) -> str | None:
        if self._detection is None:
            return NOT_ASKED
        return NOT_PACED if self._rate_of is None else None

    def _no_budget(self) -> str | None:
        if self._budget is not None:
            return None
        return NOT_PRICED if self._is_paid else NOT_PAID

    def _no_detector(self) -> str | None:
        detection = self._detection
        if detection is None:
            return NOT_ASKED
        if detection.stand_in is not None:
            return None
        return {"on-device": STARTED_HERE, "rekognition": NO_STAND_IN}.get(detection.detector, ALONE)
