"""The words in which a policy says why a frame is worth a call, or why not: these and no others."""

from __future__ import annotations

from enum import StrEnum

from livecam.selection.choice import Choice


class Reason(StrEnum):
    """Why, or why not; where several hold, the one that stands first here is told."""

    PACE = "pace"
    """Every frame is worth a call; the pace alone decides."""
    SCENE_CUT = "scene cut"
    """What is known of the faces was about another scene."""
    NEW_FACE = "new face"
    """Nobody was asked about a face yet."""
    NOT_ANSWERED = "not answered"
    """The call about a face failed, or its answer did not name the face."""
    CHANGED = "changed"
    """A face looks otherwise than in the last frame sent."""
    LABEL_OLD = "label old"
    """What is said of a face is not to grow older."""
    NOBODY_FOR_LONG = "nobody for long"
    """No face was seen for so long that it is worth a check."""
    BLURRED = "blurred"
    """Not this frame: a call is due, but the face is blurred."""
    TOO_SOON = "too soon"
    """Not this frame: a call is due, but the last one was only just made."""
    ASKED = "asked"
    """Not this frame: the call about it is under way."""
    UNCHANGED = "unchanged"
    """Not this frame: all faces look as they did."""
    NOBODY = "nobody"
    """Not this frame: there is no face."""

    @property
    def is_for_a_call(self) -> bool:
        """Whether it speaks for a call."""
        return self in _FOR_A_CALL

    @property
    def choice(self) -> Choice:
        """What a policy returns for this reason."""
        return Choice(is_chosen=self.is_for_a_call, reason=self.value)


_FOR_A_CALL = frozenset(
    {
        Reason.PACE,
        Reason.SCENE_CUT,
        Reason.NEW_FACE,
        Reason.NOT_ANSWERED,
        Reason.CHANGED,
        Reason.LABEL_OLD,
        Reason.NOBODY_FOR_LONG,
    }
)
_RANKS = {reason: rank for rank, reason in enumerate(Reason)}


def foremost(reasons: list[Reason]) -> Reason:
    """Return the one of these reasons that is told; there is at least one."""
    return min(reasons, key=_RANKS.__getitem__)
