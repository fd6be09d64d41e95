"""How the classic experiment is told: for people, as a record, and drawn on the picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from livecam import __version__
from livecam.bench.html_page import milliseconds
from livecam.consent import is_aws
from livecam.detectors.rekognition import INFO
from livecam.faces import Emotion
from livecam.overlay.drawing import OverlayPainter
from livecam.pictures import FaceLabel, Picture, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.image import ImageCall, ImageResult
    from livecam.faces import Face
    from livecam.frames import Frame

SCHEMA = "livecam.bench.image/1"
_INDENT = "  "


def result_lines(result: ImageResult) -> list[str]:
    """Return the experiment for people: times, the split of the calls, and each face as it was answered."""
    payload = result.payload
    height, width = payload.image.shape[:2]
    where = f"{result.region}" + ("" if is_aws(result.endpoint) else f" at {result.endpoint}")
    cold, warm = (
        [each for each in result.calls if each.is_cold],
        [each for each in result.calls if not each.is_cold],
    )
    lines = [
        f"{payload.path.name}: {width}x{height} pixels; {payload.told}",
        f"DetectFaces in {where}, attributes {', '.join(result.attributes)}",
        "",
        *_times("client creation", [] if result.creation is None else [result.creation]),
        *_times("encoding", [] if payload.encode is None else [payload.encode]),
        *_times("detection, cold", [each.seconds for each in cold]),
        *_times("detection, warm", [each.seconds for each in warm]),
        "",
        *_split(result.calls),
        "",
        "1 face" if len(result.details) == 1 else f"{len(result.details) or 'no'} faces",
    ]
    for number, detail in enumerate(result.details, 1):
        lines += ["", f"face {number}: {expression(detail)}", *pretty_lines(detail)]
    return lines


def expression(detail: Mapping[str, Any]) -> str:
    """Return what a FaceDetail's emotions come to: "appears HAPPY 98 %"."""
    scores = [each for each in detail.get("Emotions") or () if "Confidence" in each]
    if not scores:
        return "emotions were not asked for"
    best = max(scores, key=lambda each: float(each["Confidence"]))
    text = f"{best.get('Type', Emotion.UNKNOWN)} {best['Confidence']:.0f} %"
    is_clear = best["Confidence"] >= INFO.unclear_below
    return f"appears {text}" if is_clear else f"nothing stands out ({text} at most)"


def pretty_lines(value: object, name: str | None = None, depth: int = 1) -> list[str]:
    """Return a part of an answer as lines of JSON: what holds no other things stands on one line."""
    head = _INDENT * depth + ("" if name is None else f"{name}: ")
    if not isinstance(value, dict | list) or not any(
        isinstance(each, dict | list) for each in _members(value)
    ):
        return [head + json.dumps(value, ensure_ascii=False, default=str)]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    inner = (
        [line for key, each in value.items() for line in pretty_lines(each, str(key), depth + 1)]
        if isinstance(value, dict)
        else [line for each in value for line in pretty_lines(each, None, depth + 1)]
    )
    return [head + opening, *inner, _INDENT * depth + closing]


def as_record(result: ImageResult, *, cost_usd: float, annotated: str | None) -> dict[str, Any]:
    """Return the `livecam.bench.image/1` object.

    Args:
        result: what was measured.
        cost_usd: of its calls.
        annotated: path of the annotated picture; None where none was written.
    """
    payload = result.payload
    return {
        "schema": SCHEMA,
        "version": __version__,
        "file": str(payload.path),
        "sent": {
            "width": payload.width,
            "height": payload.height,
            "bytes": len(payload.data),
            "is_as_it_is": payload.is_as_it_is,
            "encode": payload.encode,
        },
        "attributes": list(result.attributes),
        "endpoint": result.endpoint,
        "region": result.region,
        "creation": result.creation,
        "calls": [
            {
                "seconds": each.seconds,
                "is_cold": each.is_cold,
                "parts": dict(each.parts),
                "request_id": each.request_id,
            }
            for each in result.calls
        ],
        "error": None if result.failure is None else str(result.failure),
        "cost_usd": cost_usd,
        "annotated": annotated,
        "face_details": list(result.details),
    }


def annotated_picture(result: ImageResult, frame: Frame) -> Picture:
    """Return the picture with boxes and labels on it, drawn as `livecam run` draws them."""
    status = Status(source=result.payload.path.name, source_state="ended", detector=INFO.name)
    faces = tuple(_label(face, number) for number, face in enumerate(result.faces, 1))
    bare = Picture(frame=frame, faces=faces, status=status, displayed_at=frame.captured_at)
    image = OverlayPainter(show_hud=False).paint(bare)
    return Picture(frame, faces, status, frame.captured_at, image, answered_at=frame.captured_at)


def _label(face: Face, number: int) -> FaceLabel:
    scores = tuple(sorted(face.emotions or (), key=lambda score: score.confidence, reverse=True))
    best = scores[0] if scores else None
    is_clear = (
        best is not None and best.confidence >= INFO.unclear_below and best.emotion is not Emotion.UNKNOWN
    )
    return FaceLabel(
        track_id=number,
        box=face.box.clamped(),
        box_source=INFO.name,
        emotion=best.emotion if best is not None and is_clear else None,
        confidence=best.confidence if best is not None else None,
        unclear=best is not None and not is_clear,
        emotion_source=INFO.name if best is not None else None,
        age=0.0 if best is not None else None,
        scores=scores,
    )


def _members(value: dict[str, Any] | list[Any]) -> Sequence[object]:
    return list(value.values()) if isinstance(value, dict) else value


def _times(name: str, seconds: Sequence[float]) -> list[str]:
    if not seconds:
        return []
    return [f"{name:<18}{', '.join(milliseconds(each) for each in seconds)} ms"]


def _split(calls: Sequence[ImageCall]) -> list[str]:
    """Return a table of the parts that took any time: one column for each call, in ms."""
    parts = [part for part in calls[0].parts if any(each.parts.get(part, 0.0) > 0 for each in calls)]
    heads = "".join(f"{'cold' if each.is_cold else 'warm':>9}" for each in calls)
    rows = [
        f"{part:<18}" + "".join(f"{each.parts.get(part, 0.0) * 1000:>9.1f}" for each in calls)
        for part in parts
    ]
    whole = f"{'whole call':<18}" + "".join(f"{each.seconds * 1000:>9.1f}" for each in calls)
    return [f"{'part, ms':<18}{heads}", *rows, whole]
