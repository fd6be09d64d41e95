"""What the page's player draws over the video, as JSON that is safe inside a page: pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from livecam.overlay.wording import ADJECTIVES
from livecam.reports.spans import SKIPPED, step_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.reports.inputs import Findings
    from livecam.reports.persons import Person
    from livecam.reports.seen import Moment, SeenFace

MOST_MOMENTS = 60_000
"""Boxes of one source in the page; of more only every second, third, ... is kept. They take about 2 MB."""
GRID = 10_000
"""Parts of the frame's sides that boxes are told in."""
LEAST_HOLD = 0.3
"""Seconds for which a live box is shown at least."""


def player_data(findings: Findings) -> dict[str, Any]:
    """Return what the player needs, JSON-ready.

    `duration` (s), `words` (the emotions' adjectives by index), and for each source `hold` (seconds that may
    lie between two moments of a face that is there all the time) and `faces`, each with `name`, `person`,
    `times` (ms), `boxes` (left, top, width, height in 1/10000 of the frame, one after the other), `emotions`
    (index or -1) and `scores` (0..100).
    """
    emotions = list(ADJECTIVES)
    person_of = {face.name: person for person in findings.persons for face in person.faces}
    sources = {}
    for source, faces in (("live", findings.live), ("stored", findings.stored)):
        every = -(-sum(len(face.moments) for face in faces) // MOST_MOMENTS) or 1
        kept = [face.moments[::every] for face in faces]
        least = LEAST_HOLD if source == "live" else 0.0
        sources[source] = {
            "hold": max(least, SKIPPED * step_of(moment.time for moments in kept for moment in moments)),
            "faces": [
                _face(face, moments, person_of[face.name]) for face, moments in zip(faces, kept, strict=True)
            ],
        }
    words = [ADJECTIVES[emotion] for emotion in emotions]
    kinds = [emotion.lower() for emotion in emotions]
    return {"duration": round(findings.duration, 3), "words": words, "kinds": kinds, **sources}


def as_script(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the element it stands in, nor begin another."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)  # ASCII alone
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _face(face: SeenFace, moments: Sequence[Moment], person: Person) -> dict[str, Any]:
    emotions = list(ADJECTIVES)
    return {
        "name": face.name,
        "person": person.number,
        "times": [round(moment.time * 1000) for moment in moments],
        "boxes": [
            round(side * GRID)
            for moment in moments
            for side in (moment.box.left, moment.box.top, moment.box.width, moment.box.height)
        ],
        "emotions": [-1 if moment.emotion is None else emotions.index(moment.emotion) for moment in moments],
        "scores": [round(moment.confidence or 0) for moment in moments],
    }
