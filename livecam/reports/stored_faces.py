"""The faces of stored results, linked over time, as the report tells of them: pure."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.reports.seen import Moment, SeenFace, Traits
from livecam.reports.spans import cells, joined, step_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.analysis.linking import LinkedFace
    from livecam.analysis.results import StoredFace
    from livecam.faces import Face, Judgement

UNCLEAR_BELOW = 50.0
"""Score of the leading emotion below which nothing is claimed, as for Rekognition's live answers."""


def stored_faces(linked: Sequence[LinkedFace], end: float) -> tuple[SeenFace, ...]:
    """Return linked faces with the time that each sighting stands for.

    Args:
        linked: all faces of a video.
        end: of the video, in seconds.
    """
    step = step_of(one.time for face in linked for one in face.sightings)
    return tuple(_seen(face, step, end) for face in linked)


def _seen(face: LinkedFace, step: float, end: float) -> SeenFace:
    moments = tuple(_moment(one) for one in face.sightings)
    return SeenFace(
        "stored",
        face.number,
        moments,
        joined(cells(moments, step, end)),
        _traits([one.face for one in face.sightings]),
    )


def _moment(one: StoredFace) -> Moment:
    scores = one.face.emotions or ()
    top = scores[0] if scores else None
    if top is None or top.emotion is Emotion.UNKNOWN or top.confidence < UNCLEAR_BELOW:
        return Moment(one.time, one.face.box.clamped(), None, None, scores)
    return Moment(one.time, one.face.box.clamped(), top.emotion, top.confidence, scores)


def _traits(faces: Sequence[Face]) -> Traits:
    ages = [face.age_range for face in faces if face.age_range is not None]
    return Traits(
        face_confidence=statistics.fmean(face.confidence for face in faces),
        age=(_middle([age.low for age in ages]), _middle([age.high for age in ages])) if ages else None,
        smiling=_share([face.smile for face in faces]),
        eyeglasses=_share([face.eyeglasses for face in faces]),
    )


def _middle(values: Sequence[int]) -> int:
    return round(statistics.median(values))


def _share(judgements: Sequence[Judgement | None]) -> float | None:
    said = [judgement.value for judgement in judgements if judgement is not None]
    return sum(said) / len(said) if said else None
