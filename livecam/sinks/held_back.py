"""Pictures that are recorded with their faces covered: held back until it is known who was about to come in.

Whoever gets them is some `COVERED_FOR` behind, and gets every picture, in its order.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from livecam.overlay.blur import wholly_blurred
from livecam.overlay.cover import COVERED_FOR, Surroundings
from livecam.overlay.shield import Witness

if TYPE_CHECKING:
    from livecam.archive.record_switch import RecordSwitch
    from livecam.frames import SourceInfo
    from livecam.overlay.cover import Cover
    from livecam.pictures import Picture
    from livecam.protocols import FrameSink

log = logging.getLogger(__name__)

MOST_BYTES = 600_000_000
"""Of pictures that are held: 0.7 s of 4K at 30 frames per second, or of 720p at 300."""
MOST_PICTURES = 300


@dataclass(frozen=True, slots=True)
class _Held:
    """A picture that waits, and what the user said just before it."""

    picture: Picture
    said: bool | None
    marks: tuple[str, ...]


class HeldBack:
    """Fits `FrameSink`; hands another sink pictures with their faces covered, and never any other.

    A picture that there is no room to hold is handed on at once, blurred altogether.

    Args:
        then: takes them; may hold up who hands them on.
        cover: what is covered.
        switch: by which the user records: what is said there holds for the pictures that follow.
        passed: what is said to `then` when those pictures reach it.
    """

    def __init__(self, then: FrameSink, cover: Cover, *, switch: RecordSwitch, passed: RecordSwitch) -> None:
        self._then = then
        self._cover = cover
        self._switch = switch
        self._passed = passed
        self._witness = Witness()
        self._surroundings = Surroundings()
        self._held: deque[_Held] = deque()
        self._bytes = 0
        self._has_told = False

    def open(self, info: SourceInfo) -> None:
        """Open the sink that follows.

        Raises:
            OutputError: it cannot be.
        """
        self._then.open(info)

    def write(self, picture: Picture) -> None:
        """Hold a picture, and hand on those whose time has come."""
        moment = self._witness.moment(picture)
        newest = self._surroundings.newest
        if newest is not None and moment.time < newest.time:
            self._hand_on_all()  # the source began anew
            self._surroundings.clear()
        self._surroundings.add(moment)
        self._held.append(_Held(replace(picture, image=None), self._switch.take(), self._switch.take_marks()))
        self._bytes += picture.frame.image.nbytes
        while self._held and self._held[0].picture.frame.media_time < moment.time - COVERED_FOR:
            self._hand_on()
        while self._bytes > MOST_BYTES or len(self._held) > MOST_PICTURES:
            self._tell()
            self._hand_on(is_known=False)
        on_the_way = next((held.said for held in reversed(self._held) if held.said is not None), None)
        self._switch.is_recording = self._passed.is_wanted if on_the_way is None else on_the_way

    def close(self) -> None:
        """Hand on what is held, and close the sink that follows. May be called twice."""
        try:
            self._hand_on_all()
        finally:
            self._then.close()

    def _hand_on_all(self) -> None:
        while self._held:
            self._hand_on()

    def _hand_on(self, *, is_known: bool = True) -> None:
        held = self._held.popleft()
        picture, frame = held.picture, held.picture.frame
        self._bytes -= frame.image.nbytes
        if held.said is not None:
            self._passed.say(held.said)
        for text in held.marks:
            self._passed.mark(text)
        image = (
            self._cover.over(frame.image, frame.media_time, self._surroundings.around(frame.media_time)).image
            if is_known
            else wholly_blurred(frame.image)
        )
        self._then.write(replace(picture, frame=replace(frame, image=image), suspected=()))

    def _tell(self) -> None:
        if not self._has_told:
            self._has_told = True
            log.warning(
                "pictures are too large, or too many, to wait %s s for faces that come in:"
                " some are recorded blurred altogether; ask for fewer pixels (--size, --fps)",
                COVERED_FOR,
            )
