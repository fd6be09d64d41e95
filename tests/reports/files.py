"""Sidecars and results for tests of reports: say what matters, leave the rest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from livecam.faces import BoundingBox, Emotion
from livecam.reports.inputs import ReportInputs
from livecam.reports.seen import Moment, SeenFace, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from livecam.reports.seen import Source

MADE_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script>\"'&"


def a_detection(
    time: float, *, left: float = 0.4, emotion: str = "HAPPY", score: float = 90.0, **members: object
) -> dict[str, Any]:
    box = {"Left": left, "Top": 0.3, "Width": 0.2, "Height": 0.4}
    emotions = [{"Type": emotion, "Confidence": score}, {"Type": "CALM", "Confidence": 1.0}]
    return {
        "Timestamp": round(time * 1000),
        "Face": {"BoundingBox": box, "Confidence": 99.0, "Emotions": emotions} | members,
    }


def write_results(path: Path, *detections: dict[str, Any], **header: object) -> Path:
    first = {
        "schema": "livecam.results/1",
        "video": "clip",
        "job_id": "job-1",
        "bucket": "b",
        "key": "clip.mp4",
        "attributes": "ALL",
        "metadata": {"DurationMillis": 4000, "FrameWidth": 1280, "FrameHeight": 720},
    } | header
    path.write_text("".join(f"{json.dumps(line)}\n" for line in (first, *detections)), "utf-8")
    return path


def a_live_face(
    number: int = 1, *, left: float = 0.4, emotion: str | None = "HAPPY", **members: object
) -> dict[str, Any]:
    return {
        "track_id": number,
        "box": [left, 0.3, 0.2, 0.4],
        "box_source": "scripted",
        "emotion": emotion,
        "confidence": 80.0,
        "unclear": emotion is None,
        "emotion_source": "scripted",
        "age": 0.1,
        "opacity": 1.0,
        "box_opacity": 1.0,
        "is_outdated": False,
        "is_approximate": False,
        "scores": {"HAPPY": 80.0},
    } | members


def write_sidecar(path: Path, *frames: tuple[float, Sequence[dict[str, Any]]], **header: object) -> Path:
    lines: list[dict[str, Any]] = [
        {
            "schema": "livecam.clip/1",
            "clip": "clip",
            "source": "camera-0",
            "reason": "all",
            "started_at": "2026-11-23T07:30:12.345+00:00",
            "width": 1280,
            "height": 720,
        }
        | header
    ]
    lines += [
        {"time": time, "frame": index, "answer_age": 0.1, "finder_rate": None, "faces": faces}
        for index, (time, faces) in enumerate(frames)
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def tenths(start: float, end: float) -> list[float]:
    """Return instants every tenth of a second, the last one left out."""
    return [round(start + step / 10, 3) for step in range(round((end - start) * 10))]


def both_sources(folder: Path, **more: Any) -> ReportInputs:  # noqa: ANN401  of any field
    """Return inputs of four seconds: live happy for three and sad for one, stored happy for two and sad."""
    sidecar = write_sidecar(
        folder / "clip.jsonl",
        *((time, [a_live_face(emotion="HAPPY" if time < 3 else "SAD")]) for time in tenths(0, 4)),
    )
    results = write_results(
        folder / "clip.results.jsonl",
        *(a_detection(step / 2, emotion="HAPPY" if step < 4 else "SAD") for step in range(8)),
    )
    given: dict[str, Any] = {"title": "clip", "made_at": MADE_AT, "sidecar": sidecar, "results": results}
    return ReportInputs(**(given | more))


def a_seen_face(
    source: Source = "live",
    number: int = 1,
    *,
    times: Sequence[float] = (0.0, 0.5, 1.0),
    left: float = 0.4,
    emotion: Emotion | None = Emotion.HAPPY,
) -> SeenFace:
    box = BoundingBox(left, 0.3, 0.2, 0.4)
    score = None if emotion is None else 90.0
    return SeenFace(
        source,
        number,
        tuple(Moment(time, box, emotion, score) for time in times),
        (Span(times[0], times[-1], emotion, score),),
    )
