"""The picture path: frames in, finished pictures out, answers applied between them.

One synchronous object that is told the time; it knows no clock, thread or sink. The runner drives it
in a thread of its own, a benchmark in virtual time.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from livecam.pictures import Picture
from livecam.tracking.catch_up import stops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.detections import Answer, Sighting
    from livecam.faces import BoundingBox, Emotion
    from livecam.frames import Frame
    from livecam.pictures import Status
    from livecam.protocols import FaceFollower, Painter
    from livecam.selection.choice import FaceEvidence
    from livecam.tracking.catch_up import CatchUp
    from livecam.tracking.convention import Convention
    from livecam.tracking.tracks import Tracks

FINDERS_SIDE = 320
"""Pixels of a picture's longer side at which the rules about small faces were found."""


class PicturePath:
    """Turns each frame into a picture with the labels that belong on it now.

    Args:
        tracks: knows which faces are on the picture, and where.
        follower: says how they moved from frame to frame.
        painter: draws finished pictures; None when no sink needs pixels.
    """

    def __init__(self, *, tracks: Tracks, follower: FaceFollower, painter: Painter | None = None) -> None:
        self._tracks = tracks
        self._follower = follower
        self._painter = painter
        self._base: int | None = None
        """The newest frame through which faces were followed."""
        self._rows = 0.0
        self.cuts = 0
        """Number of scene cuts so far."""

    @property
    def tracks(self) -> int:
        """Number of faces told apart so far."""
        return self._tracks.created

    @property
    def convention(self) -> Convention:
        """How the detector's boxes lie to the finder's, as far as was learnt."""
        return self._tracks.convention

    @property
    def wants_finder(self) -> bool:
        """Whether a look of the finder at the newest frame would tell more than usual."""
        return self._tracks.wants_finder

    def let_labels_last(self, seconds: float) -> None:
        """Say for how long labels stay as good as new, because a face that changes is asked about."""
        self._tracks.labels_last = seconds

    def evidence(self) -> tuple[FaceEvidence, ...]:
        """Return what is known of each face, for who decides about calls."""
        return self._tracks.evidence()

    def labels(self) -> dict[int, Emotion | None]:
        """Return by key what each face is said to express at present."""
        return self._tracks.labels()

    def answered_about(self, captured_at: float) -> dict[int, Emotion | None]:
        """Return by key what the answer about the frame of that instant said of each face that it named."""
        return self._tracks.answered_about(captured_at)

    @property
    def effort(self) -> str:
        """How much is done to follow faces, see `FaceFollower`."""
        return self._follower.effort

    def start_over(self) -> None:
        """Forget every face: what comes next has nothing to do with what was."""
        self._tracks.clear()
        self._follower.clear()
        self._base = None

    def follow(self, frame: Frame) -> None:
        """Move every face to a new frame."""
        if self._follower.add(frame):
            self._tracks.cut()
            self._base = None
            self.cuts += 1
        self._rows = FINDERS_SIDE * frame.height / max(frame.width, frame.height)
        known = [] if self._follower.is_resting else self._tracks.on(self._base)
        movements = (
            self._follower.between(self._base, frame.sequence, [box for _, box in known])
            if known and self._base is not None
            else []
        )
        moved = [(*each, movement) for each, movement in zip(known, movements, strict=True)]
        self._tracks.advance(frame.sequence, frame.captured_at, self._base, moved)
        if self._base is None or not self._follower.is_resting:
            self._base = frame.sequence

    def apply(self, answer: Answer) -> None:
        """Take in a detector's answer about an earlier frame."""
        self._catch_up(self._tracks.answered(answer, rows=self._rows))

    def apply_sighting(self, sighting: Sighting) -> None:
        """Take in where the finder saw faces on an earlier frame."""
        self._catch_up(self._tracks.sighted(sighting, rows=self._rows))

    def finish(self, frame: Frame, now: float, status: Status) -> Picture:
        """Return the finished picture of a frame at instant `now`.

        The frame is the newest one, or one before it that is still remembered; it may come again.
        """
        labels = self._tracks.shown(frame.sequence, now)
        picture = Picture(
            frame,
            labels,
            status,
            now,
            answered_at=self._tracks.answered_at,
            looked_at=self._tracks.looked_at,
            suspected=self._tracks.suspected(frame.sequence),
        )
        if self._painter is None:
            return picture
        return dataclasses.replace(picture, image=self._painter.paint(picture))

    def _catch_up(self, requests: Sequence[CatchUp]) -> None:
        """Follow faces that were found on an earlier frame to the newest, all of a frame together."""
        together: defaultdict[int, list[CatchUp]] = defaultdict(list)
        for request in requests:
            together[request.look.sequence].append(request)
        for since, group in together.items():
            self._carry(group, stops(self._tracks.frames, since))

    def _carry(self, group: Sequence[CatchUp], frames: Sequence[int]) -> None:
        boxes = [request.box for request in group]
        paths: list[list[tuple[int, BoundingBox]]] = [[(frames[0], box)] for box in boxes]
        lost_at: list[int | None] = [None] * len(group)
        for earlier, later in itertools.pairwise(frames):
            for index, movement in enumerate(self._follower.between(earlier, later, boxes)):
                if movement is not None:
                    boxes[index] = boxes[index].moved(movement)
                    lost_at[index] = None
                elif lost_at[index] is None:
                    lost_at[index] = earlier
                paths[index].append((later, boxes[index]))
        for request, path, lost in zip(group, paths, lost_at, strict=True):
            self._tracks.caught_up(request, path, lost_since=lost)
