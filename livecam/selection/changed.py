"""`Smart` without what it learns and without its blur veto: a fixed threshold, and a call once it is passed.

The simple one, easy to foresee. It is right for faces that keep still; about one that talks it asks nearly
twice as often as `Smart`, and for all that it sees fewer of its changes.
"""

from __future__ import annotations

from livecam.selection.smart import NOBODY_EVERY, REFRESH, Smart
from livecam.selection.threshold import FIRST


class Changed(Smart):
    """Chooses the frames in which a face is new, changed or not asked about for long; fits `Policy`.

    Args:
        has_finder: whether the on-device finder looks for faces; without it each frame is chosen.
        refresh: seconds after which a face is asked about although it did not change.
        nobody_every: seconds without any face from one check to the next; None for never.
        threshold: distance of two looks (1 - cosine) from which on a face has changed.
    """

    def __init__(
        self,
        *,
        has_finder: bool,
        refresh: float = REFRESH,
        nobody_every: float | None = NOBODY_EVERY,
        threshold: float = FIRST,
    ) -> None:
        super().__init__(
            has_finder=has_finder,
            refresh=refresh,
            nobody_every=nobody_every,
            threshold=threshold,
            learns=False,
            waits_while_blurred=False,
        )
