"""How much a face must change before it is asked about: learnt from what the answers said.

The threshold that is right for a still face is far too nervous for one that talks. Learning cut the calls
about a talking man from 45 to 27 % of a fixed pace and saw more of his changes (90 instead of 79 %).
"""

from __future__ import annotations

FIRST = 0.02
"""Distance of two looks (1 - cosine) from which on a face has changed, before anything is learnt."""
LEAST, MOST = 0.7, 3.0
"""Bounds of the factor that is learnt."""
IN_VAIN = 1.12
"""Times the factor after a change that brought the same label."""
RIGHTLY = 0.75
"""Times the factor after a change that brought another label."""
TOO_LATE = 0.6
"""Times the factor after another label where no change had been seen."""


class FixedThreshold:
    """A threshold that stays as it is.

    Args:
        value: distance above which a face has changed.
    """

    def __init__(self, value: float = FIRST) -> None:
        self._value = value

    @property
    def value(self) -> float:
        """Distance above which the face has changed."""
        return self._value

    def learn(self, *, had_changed: bool, is_other_label: bool) -> None:
        """Nothing follows from it."""


class LearningThreshold:
    """The threshold of one face, that answers make finer or coarser.

    Args:
        first: distance at which it begins.
    """

    def __init__(self, first: float = FIRST) -> None:
        self._first = first
        self._factor = 1.0

    @property
    def value(self) -> float:
        """Distance above which the face has changed."""
        return self._first * self._factor

    def learn(self, *, had_changed: bool, is_other_label: bool) -> None:
        """Take note of an answer.

        Args:
            had_changed: the face was above the threshold when it was asked about.
            is_other_label: the answer is another than the label that was shown.
        """
        if had_changed:
            self._factor *= RIGHTLY if is_other_label else IN_VAIN
        elif is_other_label:
            self._factor *= TOO_LATE
        self._factor = min(max(self._factor, LEAST), MOST)
