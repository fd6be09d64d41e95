"""A report's faces for other programs: one row per face and instant, of both sources.

CSV is RFC 4180: a header, CRLF at line ends, UTF-8; a cell that a spreadsheet would take for a formula begins
with an apostrophe. JSON Lines begins with a header, `livecam.report/1`.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from livecam.archive.sidecar import read_sidecar
from livecam.overlay import wording
from livecam.reports.inputs import gather
from livecam.sinks.emotion_csv import FORMULA_STARTS, SCORED
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from livecam.faces import BoundingBox, Emotion, EmotionScore
    from livecam.reports.inputs import Findings, ReportInputs

SCHEMA: Final = "livecam.report/1"
COLUMNS = (
    "video",
    "source",
    "time_s",
    "person",
    "face",
    "emotion",
    "confidence",
    "unclear",
    "left",
    "top",
    "width",
    "height",
    *SCORED,
)


def write_csv(inputs: ReportInputs, path: Path, *, findings: Findings | None = None) -> Path:
    """Write the faces of both sources as CSV, whole or not at all; return its path.

    `source` is "live" or "stored", `person` the same number for what is taken to be the same person's faces,
    `face` its number in its source, `confidence` that of `emotion`, the leading one where one is claimed; the
    box is in fractions of the frame, clamped to it; a column per emotion has its score (0-100).

    Args:
        inputs: what it is made from.
        path: replaced if it exists.
        findings: what `gather` said of the inputs; None: it is asked.

    Raises:
        OutputError: the inputs cannot be read, or the file cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows(_cells(inputs.title, record) for record in _records(inputs, findings or gather(inputs)))
    write_whole(path, text.getvalue().encode("utf-8", "backslashreplace"))
    return path


def write_json_lines(inputs: ReportInputs, path: Path, *, findings: Findings | None = None) -> Path:
    """Write the faces of both sources as JSON Lines, whole or not at all; return its path.

    The first line is `{"schema", "video", "duration", "persons"}`; the others have `source`, `time`,
    `person`, `face`, `emotion`, `confidence`, `unclear`, `box` and `scores`, as `write_csv` says.

    Args:
        inputs: what it is made from.
        path: replaced if it exists.
        findings: what `gather` said of the inputs; None: it is asked.

    Raises:
        OutputError: the inputs cannot be read, or the file cannot be written.
    """
    found = findings or gather(inputs)
    header = {
        "schema": SCHEMA,
        "video": inputs.title,
        "duration": round(found.duration, 3),
        "persons": len(found.persons),
    }
    lines = [json.dumps(record) for record in (header, *_records(inputs, found))]
    write_whole(path, "".join(f"{line}\n" for line in lines).encode())
    return path


def _records(inputs: ReportInputs, found: Findings) -> Iterator[dict[str, Any]]:
    """Yield the live faces of all frames, then the stored ones, each ascending in time."""
    person_of = {face.name: person.number for person in found.persons for face in person.faces}
    if inputs.sidecar is not None:
        for frame in read_sidecar(inputs.sidecar).frames():
            for label in frame.faces:
                emotion = label.emotion if wording.claims(label) else None
                yield _record(
                    ("live", frame.time, label.track_id, person_of[f"live {label.track_id}"]),
                    (emotion, label.confidence),
                    label.box.clamped(),
                    label.scores,
                )
    stored = [(moment, face) for face in found.stored for moment in face.moments]
    for moment, face in sorted(stored, key=lambda one: one[0].time):
        yield _record(
            ("stored", moment.time, face.number, person_of[face.name]),
            (moment.emotion, moment.confidence),
            moment.box,
            moment.scores,
        )


def _record(
    who: tuple[str, float, int, int],
    claim: tuple[Emotion | None, float | None],
    box: BoundingBox,
    scores: Iterable[EmotionScore],
) -> dict[str, Any]:
    source, time, face, person = who
    emotion, confidence = claim
    return {
        "source": source,
        "time": round(time, 3),
        "person": person,
        "face": face,
        "emotion": emotion,
        "confidence": None if emotion is None or confidence is None else round(confidence, 2),
        "unclear": emotion is None,
        "box": [round(side, 5) for side in (box.left, box.top, box.width, box.height)],
        "scores": {score.emotion: round(score.confidence, 2) for score in scores},
    }


def _cells(video: str, record: dict[str, Any]) -> list[str]:
    scores, confidence = record["scores"], record["confidence"]
    return [
        f"'{video}" if video.startswith(FORMULA_STARTS) else video,
        record["source"],
        f"{record['time']:.3f}",
        str(record["person"]),
        str(record["face"]),
        record["emotion"] or "",
        "" if confidence is None else f"{confidence:.2f}",
        "true" if record["unclear"] else "false",
        *(f"{side:.5f}" for side in record["box"]),
        *(f"{scores[emotion]:.2f}" if emotion in scores else "" for emotion in SCORED),
    ]
