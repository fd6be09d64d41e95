"""Whose label is on a face: its own, an old one of its own, or another person's. Pure.

A label is right if it says what the person's is now or was on the frame that the newest answer is about:
an answer cannot know what a face does after it. An older one is stale, which is not right, but neither
is it somebody else's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from livecam.bench.overlay.matches import ON_FACE_FROM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.bench.overlay.matches import MatchedFrame
    from livecam.bench.overlay.results import ShownFrame, TrueFace
    from livecam.faces import Emotion


def label_shares(
    shown: Sequence[ShownFrame], frames: Sequence[MatchedFrame]
) -> tuple[float | None, float | None]:
    """Return the shares of labels on faces that are right, and that are another person's.

    Two persons of one emotion cannot be told apart: a label that is both counts as right.
    """
    everyones: dict[Emotion, set[int]] = defaultdict(set)
    for frame in frames:
        for face in frame.true:
            everyones[face.emotion].add(face.person)
    own: dict[int, set[Emotion]] = defaultdict(set)
    labels = right = of_others = 0
    for seen, frame in zip(shown, frames, strict=True):
        for face in frame.true:
            own[face.person].add(face.emotion)
        answered = {} if seen.answered is None else _emotions(frames[seen.answered].true)
        for person, label, emotion in _labelled(frame):
            is_right = label in {emotion, answered.get(person)}
            labels += 1
            right += is_right
            is_own = is_right or label in own[person]
            of_others += not is_own and bool(everyones[label] - {person})
    return (right / labels, of_others / labels) if labels else (None, None)


def _labelled(frame: MatchedFrame) -> Iterator[tuple[int, Emotion, Emotion]]:
    """Yield the person, the label and what it ought to be, for each label that is on a face."""
    for match in frame.matches:
        if match.shown.emotion is not None and match.iou >= ON_FACE_FROM:
            yield match.true.person, match.shown.emotion, match.true.emotion


def _emotions(faces: Sequence[TrueFace]) -> dict[int, Emotion]:
    return {face.person: face.emotion for face in faces}
